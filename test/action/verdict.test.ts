import { expect, it } from 'vitest';
import { ending, verdictOf, withFindings } from '../../src/action/verdict.ts';
import type { Finding } from '../../src/report/result.ts';

const finding = (severity: Finding['severity']): Finding => ({
  ruleId: 'x',
  severity,
  stage: 'static',
  file: 'a.sql',
  line: 1,
  column: 1,
  endLine: 1,
  endColumn: 1,
  message: '',
  why: '',
  fix: '',
  helpUrl: 'https://example.com/',
});
const clean = { ...ending('clean', ''), checked: { migrations: 1, files: 1, statements: 1, history: 0 } };

it.each([
  ['error', 'error', true],
  ['warning', 'error', false],
  ['warning', 'warning', true],
  ['info', 'warning', false],
  ['info', 'info', true],
  ['error', 'never', false],
] as const)('a finding of severity %s under fail-on %s fails: %s', (severity, failOn, failed) => {
  expect(verdictOf(withFindings(clean, [finding(severity)]), failOn).failed).toBe(failed);
});

it('an end without a judgement fails whatever fail-on says, and is of high risk', () => {
  expect(verdictOf(ending('configuration-invalid', 'x'), 'never')).toMatchObject({
    failed: true,
    risk: 'high',
  });
});

it('the risk follows the worst finding, and what was not analysed', () => {
  expect(verdictOf(clean, 'error').risk).toBe('low');
  expect(verdictOf(withFindings(clean, [finding('warning')]), 'error').risk).toBe('medium');
  const blind = { ...clean, notAnalysed: [{ file: 'a', line: 1, reason: 'template' }] };
  expect(verdictOf(blind, 'error')).toMatchObject({ risk: 'medium', failed: false });
});

it('a finding of our own makes a clean result one with findings', () => {
  expect(withFindings(ending('nothing-to-do', ''), [finding('warning')]).reasonCode).toBe('findings');
  expect(withFindings(ending('folder-missing', ''), [finding('warning')]).reasonCode).toBe('folder-missing');
});
