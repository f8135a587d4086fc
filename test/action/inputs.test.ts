import { describe, expect, it } from 'vitest';
import { readInputs, tokenOf } from '../../src/action/inputs.ts';

describe('inputs', () => {
  it('have defaults where the workflow says nothing', () => {
    expect(readInputs({})).toEqual({
      ok: true,
      inputs: {
        token: undefined,
        directories: undefined,
        layout: undefined,
        config: undefined,
        failOn: undefined,
        annotations: 'auto',
        comment: 'always',
        suggestions: true,
        forks: 'validate',
        proof: true,
        proofTimeout: 10,
        name: 'Airlock',
        command: 'validate',
        operation: {
          environment: undefined,
          databaseUrl: undefined,
          target: undefined,
          steps: undefined,
          dryRun: 'false',
          approval: undefined,
          gateTimeout: 10,
        },
      },
    });
  });

  it('are read from the variables that the runner makes of them', () => {
    const env = {
      'INPUT_GITHUB-TOKEN': ' ghs_x ',
      'INPUT_FAIL-ON': 'never',
      INPUT_DIRECTORY: './db/migrations/\n other \n',
    };
    expect(readInputs(env)).toMatchObject({
      ok: true,
      inputs: { token: 'ghs_x', failOn: 'never', directories: ['db/migrations', 'other'] },
    });
    expect(tokenOf(env)).toBe('ghs_x');
  });

  it('are checked together: every problem is told, with what is allowed', () => {
    const read = readInputs({
      INPUT_COMMENT: 'maybe',
      INPUT_ANNOTATIONS: 'all',
      INPUT_SUGGESTIONS: 'yes',
      INPUT_CONFIG: '../other.yml',
      INPUT_DIRECTORY: '/etc',
      INPUT_NAME: 'a\nb',
    });
    expect(read.ok).toBe(false);
    const problems = read.ok ? [] : read.problems;
    expect(problems).toHaveLength(6);
    expect(problems.join('\n')).toContain('input comment: "maybe" is not one of always, on-findings, never');
    expect(problems.join('\n')).toContain('input config: "../other.yml" must not leave the repository');
  });

  it('takes the root of the repository as a folder', () => {
    expect(readInputs({ INPUT_DIRECTORY: '.' })).toMatchObject({ inputs: { directories: [''] } });
  });
});
