import { expect } from 'vitest';
import { parseMysql } from '../../../src/sql/mysql/parser.ts';
import type { Span } from '../../../src/sql/source.ts';
import type { StatementKind, StatementOf } from '../../../src/sql/statement.ts';

/** The first statement of a kind in a text that is read without a rest. */
export function only<K extends StatementKind>(sql: string, kind: K): StatementOf<K> {
  const { statements, errors, notAnalysed } = parseMysql(sql);
  expect({ errors, notAnalysed }).toEqual({ errors: [], notAnalysed: [] });
  const found = statements.find((statement): statement is StatementOf<K> => statement.kind === kind);
  if (!found) throw new Error(`no ${kind} in ${statements.map((statement) => statement.kind).join(', ')}`);
  return found;
}

export function cut(sql: string, span: Span | undefined): string {
  return span ? sql.slice(span.start, span.end) : '';
}
