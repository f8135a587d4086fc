/**
 * Environment variables that Airlock reads. Pure: the doors hand their environment in.
 */
export type Variables = Readonly<Record<string, string | undefined>>;

/** Keys of the configuration that a flag (`--fail-on`) or a variable (`AIRLOCK_FAIL_ON`) can set too. */
export const SETTINGS = [
  'directory',
  'layout',
  'dialect',
  'runner',
  'exclude',
  'failOn',
  'sizes',
  'targetVersion',
  'lockTimeout',
  'statementTimeout',
  'leaseTimeout',
  'systemSchema',
  'shadow',
] as const;
export type Setting = (typeof SETTINGS)[number];

export function settingVariable(setting: Setting): string {
  return `AIRLOCK_${words(setting).join('_').toUpperCase()}`;
}

export function settingFlag(setting: Setting): string {
  return `--${words(setting).join('-')}`;
}

function words(setting: Setting): string[] {
  return setting.split(/(?=[A-Z])/).map((word) => word.toLowerCase());
}

/** `pre-prod` and `DATABASE_URL` make `PRE_PROD_DATABASE_URL`. */
export function environmentVariable(environment: string, name: string): string {
  return `${environment.replaceAll('-', '_').toUpperCase()}_${name}`;
}

/** An empty variable counts as not set: workflows pass empty inputs on as empty variables. */
export function variable(env: Variables, name: string): string | undefined {
  const value = env[name]?.trim();
  return value === '' ? undefined : value;
}

/** Settings that are addresses of databases, and so may stand in `.env`. */
const ADDRESSES: ReadonlySet<string> = new Set([settingVariable('shadow')]);
/** Addresses and keys under the names of OTHER_VARIABLES, and those that `directUrl` and `alerts.webhook` may name. */
const SECRET = /(?:^|_)(?:URL|KEY|TOKEN|SECRET|PASSWORD|WEBHOOK|DSN)$/;

/**
 * What a variable of `.env` is. The file comes with the checkout, often from somebody else's branch, and is reviewed by
 * nobody where it is not committed: it may say where a database is and hold keys, and decides nothing.
 */
export function dotEnvKind(name: string): 'secret' | 'policy' | 'foreign' {
  if (ADDRESSES.has(name)) return 'secret';
  if (name.startsWith('AIRLOCK_') || name === 'REQUIRE_APPROVAL') return 'policy';
  return SECRET.test(name) ? 'secret' : 'foreign';
}

/** What is not a key of the file, for the documentation. */
export const OTHER_VARIABLES: readonly {
  readonly name: string;
  readonly usedBy: string;
  readonly meaning: string;
}[] = [
  {
    name: 'DATABASE_URL',
    usedBy: 'snapshot',
    meaning: 'Address of the target database when no environment is named.',
  },
  {
    name: '<ENVIRONMENT>_DATABASE_URL',
    usedBy: 'snapshot',
    meaning: 'Address of an environment, its name in capitals with `_` for `-`: `PRODUCTION_DATABASE_URL`.',
  },
  {
    name: '<ENVIRONMENT>_DIRECT_URL',
    usedBy: 'snapshot',
    meaning:
      'Address past a connection pooler, for what needs a session of its own. `directUrl` can name another variable.',
  },
  {
    name: 'REQUIRE_APPROVAL',
    usedBy: 'the engine',
    meaning:
      '`true` asks for approval on every environment. It only tightens: `false` takes back nothing the file asks for.',
  },
  {
    name: 'BACKUP_ENCRYPTION_KEY',
    usedBy: 'the engine',
    meaning: '64 hexadecimal digits: the key that backups are encrypted with.',
  },
  { name: 'APPROVAL_KEY', usedBy: 'the engine', meaning: 'Signs and checks approval tokens (HMAC).' },
  {
    name: 'AUDIT_KEY',
    usedBy: 'the engine',
    meaning: 'Keys the hash chain of the audit log (HMAC).',
  },
  {
    name: 'LOG_LEVEL',
    usedBy: 'every command',
    meaning:
      '`debug` or `trace`: what is done and when, as lines of JSON on standard error. Any other level writes nothing yet.',
  },
  {
    name: 'METRICS_ENDPOINT',
    usedBy: 'the engine',
    meaning: 'OTLP/HTTP address that receives metrics.',
  },
];
