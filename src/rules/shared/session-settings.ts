import type { StatementOf } from '../../sql/statement.ts';
import type { CheckedSection } from '../rule.ts';
import { oncePerSection, type PlacedStatement, statementsOf } from './section-memo.ts';

export interface Setting extends PlacedStatement {
  readonly statement: StatementOf<'set'>;
}

const settings = oncePerSection((section): ReadonlyMap<string, readonly Setting[]> => {
  const found = new Map<string, Setting[]>();
  for (const step of statementsOf(section)) {
    const { statement } = step;
    if (statement.kind !== 'set') continue;
    const list = found.get(statement.name) ?? [];
    list.push({ ...step, statement });
    found.set(statement.name, list);
  }
  return found;
});

/** The SET statements of a section for one parameter, RESET included. */
export function settingsOf(section: CheckedSection, name: string): readonly Setting[] {
  return settings(section).get(name) ?? [];
}

/** SELECT set_config('name', …) sets a parameter too; to what and for how long is not read. */
export function callsSetConfig({ statement }: PlacedStatement, name: string, text: string): boolean {
  return (
    statement.functions.some((each) => each.name === 'set_config') &&
    text.slice(statement.span.start, statement.span.end).includes(name)
  );
}
