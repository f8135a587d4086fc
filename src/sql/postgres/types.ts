import type { TypeName as TypeTree } from '@pgsql/types';
import type { TypeName } from '../statement.ts';
import { as, itemSpan, kept, objectName, strings, type TreeContext } from './tree.ts';

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
    // The grammar makes bpchar of what people write as char; "char" in quotes is another type, of one byte.
    name: serial ?? (own ? (name === 'char' ? '"char"' : EVERYDAY[name]) : undefined) ?? name,
    schema: own ? undefined : schema,
    modifiers: kept(modifiers),
    array: (tree?.arrayBounds?.length ?? 0) > 0,
    serial: serial !== undefined,
    span: { start, end: typeEnd(context, start) },
  };
}

const TYPE_WORDS = new Set(['precision', 'varying', 'with', 'without', 'time', 'zone', 'array']);
const NAME = /(?:"(?:[^"]|"")*"|[^\s"(),;.[]+)(?:\s*\.\s*(?:"(?:[^"]|"")*"|[^\s"(),;.[]+))*/y;
const MORE = /\s*(?:\(\s*-?\d+(?:\s*,\s*-?\d+)*\s*\)|\[\s*\d*\s*\]|([A-Za-z]+))/y;

/** The words and parentheses that belong to a type: `double precision`, `timestamp(3) with time zone`, `text[]`. */
function typeEnd({ text, span }: TreeContext, start: number): number {
  NAME.lastIndex = start;
  const name = NAME.exec(text);
  if (!name) return itemSpan(text, start, span.end).end;
  let end = start + name[0].length;
  for (;;) {
    MORE.lastIndex = end;
    const more = MORE.exec(text);
    if (!more || (more[1] !== undefined && !TYPE_WORDS.has(more[1].toLowerCase())))
      return Math.min(end, span.end);
    end += more[0].length;
  }
}
