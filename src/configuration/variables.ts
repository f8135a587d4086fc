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
    usedBy: 'snapshot, the commands on a database',
    meaning: 'Address of the target database when no environment is named.',
  },
  {
    name: '<ENVIRONMENT>_DATABASE_URL',
    usedBy: 'snapshot, the commands on a database',
    meaning: 'Address of an environment, its name in capitals with `_` for `-`: `PRODUCTION_DATABASE_URL`.',
  },
  {
    name: '<ENVIRONMENT>_DIRECT_URL',
    usedBy: 'snapshot, the commands on a database',
    meaning:
      'Address past a connection pooler, for what needs a session of its own. `directUrl` can name another variable.',
  },
  {
    name: 'REQUIRE_APPROVAL',
    usedBy: 'up, down',
    meaning:
      '`true` asks for approval on every environment. It only tightens: `false` takes back nothing the file asks for.',
  },
  {
    name: 'BACKUP_ENCRYPTION_KEY',
    usedBy: 'the backups',
    meaning: '64 hexadecimal digits: the key that backups are encrypted with.',
  },
  {
    name: 'APPROVAL_KEY',
    usedBy: 'approve, up, down',
    meaning:
      'Signs and checks approval tokens (HMAC), 32 characters at least. `up` and `down` do not take it from `.env`.',
  },
  {
    name: 'APPROVAL_TOKEN',
    usedBy: 'up, down',
    meaning: 'What `approve` printed, in place of `--approval`; several with commas. Not taken from `.env`.',
  },
  {
    name: 'AUDIT_KEY',
    usedBy: 'the commands on a database',
    meaning: 'Keys the hash chain of the audit log (HMAC).',
  },
  {
    name: 'LOG_LEVEL',
    usedBy: 'every command',
    meaning:
      '`debug` or `trace`: what is done and when, SQL, lease and validation with their times, on standard error and without secrets. Any other level writes nothing.',
  },
  {
    name: 'LOG_FORMAT',
    usedBy: 'every command',
    meaning:
      '`json` or `pretty`: how the log is written. Left out: `pretty` on a terminal, `json` elsewhere.',
  },
  {
    name: 'METRICS_ENDPOINT',
    usedBy: 'up, down',
    meaning:
      'Address that receives metrics by OTLP over HTTP; `/v1/metrics` is put behind one without a path. The header variables of OpenTelemetry (`OTEL_EXPORTER_OTLP_HEADERS`) count.',
  },
];
