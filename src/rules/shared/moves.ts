import type { Statement } from '../../sql/statement.ts';
import type { Edit, StatementContext } from '../rule.ts';
import { oncePerSection, statementsOf } from './section-memo.ts';

/** Takes a whole statement out of the file, its semicolon included. */
export function removal(statement: Statement, text: string): Edit {
  const { start, end } = statement.span;
  return { start, end: text[end] === ';' ? end + 1 : end, text: '' };
}

/** Words for the name of a new migration's file. */
export function fileWords(...words: readonly string[]): string {
  return words.join('_').toLowerCase().replace(/\W+/g, '_');
}

/** The statement stands alone in its section. */
export function isAlone(context: StatementContext): boolean {
  return !context.nested && context.section.sql.statements.length === 1;
}

const lastUses = oncePerSection((section) => {
  const last = new Map<string, number>();
  for (const { statement, index } of statementsOf(section))
    for (const relation of statement.relations) last.set(relation.name, index);
  return last;
});

/** Some later statement of the section names the relation, so what concerns it cannot simply move to a later migration. */
export function isUsedLater(name: string, context: StatementContext): boolean {
  return (lastUses(context.section).get(name) ?? -1) > context.index;
}
