import { describe, expect, test } from 'vitest';
import manifest from '../../../package.json' with { type: 'json' };
import { airlock, folderWith } from './run-cli.ts';

const COMMANDS = [
  'validate',
  'up',
  'down',
  'status',
  'health',
  'analyze',
  'verify',
  'create',
  'init',
  'explain',
] as const;

describe.concurrent('help', () => {
  test('airlock, airlock --help and airlock help: every command with a summary, the most used first', async () => {
    const cwd = folderWith({});
    const runs = await Promise.all([[], ['--help'], ['-h'], ['help']].map((args) => airlock(args, { cwd })));
    for (const ended of runs) expect(ended).toEqual(runs[0]);
    const { code, out, err } = runs[0] ?? { code: 1, out: '', err: '' };
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(out.split('\n').length).toBeLessThan(45);
    expect(COMMANDS.map((name) => out.indexOf(`\n  ${name} `))).toEqual(
      COMMANDS.map((name) => out.indexOf(`\n  ${name} `)).toSorted((one, other) => one - other),
    );
    for (const name of COMMANDS) expect(out).toMatch(new RegExp(`\n  ${name} .*[a-z]{3}`));
    for (const line of out.split('\n')) expect(line.length).toBeLessThanOrEqual(80);
  });

  test.each(COMMANDS)('of %s: usage, every flag, examples', async (name) => {
    const cwd = folderWith({});
    const [flag, word] = await Promise.all([
      airlock([name, '--help'], { cwd }),
      airlock(['help', name], { cwd }),
    ]);
    expect(flag).toEqual(word);
    expect(flag).toMatchObject({ code: 0, err: '' });
    expect(flag.out).toContain(`Usage: airlock ${name}`);
    expect(flag.out).toContain('--help');
    expect(flag.out).toContain(`Examples:\n  airlock ${name}`);
  });

  test('--version and -v', async () => {
    const cwd = folderWith({});
    for (const flag of ['--version', '-v'])
      expect(await airlock([flag], { cwd })).toEqual({ code: 0, out: `${manifest.version}\n`, err: '' });
  });
});

describe.concurrent('wrong words end with 2, say what was meant and what to type', () => {
  test.each([
    [['valdate'], /unknown command 'valdate'.*validate/, 'airlock --help'],
    [['help', 'creat'], /unknown command 'creat'.*create/, 'airlock --help'],
    [['--jsn'], /unknown option '--jsn'/, 'airlock --help'],
    [['validate', '--jsn'], /unknown option '--jsn'.*--json/, 'airlock validate --help'],
    [['validate', '--changed-sinc', 'main'], /'--changed-sinc'.*--changed-since/, 'airlock validate --help'],
    [
      ['validate', '--format', 'jsn'],
      /--format: "jsn" is not one of .*did you mean json\?/,
      'airlock validate --help',
    ],
    [
      ['validate', '--fail-on', 'eror'],
      /--fail-on: "eror" is not one of .*did you mean error\?/,
      'airlock validate --help',
    ],
    [['validate', '--directory'], /'--directory <folder>' argument missing/, 'airlock validate --help'],
    [['create'], /missing required argument 'name'/, 'airlock create --help'],
    [['create', 'one', 'two'], /"two" is too much: airlock create takes one name/, 'airlock create --help'],
    [
      ['create', 'one', '--type', 'dll'],
      /--type: "dll" is not one of .*did you mean ddl\?/,
      'airlock create --help',
    ],
    [['init', 'here'], /"here" is too much: airlock init takes no words/, 'airlock init --help'],
    [['validate', '--x\u001b[31m'], /unknown option '--x␛\[31m'/, 'airlock validate --help'],
  ])('%j', async (args, message, next) => {
    const { code, out, err } = await airlock(args, { cwd: folderWith({}) });
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toMatch(message);
    expect(err).toContain(`next: ${next}\n`);
  });
});

describe.concurrent('explain', () => {
  test('a rule: why, what to write instead, examples, how to ignore it', async () => {
    const { code, out, err } = await airlock(['explain', 'set-not-null'], { cwd: folderWith({}) });
    expect({ code, err }).toEqual({ code: 0, err: '' });
    for (const part of [
      'set-not-null (',
      '\nwhy\n',
      '\ninstead\n',
      '\nbad\n',
      '\ngood\n',
      '-- @ignore set-not-null <reason>',
    ])
      expect(out).toContain(part);
  });

  test('by the id of another linter, in any case; all of them where one of theirs is several here', async () => {
    const cwd = folderWith({});
    const squawk = await airlock(['explain', 'Require-Concurrent-Index-Creation'], { cwd });
    expect(squawk).toMatchObject({ code: 0, err: '' });
    expect(squawk.out).toContain(
      'Require-Concurrent-Index-Creation is here called create-index-concurrently.',
    );
    const several = await airlock(['explain', 'adding-field-with-default'], { cwd });
    expect(several.out).toMatch(/is here called [\w-]+, [\w-]+/);
    expect(several.out).toMatch(/\nmore: airlock explain [\w-]+\n/);
  });

  test('a wrong word', async () => {
    const cwd = folderWith({});
    expect(await airlock(['explain', 'set-not-nul'], { cwd })).toEqual({
      code: 2,
      out: '',
      err: 'error: there is no rule "set-not-nul"; did you mean "set-not-null"?\nnext: airlock explain set-not-null\n',
    });
    const nothing = await airlock(['explain', 'qqqqqqq\u202e'], { cwd });
    expect(nothing).toMatchObject({ code: 2, out: '' });
    expect(nothing.err).toBe(
      'error: there is no rule "qqqqqqq<U+202E>"\nnext: airlock explain (it lists all rules)\n',
    );
  });

  test('all rules, one a line', async () => {
    const { code, out } = await airlock(['explain'], { cwd: folderWith({}) });
    expect(code).toBe(0);
    const lines = out.trimEnd().split('\n');
    expect(lines.length).toBeGreaterThan(100);
    for (const line of lines) expect(line).toMatch(/^(error|warning|info|off)\s+[a-z0-9-]+\s+\S/);
  });
});
