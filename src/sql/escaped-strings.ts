import type { StatementOf } from './statement.ts';

/**
 * With standard_conforming_strings off a backslash escapes the character after it, a quote for one, so strings end
 * elsewhere than they are seen to here (runtime-config-compatible of the documentation). Says nothing where no
 * backslash follows.
 *
 * @param text the file's
 */
export function escapesFromHere(statement: StatementOf<'set'>, text: string): boolean {
  return (
    statement.name === 'standard_conforming_strings' &&
    /^(?:off|false|no|0)$/i.test(statement.value ?? '') &&
    text.includes('\\', statement.span.end)
  );
}
