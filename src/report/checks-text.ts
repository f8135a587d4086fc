import { moment } from './engine-text.ts';
import type { ChecksEntry } from './result.ts';
import { visible, visibleLine } from './visible.ts';

const MARKS = { ok: 'ok     ', warning: 'warning', failed: 'FAILED ', unknown: 'unknown' } as const;

/** What was looked at, one line each, with what there is to say about it below. */
export function checksText({ environment, checks }: ChecksEntry): string {
  const width = Math.max(...checks.map(({ name }) => name.length));
  const lines = checks.flatMap(({ name, status, message, details = [], next }) => [
    `  ${MARKS[status]}  ${name.padEnd(width)}  ${moment(visibleLine(message))}`,
    ...(status === 'ok' && details.length > 3
      ? []
      : details.map((each) => `             - ${visibleLine(each)}`)),
    ...(next === undefined ? [] : [`             next: ${visible(next)}`]),
  ]);
  const counts = (['failed', 'warning', 'unknown'] as const).flatMap((status) => {
    const count = checks.filter((each) => each.status === status).length;
    return count > 0 ? [`${count} ${status}`] : [];
  });
  const where = environment === undefined ? 'the database' : visibleLine(environment);
  return `${where}:\n${lines.join('\n')}\n${counts.length === 0 ? 'all is well' : counts.join(', ')}\n`;
}
