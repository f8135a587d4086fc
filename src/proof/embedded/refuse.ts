import { lex } from '../../sql/lexer.ts';
import type { NotAnalysed, ObjectName, RoutineBody, Statement } from '../../sql/statement.ts';
import { SUPERUSER } from './inside/roles.ts';
import { CATALOGS } from './system-catalogs.ts';

/**
 * Statements that do not run in an embedded chamber, with the reason of each: they are made to reach out of the
 * database (DESIGN, "Untrusted SQL stays in the chamber"). The chamber itself would refuse nearly all of them, being
 * no superuser's; said before it runs, a refusal is told as what it is and not as a migration that fails.
 *
 * Bodies of routines and DO blocks are looked into, and the literals of an EXECUTE whose text is put together at run
 * time: what those hide is the chamber's to hold.
 */
export function refusals(statements: readonly Statement[], text: string): NotAnalysed[] {
  return statements.flatMap((statement) => {
    const reason = refusalOf(statement);
    const inside = [
      ...(statement.inner ? refusals(statement.inner, text) : []),
      ...bodiesOf(statement).flatMap((body) => inBody(body, text)),
    ];
    return reason === undefined ? inside : [{ span: statement.span, reason: told(reason) }, ...inside];
  });
}

function told(reason: string): string {
  return `${reason}: not run in a shadow database`;
}

function bodiesOf(statement: Statement): RoutineBody[] {
  if (statement.kind === 'do') return [statement.body];
  if (statement.kind !== 'create-function') return [];
  return [statement.body, statement.atomic].filter((body) => body !== undefined);
}

function inBody(body: RoutineBody, text: string): NotAnalysed[] {
  const unread = [
    ...body.dynamic.map((span) => ({ span, said: literalsOf(text.slice(span.start, span.end)) })),
    ...(body.notAnalysed === undefined
      ? []
      : [{ span: body.span, said: text.slice(body.span.start, body.span.end) }]),
  ];
  return [
    ...refusals(body.statements, text),
    ...unread.flatMap(({ span, said }) => {
      const reason = inText(said.replaceAll("''", "'"));
      return reason === undefined ? [] : [{ span, reason: told(reason) }];
    }),
  ];
}

function refusalOf(statement: Statement): string | undefined {
  const called = statement.functions.find(reachesOut);
  if (called) return `${called.name}() reads or writes outside of the database`;
  switch (statement.kind) {
    case 'load':
      return 'LOAD brings native code into the server';
    case 'create-function':
      return NATIVE.has(statement.language)
        ? `LANGUAGE ${statement.language} brings native code into the server`
        : undefined;
    case 'copy':
      if (statement.target === 'program') return 'COPY … PROGRAM runs a program on the server';
      return statement.target === 'file' ? "COPY reads or writes a file on the server's disk" : undefined;
    case 'alter-system':
      return 'ALTER SYSTEM changes the server';
    case 'set':
      return becomesSuperuser(statement.name, statement.value)
        ? 'the session would become a superuser'
        : undefined;
    case 'create-subscription':
      return 'CREATE SUBSCRIPTION connects to another server';
    case 'insert':
    case 'update':
    case 'delete':
    case 'merge':
      return isCatalog(statement.table) ? changesCatalog(statement.table) : undefined;
    case 'truncate': {
      const catalog = statement.tables.find(isCatalog);
      return catalog && changesCatalog(catalog);
    }
    default:
      return NODES[statement.node];
  }
}

const NATIVE: ReadonlySet<string> = new Set(['c', 'internal']);

/** By the parser's names. */
const NODES: Readonly<Record<string, string>> = {
  CreatePLangStmt: 'CREATE LANGUAGE brings native code into the server',
  CreateFdwStmt: 'CREATE FOREIGN DATA WRAPPER reaches other servers',
  CreateForeignServerStmt: 'CREATE SERVER reaches other servers',
  CreateUserMappingStmt: 'CREATE USER MAPPING reaches other servers',
  ImportForeignSchemaStmt: 'IMPORT FOREIGN SCHEMA connects to another server',
  CreateTableSpaceStmt: "CREATE TABLESPACE uses the server's disk",
};

function becomesSuperuser(name: string, value: string | undefined): boolean {
  return (name === 'role' || name === 'session_authorization') && value?.toLowerCase() === SUPERUSER;
}

function changesCatalog({ name }: ObjectName): string {
  return `the system catalog ${name} is written to`;
}

function isCatalog({ schema, name }: ObjectName): boolean {
  // pg_catalog stands before every search_path that does not name it.
  return schema === 'pg_catalog' || (schema === undefined && CATALOGS.has(name));
}

/** Functions of functions-admin, lo-funcs and dblink in PostgreSQL's documentation. */
function reachesOut({ schema, name }: ObjectName): boolean {
  return (schema === undefined || schema === 'pg_catalog' || /^dblink/.test(name)) && OUTSIDE.test(name);
}

const OUTSIDE =
  /^(?:pg_read_(?:binary_)?file|pg_stat_file|pg_ls_\w+|pg_file_\w+|lo_import|lo_export|dblink\w*|pg_reload_conf|pg_rotate_logfile|pg_(?:show_all|hba)_file_\w+|pg_hba_file_rules|pg_current_logfile|postgres_fdw_\w+)$/;

/** The static parts of a text that is put together at run time. */
function literalsOf(expression: string): string {
  return [...lex(expression)]
    .filter(({ kind }) => kind === 'string' || kind === 'dollar-string')
    .map(({ start, end }) => expression.slice(start, end))
    .join(' ');
}

function inText(said: string): string | undefined {
  return TEXTS.find(([first, then]) => {
    const at = said.search(first);
    return at !== -1 && (then === undefined || then.test(said.slice(at)));
  })?.[2];
}

/** A pattern, a second one for what follows it, and what both together mean. */
const TEXTS: readonly (readonly [first: RegExp, then: RegExp | undefined, reason: string])[] = [
  [/\bcopy\b/i, /\bprogram\b/i, 'COPY … PROGRAM runs a program on the server'],
  [/\bcopy\b/i, /\b(?:from|to)\s+(?:'|%L)/i, "COPY reads or writes a file on the server's disk"],
  [/(?:^|[;'$\s])load\s+(?:'|%L)/i, undefined, 'LOAD brings native code into the server'],
  [/\blanguage\s+'?(?:c|internal)\b/i, undefined, 'LANGUAGE C brings native code into the server'],
  [/\balter\s+system\b/i, undefined, 'ALTER SYSTEM changes the server'],
  [
    /\b(?:pg_read_(?:binary_)?file|pg_ls_\w+|lo_import|lo_export|dblink\w*)\s*\(/i,
    undefined,
    'a function that reads or writes outside of the database is called',
  ],
  [new RegExp(`\\b${SUPERUSER}\\b`, 'i'), undefined, 'the session would become a superuser'],
];
