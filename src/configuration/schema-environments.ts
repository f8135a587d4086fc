import * as z from 'zod/mini';
import { DEFAULT_APPROVERS, DEFAULT_HEALTH_CHECK, DEFAULT_POLICY } from './configuration.ts';
import { BACKUPS, DATABASE, key, RUNS } from './documentation.ts';
import { checked, count, durationOf, line, text } from './schema-values.ts';
import { httpUrl, variableName } from './values.ts';

export function healthCheckSchema() {
  const shape = {
    url: key(checked(z.string(), httpUrl), {
      description: 'Address that is fetched.',
      usedBy: 'up',
      written: 'address',
    }),
    status: key(count(100, 599), {
      description: 'HTTP status that means healthy.',
      usedBy: 'up',
      fallback: DEFAULT_HEALTH_CHECK.status,
    }),
    sql: key(text(), { description: 'Query that must succeed, instead of `url`.', usedBy: 'up' }),
    timeout: key(durationOf('healthCheckTimeout'), {
      description: 'Deadline for an answer.',
      usedBy: 'up',
      fallback: DEFAULT_HEALTH_CHECK.timeout / 1_000,
      written: 'duration (s)',
    }),
  };
  return z
    .strictObject(shape)
    .check(
      z.refine(
        ({ url, sql }) => (url === undefined) !== (sql === undefined),
        'needs either url or sql, and not both',
      ),
    );
}

export function approversSchema() {
  return z.strictObject({
    users: key(z.array(login()), {
      description: 'GitHub logins.',
      usedBy: RUNS,
      fallback: DEFAULT_APPROVERS.users,
    }),
    teams: key(z.array(team()), {
      description:
        'Teams, as `organisation/team`. The command line asks nobody who is in a team: name users for it.',
      usedBy: RUNS,
      fallback: DEFAULT_APPROVERS.teams,
    }),
    allowAuthor: key(z.boolean(), {
      description: 'Authors may approve their own plan.',
      usedBy: RUNS,
      fallback: DEFAULT_APPROVERS.allowAuthor,
    }),
  });
}

export const environmentSchema = z.strictObject({
  skipBackup: key(z.boolean(), {
    description: 'No backup before a run.',
    usedBy: BACKUPS,
    fallback: DEFAULT_POLICY.skipBackup,
  }),
  skipValidation: key(z.boolean(), {
    description: 'No validation before a run.',
    usedBy: 'up',
    fallback: DEFAULT_POLICY.skipValidation,
  }),
  autoRollback: key(z.union([z.boolean(), z.enum(['migration', 'run'])]), {
    description:
      'Roll back when a migration, its VERIFY, validation after the run (an index left invalid) or the health check fails: the migration (`true` or `migration`), or all of this run.',
    usedBy: 'up',
    fallback: false,
    written: 'true, false, migration or run',
  }),
  maxDuration: key(durationOf('maxDuration'), {
    description: 'Longest time that one migration may take.',
    usedBy: RUNS,
    written: 'duration (ms)',
  }),
  requireApproval: key(z.union([z.boolean(), count(0, 20)]), {
    description: 'A run needs an approval of its plan, or that many.',
    usedBy: RUNS,
    fallback: false,
    written: 'true, false or a number',
  }),
  directUrl: key(checked(z.string(), variableName), {
    description:
      'Name of the variable that holds the address past a connection pooler. Left out: `<ENVIRONMENT>_DIRECT_URL`.',
    usedBy: DATABASE,
    written: 'name of a variable',
  }),
  healthCheck: key(healthCheckSchema(), {
    description: "Instead of the file's own `healthCheck`.",
    usedBy: 'up',
  }),
  approvers: key(approversSchema(), {
    description: "Instead of the file's own `approvers`.",
    usedBy: RUNS,
  }),
});

/** GitHub: letters, digits and single hyphens, at most 39; enterprise-managed users have `_shortcode` behind. */
function login() {
  return line().check(z.regex(/^@?[A-Za-z0-9][A-Za-z0-9-]{0,38}(_[A-Za-z0-9]+)?$/, 'is not a GitHub login'));
}

function team() {
  return line().check(z.regex(/^@?[A-Za-z0-9][\w.-]*\/[\w.-]+$/, 'is not a team; write organisation/team'));
}
