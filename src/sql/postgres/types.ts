import type { TypeName as TypeTree } from '@pgsql/types';
import type { TypeName } from '../statement.ts';
import { as, itemSpan, objectName, strings, type TreeContext } from './tree.ts';

/** pg_catalog's internal names for what people write otherwise (datatype, table 8.1 of the documentation). */
const EVERYDAY: Readonly<Record<string, string>> = {
  int2: 'smallint',
  int4: 'integer',
  int8: 'bigint',
  int: 'integer',
  float4: 'real',
  float8: 'double precision',
  bool: 'boolean',
  bpchar: 'char',
  decimal: 'numeric',
};
const SERIAL: Readonly<Record<string, string>> = {
  serial: 'integer',
  serial4: 'integer',
  bigserial: 'bigint',
  serial8: 'bigint',
  smallserial: 'smallint',
  serial2: 'smallint',
};

export function typeName(tree: TypeTree | undefined, context: TreeContext): TypeName {
  const { schema, name } = objectName(strings(tree?.names));
  const own = schema === undefined || schema === 'pg_catalog';
  const serial = schema === undefined ? SERIAL[name] : undefined;
  const modifiers: number[] = [];
  for (const node of tree?.typmods ?? []) {
    const constant = as('A_Const', node);
    if (constant?.ival) modifiers.push(constant.ival.ival ?? 0);
  }
  const start = context.toOffset(tree?.location ?? 0);
  return {
    name: serial ?? (own ? EVERYDAY[name] : undefined) ?? name,
    ...(own ? {} : { schema }),
    modifiers,
    array: (tree?.arrayBounds?.length ?? 0) > 0,
    serial: serial !== undefined,
    span: { start, end: typeEnd(context, start) },
  };
}

const TYPE_WORDS = new Set(['precision', 'varying', 'with', 'without', 'time', 'zone', 'array']);

/** The words and parentheses that belong to a type: `double precision`, `timestamp(3) with time zone`, `text[]`. */
function typeEnd(context: TreeContext, start: number): number {
  const { text } = context;
  let end = itemSpan(text, start, context.span.end).end;
  const rest = text.slice(start, end);
  const match = /^(?:"(?:[^"]|"")*"|[^\s"(),;.[]+)(?:\s*\.\s*(?:"(?:[^"]|"")*"|[^\s"(),;.[]+))*/.exec(rest);
  if (!match) return end;
  let at = match[0].length;
  for (;;) {
    const more = /^\s*(?:\(\s*-?\d+(?:\s*,\s*-?\d+)*\s*\)|\[\s*\d*\s*\]|([A-Za-z]+))/.exec(rest.slice(at));
    if (!more || (more[1] !== undefined && !TYPE_WORDS.has(more[1].toLowerCase()))) break;
    at += more[0].length;
  }
  end = start + at;
  return end;
}
