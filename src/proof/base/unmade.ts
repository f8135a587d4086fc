import type { DatabaseErrorFields } from '../../engine/connection.ts';
import type { Statement } from '../../sql/statement.ts';

/** What is not there because a statement of the base failed, or an extension could not be had. */
export interface Unmade {
  /** Names without their schema, and the problem that they are missing by. */
  readonly names: ReadonlyMap<string, string>;
  /** Extensions whose objects have names that nobody knows here. */
  readonly extensions: readonly string[];
}

/** Undefined column, function, object, table and schema (errcodes-appendix): something is not there. */
const NOT_THERE: ReadonlySet<string> = new Set(['42703', '42883', '42704', '42P01', '3F000']);

/** Why a statement fails that is right by itself: what it follows from, in words. Undefined: from nothing that is known. */
export function followsFrom(
  error: DatabaseErrorFields,
  statement: Statement | undefined,
  { names, extensions }: Unmade,
): string | undefined {
  if (!NOT_THERE.has(error.code)) return undefined;
  const said = [...mentioned(error.message), ...(statement ? alters(statement) : [])];
  for (const name of said) {
    const because = names.get(name);
    if (because !== undefined) return because;
  }
  if (extensions.length === 0 || error.code === '42P01' || error.code === '42703') return undefined;
  const which = extensions.length === 1 ? `the extension ${extensions[0]}` : extensions.join(' or ');
  return `${which}, which could not be had, may be what is missing`;
}

/** Something that the statement names is not there. */
export function isNotThere({ code }: DatabaseErrorFields): boolean {
  return NOT_THERE.has(code);
}

/**
 * A setting of the application's own: "Customized Options" of runtime-config-custom in the documentation have a dot in
 * their name, and are there once somebody has set them.
 */
export function isSettingOfTheRunner({ code, message }: DatabaseErrorFields): boolean {
  return code === '42704' && /^unrecognized configuration parameter "[^".]+\./.test(message);
}

/** What a statement asks for and nobody made: another tool's objects, or a name that is mistyped. */
export function notThere({ code, message }: DatabaseErrorFields): string[] {
  return NOT_THERE.has(code) && code !== '42703' ? mentioned(message) : [];
}

/** Of a statement that the grammar could not read. */
export function missingAfterText(sql: string): string[] {
  const [, name] =
    /^\s*create\s+(?:or\s+replace\s+)?(?:table|view|type|index|function)\s+(?:if\s+not\s+exists\s+)?([\w."]+)/i.exec(
      sql,
    ) ?? [];
  const bare = name?.replaceAll('"', '') ?? '';
  return bare === '' ? [] : [bare.slice(bare.lastIndexOf('.') + 1)];
}

/** Names that a message of the server quotes, or calls with brackets, each without its schema. */
function mentioned(message: string): string[] {
  const quoted = [...message.matchAll(/"([^"]+)"/g)].map(([, name = '']) => name);
  const called = [...message.matchAll(/\b([\w.]+)\(/g)].map(([, name = '']) => name);
  return [...quoted, ...called].map((name) => name.slice(name.lastIndexOf('.') + 1));
}

/** What is missing, without its schema, once a statement has failed. */
export function missingAfter(statement: Statement): string[] {
  switch (statement.kind) {
    case 'create-table':
    case 'create-table-as':
      return [statement.table.name];
    case 'create-view':
    case 'create-materialized-view':
      return [statement.view.name];
    case 'create-enum':
    case 'create-type':
      return [statement.type.name];
    case 'create-domain':
      return [statement.domain.name];
    case 'create-function':
      return [statement.routine.name];
    case 'create-sequence':
      return [statement.sequence.name];
    case 'create-schema':
      return [statement.schema];
    case 'create-index':
      return statement.index === undefined ? [] : [statement.index];
    case 'rename':
      return [statement.to];
    case 'do':
      return statement.body.statements.flatMap(missingAfter);
    default:
      return alters(statement);
  }
}

/** A table that lacks a part of what it should have had. */
function alters(statement: Statement): string[] {
  return statement.kind === 'alter-table' ? [statement.table.name] : [];
}
