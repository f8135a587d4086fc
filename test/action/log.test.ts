import { expect, it } from 'vitest';
import { actionsLog } from '../../src/action/log.ts';
import { createRedactor } from '../../src/report/redact.ts';

function logged(write: (log: ReturnType<typeof actionsLog>) => void): string[] {
  const lines: string[] = [];
  write(actionsLog((line) => lines.push(line), createRedactor(['hunter22'])));
  return lines;
}

it('lets no text issue a workflow command', () => {
  const [line] = logged((log) => log.info('a\n::error::owned\n  ##[group]owned\r::debug::owned'));
  expect(line).not.toMatch(/(^|[\r\n])\s*::|##\[/);
});

it('keeps a warning on one line', () => {
  expect(logged((log) => log.warning('50% of\n::stop-commands::x'))).toEqual([
    expect.stringMatching(/^::warning title=Airlock::50%25 of%0A[^\n]*$/),
  ]);
});

it('takes secrets out', () => {
  expect(logged((log) => log.error('postgres://a:hunter22@host/ and hunter22')).join()).not.toContain(
    'hunter22',
  );
});
