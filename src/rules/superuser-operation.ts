import type { Statement } from '../sql/statement.ts';
import { defineRule, type Problem, type RuleExamples, type StatementContext } from './rule.ts';

export const rule = defineRule({
  id: 'superuser-operation',
  title: 'Statement that the owner of the tables may not run',
  severity: 'warning',
  why: 'Roles, databases, settings of the server, programs and files of its host are beyond what the owner of a schema may touch. The migration then fails wherever it does not run as a superuser, as on most managed services, or the migrating role has to hold privileges that no migration should have.',
  safeAlternative:
    'Do it outside the migrations, where servers are set up, and let migrations run as the owner of their tables.',
  sections: ['up', 'down'],
  reference: 'predefined-roles',
  knownAs: { migrationpilot: ['MP073'], 'eslint-plugin-postgresql': ['no-create-role'] },
  statements: {
    'create-role': check,
    'alter-role': check,
    'create-database': check,
    'alter-system': check,
    copy: check,
    load: check,
    'create-event-trigger': check,
    'create-subscription': check,
    'create-extension': check,
    'create-function': check,
    set: check,
    other: check,
  },
});

export const examples: RuleExamples = {
  bad: [
    { sql: "CREATE ROLE reporting LOGIN PASSWORD 'secret';" },
    { history: ['CREATE TABLE imported (line text);'], sql: "COPY imported FROM PROGRAM 'echo hello';" },
    { sql: "ALTER SYSTEM SET log_min_duration_statement = '1s';", noTransaction: true },
  ],
  good: [
    { history: ['CREATE TABLE imported (line text);'], sql: 'GRANT SELECT ON imported TO CURRENT_USER;' },
    {
      sql: 'CREATE EXTENSION IF NOT EXISTS pg_trgm;',
      note: 'A trusted extension: whoever may create objects in the database may install it.',
    },
  ],
};

function* check(statement: Statement, context: StatementContext): Generator<Problem> {
  const need = needs(statement, context);
  if (need === undefined) return;
  // Managed services let their administrator install most of these all the same.
  const severity = statement.kind === 'create-extension' ? ({ severity: 'info' } as const) : {};
  yield { message: `${need}: it fails where migrations run as the owner of their tables.`, ...severity };
}

/** Languages whose functions can do whatever the server's operating system user can (CREATE LANGUAGE, "trusted"). */
const UNTRUSTED = /^(?:c|internal|plpython\d?u|plperlu|pltclu)$/;
/** Extensions of PostgreSQL itself that are not marked as trusted (pg_available_extension_versions of 18). */
const UNTRUSTED_EXTENSIONS: ReadonlySet<string> = new Set(
  `amcheck adminpack autoinc bloom bool_plperlu dblink dict_xsyn file_fdw hstore_plperl hstore_plperlu hstore_plpython3u insert_username intagg
  jsonb_plperlu jsonb_plpython3u ltree_plpython3u moddatetime pageinspect pg_buffercache pg_freespacemap pg_prewarm pg_stat_statements pg_surgery
  pg_visibility pg_walinspect pgrowlocks pgstattuple plperlu plpython3u pltclu postgres_fdw refint sslinfo xml2`.split(
    /\s+/,
  ),
);

function needs(statement: Statement, context: StatementContext): string | undefined {
  switch (statement.kind) {
    case 'create-role':
      return statement.superuser
        ? 'Only a superuser makes superusers'
        : 'CREATE ROLE needs the CREATEROLE attribute';
    case 'alter-role':
      // Everybody may change some things of their own role.
      if (statement.role === '') return undefined;
      return statement.superuser
        ? 'Only a superuser makes superusers'
        : 'ALTER ROLE needs the CREATEROLE attribute';
    case 'create-database':
      return 'CREATE DATABASE needs the CREATEDB attribute';
    case 'alter-system':
      return 'ALTER SYSTEM needs a superuser or a grant of it';
    case 'copy':
      if (statement.target === 'program')
        return 'COPY with a program needs pg_execute_server_program and runs it on the server’s host';
      return statement.target === 'file'
        ? 'COPY with a file needs a role that may read or write files of the server’s host'
        : undefined;
    case 'load':
      return statement.library.startsWith('$libdir/plugins/')
        ? undefined
        : 'LOAD of a library that is no plugin needs a superuser';
    case 'create-event-trigger':
      return 'CREATE EVENT TRIGGER needs a superuser';
    case 'create-subscription':
      return 'CREATE SUBSCRIPTION needs a superuser or pg_create_subscription';
    case 'create-extension':
      return UNTRUSTED_EXTENSIONS.has(statement.extension) && !isThere(statement, context)
        ? `Extension "${statement.extension}" is not trusted and needs a superuser`
        : undefined;
    case 'create-function':
      return UNTRUSTED.test(statement.language)
        ? `A function in the untrusted language "${statement.language}" needs a superuser`
        : undefined;
    case 'set':
      return statement.name === 'session_replication_role' && !statement.reset
        ? 'SET session_replication_role needs a superuser or a grant of it'
        : undefined;
    case 'other':
      return statement.node === 'CreateTableSpaceStmt' ? 'CREATE TABLESPACE needs a superuser' : undefined;
    default:
      return undefined;
  }
}

function isThere(
  statement: Extract<Statement, { kind: 'create-extension' }>,
  context: StatementContext,
): boolean {
  return statement.ifNotExists && context.catalog.extensions().has(statement.extension);
}
