import { expect, test } from 'vitest';
import { summaryBlock, summaryOf } from '../../src/report/proof-summary.ts';
import type { Finding } from '../../src/report/result.ts';
import { differing, proof } from './proof-sample.ts';

const plain = { paint: (_: string, text: string) => text, width: 100 };
const named = (migrationId: string) => ({ migrationId, name: undefined });

test('a whole history is told in numbers, and in one line each what is not well', () => {
  const proofs = [
    proof(named('1')),
    proof({ ...named('2'), down: { status: 'missing' }, roundTrip: { status: 'not-run', differences: [] } }),
    differing(named('3')),
    proof({
      ...named('4'),
      populated: { ok: false, error: 'null value', rowsPerTable: { a: 10 }, skipped: [] },
    }),
  ];
  const notAnalysed = [
    { file: 'm/5.sql', line: 1, reason: 'not proven: it comes after one that fails' },
    { file: 'm/6.sql', line: 1, reason: 'a role could not be made' },
  ];
  const { summary, proofs: told } = summaryOf(proofs, [], notAnalysed);
  expect(summary).toMatchObject({
    migrations: 5,
    restores: 2,
    differs: 1,
    failsOnRows: 1,
    missing: 1,
    notProven: 1,
    upFails: 0,
  });
  expect(told.map(({ migrationId }) => migrationId)).toEqual(['3', '4']);
  const text = summaryBlock(summary, plain);
  expect(text).toContain('the whole history: 5 migrations');
  expect(text).toContain('  2  rollback restores the schema');
  expect(text).toContain('  1  not proven');
  expect(text).toMatch(/^ {2}4 {2}fails as soon as there are rows$/m);
  expect(text).not.toContain('up fails\n');
});

test('what was found besides is named by its rules, as it is told in full where it was found', () => {
  const found = (ruleId: string, severity: Finding['severity'] = 'error'): Finding => ({
    ruleId,
    severity,
    stage: 'executed',
    file: 'm/1.sql',
    line: 1,
    column: 1,
    endLine: 1,
    endColumn: 2,
    migrationId: '1',
    message: 'Building "a" blocks every write. Seen in the shadow database.',
    why: '',
    fix: '',
    helpUrl: '',
  });
  const findings = [found('build-index'), found('build-index'), found('lock'), found('ask', 'info')];
  const { summary, proofs } = summaryOf([proof(named('1')), proof(named('2'))], findings, []);
  expect(summary.told).toEqual([{ migrationId: '1', verdict: 'runs, but: build-index (2), lock' }]);
  expect(proofs).toEqual([]);
});

test('where nothing had to be taken back, the schema is what it was', () => {
  const idle = proof({ down: { status: 'ok' }, roundTrip: { status: 'not-run', differences: [] } });
  expect(summaryOf([idle], [], []).summary.restores).toBe(1);
});

test('without a summary nothing is said', () => {
  expect(summaryBlock(undefined, plain)).toBe('');
});
