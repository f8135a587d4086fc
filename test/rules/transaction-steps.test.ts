import { beforeAll, describe, expect, it } from 'vitest';
import type { CheckedSection, Execution } from '../../src/rules/rule.ts';
import { sessionSteps, stepsByTransaction } from '../../src/rules/shared/transaction-steps.ts';
import { loadPostgresParser, parsePostgres } from '../../src/sql/postgres/parser.ts';

beforeAll(loadPostgresParser);

const NATIVE: Execution = {
  runner: 'native',
  tool: 'a tool',
  transaction: false,
  optsOut: false,
  inferred: false,
};

function section(sql: string, execution: Partial<Execution> = {}): CheckedSection {
  return { name: 'up', sql: parsePostgres(sql), execution: { ...NATIVE, ...execution } };
}

const kinds = (checked: CheckedSection): string[][] =>
  stepsByTransaction(checked).map((steps) => steps.map(({ statement }) => statement.kind));

describe('the transactions of a section', () => {
  it('makes every statement one of its own where nobody opens one', () => {
    expect(kinds(section('SELECT 1; ANALYZE; SELECT 2;'))).toEqual([['select'], ['analyze'], ['select']]);
  });

  it('takes together what stands between BEGIN and COMMIT', () => {
    expect(kinds(section('SELECT 1; BEGIN; SELECT 2; ANALYZE; COMMIT; SELECT 3;'))).toEqual([
      ['select'],
      ['select', 'analyze'],
      ['select'],
    ]);
  });

  it("ends a tool's own transaction at a COMMIT of the file for good", () => {
    const wrapped = section('SELECT 1; BEGIN; SELECT 2; COMMIT; ANALYZE; SELECT 3;', { transaction: true });
    expect(kinds(wrapped)).toEqual([['select', 'select'], ['analyze'], ['select']]);
  });

  it('goes on with the next implicit transaction after a COMMIT in a simple query', () => {
    const query = section('SELECT 1; COMMIT; ANALYZE; SELECT 3;', { transaction: true, implicit: true });
    expect(kinds(query)).toEqual([['select'], ['analyze', 'select']]);
  });

  it('makes a DO block one transaction, and ends it at a COMMIT inside', () => {
    const block = section(
      'DO $$ BEGIN DELETE FROM a; UPDATE b SET c = 1; COMMIT; DELETE FROM d; END $$; SELECT 1;',
    );
    expect(kinds(block)).toEqual([['do', 'delete', 'update'], ['delete'], ['select']]);
  });
});

describe('the session at each statement', () => {
  it('ends SET LOCAL with its transaction and knows nothing after RESET', () => {
    const sql =
      "SET lock_timeout = '3s'; BEGIN; SET LOCAL lock_timeout = '1s'; SELECT 1; COMMIT; SELECT 2; RESET lock_timeout; SELECT 3;";
    const selects = [...sessionSteps(section(sql))].filter(({ statement }) => statement.kind === 'select');
    expect(selects.map(({ timeouts, inTransaction }) => [timeouts.lock, inTransaction])).toEqual([
      [1000, true],
      [3000, false],
      [undefined, false],
    ]);
  });
});
