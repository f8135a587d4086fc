import { closest } from '../migration/did-you-mean.ts';
import { type Configuration, DEFAULT_POLICY, type EnvironmentPolicy } from './configuration.ts';
import { environmentVariable, type Variables, variable } from './variables.ts';

/** The database that a command is about, and what counts there. */
export interface TargetDatabase {
  /** Undefined: none was named, and the address is that of none. */
  readonly environment?: string | undefined;
  /** May hold a password: never print it. */
  readonly url: string;
  /** Name of the variable that it comes from. */
  readonly variable: string;
  /** Past a pooler; may hold a password. */
  readonly directUrl?: string | undefined;
  /** Name of the variable that would hold it. */
  readonly directVariable: string;
  readonly policy: EnvironmentPolicy;
}

export type ChosenTarget =
  | { readonly ok: true; readonly target: TargetDatabase }
  | {
      readonly ok: false;
      readonly reasonCode: 'environment-unknown' | 'database-missing';
      readonly problem: string;
      readonly next: string;
    };

type Settings = Pick<Configuration, 'environments' | 'approvers' | 'healthCheck' | 'requireApproval'>;

/**
 * The database of a named environment; else that of DATABASE_URL, with the policy of the environment whose address it
 * is, and where it is none's, with the strictest of all.
 */
export function chooseTarget(
  configuration: Settings,
  env: Variables,
  asked: string | undefined,
): ChosenTarget {
  return asked === undefined ? unnamed(configuration, env) : named(configuration, env, asked);
}

function named(configuration: Settings, env: Variables, asked: string): ChosenTarget {
  const { environments } = configuration;
  const policy = environments.get(asked);
  const own = environmentVariable(asked, 'DATABASE_URL');
  if (!policy && (environments.size > 0 || variable(env, own) === undefined)) {
    const near = closest(asked, environments.keys());
    const known = [...environments.keys()].join(', ');
    return {
      ok: false,
      reasonCode: 'environment-unknown',
      problem: `there is no environment ${JSON.stringify(asked)}${near === undefined ? '' : `; did you mean ${near}?`}`,
      next:
        known === ''
          ? `name it under environments: in migration.config.yml, or set ${own}`
          : `name one of ${known}, or add it under environments: in migration.config.yml`,
    };
  }
  const counts = policy ?? strictest(configuration);
  const from = variable(env, own) === undefined ? 'DATABASE_URL' : own;
  const url = variable(env, from) ?? fromParts(env);
  if (url === undefined) return missing(own);
  const other = [...environments.keys()].find(
    (name) => name !== asked && variable(env, environmentVariable(name, 'DATABASE_URL')) === url,
  );
  if (from === 'DATABASE_URL' && other !== undefined)
    return {
      ok: false,
      reasonCode: 'database-missing',
      problem: `${asked} was named, and DATABASE_URL is the address of ${other}.`,
      next: `set ${own}, or name ${other}: --env ${other}`,
    };
  return { ok: true, target: targetOf({ environment: asked, url, from, policy: counts }, env) };
}

function unnamed(configuration: Settings, env: Variables): ChosenTarget {
  const url = variable(env, 'DATABASE_URL') ?? fromParts(env);
  if (url === undefined) return missing('DATABASE_URL');
  const matching = [...configuration.environments].filter(
    ([name]) => variable(env, environmentVariable(name, 'DATABASE_URL')) === url,
  );
  const [only] = matching;
  const policy = only && matching.length === 1 ? only[1] : strictest(configuration);
  const environment = matching.length === 1 ? only?.[0] : undefined;
  return { ok: true, target: targetOf({ environment, url, from: 'DATABASE_URL', policy }, env) };
}

function targetOf(
  chosen: {
    readonly environment: string | undefined;
    readonly url: string;
    readonly from: string;
    readonly policy: EnvironmentPolicy;
  },
  env: Variables,
): TargetDatabase {
  const { environment, url, from, policy } = chosen;
  const directVariable =
    environment !== undefined || policy.directUrl !== '' ? policy.directUrl : 'DIRECT_URL';
  return {
    environment,
    url,
    variable: from,
    directUrl: variable(env, directVariable),
    directVariable,
    policy,
  };
}

/** The hardest of each, because it may be any of them. */
function strictest({ environments, approvers, healthCheck, requireApproval }: Settings): EnvironmentPolicy {
  const all = [...environments.values()];
  const limits = all.flatMap(({ maxDuration }) => (maxDuration === undefined ? [] : [maxDuration]));
  const most = [...all].sort((a, b) => b.requireApproval - a.requireApproval)[0];
  return {
    skipBackup: all.length > 0 ? all.every(({ skipBackup }) => skipBackup) : DEFAULT_POLICY.skipBackup,
    skipValidation:
      all.length > 0 ? all.every(({ skipValidation }) => skipValidation) : DEFAULT_POLICY.skipValidation,
    autoRollback: DEFAULT_POLICY.autoRollback,
    maxDuration: limits.length > 0 ? Math.min(...limits) : undefined,
    requireApproval: Math.max(requireApproval, ...all.map((policy) => policy.requireApproval)),
    directUrl: 'DIRECT_URL',
    healthCheck,
    approvers: most?.approvers ?? approvers,
  };
}

/** libpq's variables (libpq-envars of the documentation), where no address is given; undefined where they say none. */
function fromParts(env: Variables): string | undefined {
  const [host, database] = [variable(env, 'PGHOST'), variable(env, 'PGDATABASE')];
  if (host === undefined && database === undefined) return undefined;
  const url = new URL('postgres://localhost');
  url.username = encodeURIComponent(variable(env, 'PGUSER') ?? '');
  url.password = encodeURIComponent(env['PGPASSWORD'] ?? '');
  if (host?.startsWith('/')) url.searchParams.set('host', host);
  else if (host !== undefined) url.hostname = host;
  url.port = variable(env, 'PGPORT') ?? '';
  url.pathname = `/${encodeURIComponent(database ?? variable(env, 'PGUSER') ?? '')}`;
  for (const [name, parameter] of [
    ['PGSSLMODE', 'sslmode'],
    ['PGSSLROOTCERT', 'sslrootcert'],
    ['PGSSLCERT', 'sslcert'],
    ['PGSSLKEY', 'sslkey'],
  ] as const) {
    const value = variable(env, name);
    if (value !== undefined) url.searchParams.set(parameter, value);
  }
  return url.href;
}

function missing(name: string): ChosenTarget {
  return {
    ok: false,
    reasonCode: 'database-missing',
    problem: `nothing says which database is meant: ${name} is not set.`,
    next: `set ${name}=postgres://user:password@host:port/database, in the environment or in .env`,
  };
}
