import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bareParser } from './bench/bare-parser.ts';
import { engineLines } from './bench/engine.ts';
import { mixedStatements, smallFile } from './bench/inputs.ts';
import { type Line, peakMemory, rounds, timeOf } from './bench/measure.ts';
import { proofLines } from './bench/proof.ts';

/**
 * Ratios against named units, all measured in one run on one machine: absolute times on a shared machine say
 * little. Exits with 1 when a ratio is above its bound.
 */
const CLI = fileURLToPath(new URL('../dist/cli.js', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'airlock-bench-'));

try {
  const bare = await bareParser(folder);
  const project = (name: string, files: Readonly<Record<string, string>>): string => {
    const root = join(folder, name);
    mkdirSync(join(root, 'migrations'), { recursive: true });
    for (const [path, text] of Object.entries(files)) writeFileSync(join(root, 'migrations', path), text);
    return root;
  };
  const validate = (root: string, ...more: string[]) => ({
    args: [
      CLI,
      'validate',
      '--directory',
      'migrations',
      '--layout',
      'airlock',
      '--fail-on',
      'never',
      ...more,
    ],
    cwd: root,
  });
  const one = project('one', { '001_first.sql': smallFile(1) });
  const two = project(
    'two-hundred',
    Object.fromEntries(
      Array.from({ length: 200 }, (_, index) => [
        `${String(index + 1).padStart(3, '0')}_step.sql`,
        smallFile(index + 1),
      ]),
    ),
  );
  const ten = project('ten-thousand', { '001_many.sql': mixedStatements(10_000) });
  const twenty = project('twenty-thousand', { '001_many.sql': mixedStatements(20_000) });
  const hundred = project('hundred-thousand', { '001_many.sql': mixedStatements(100_000) });

  const times = rounds(15, {
    node: { args: ['-e', '0'], cwd: folder },
    bare: { args: [bare, join(one, 'migrations/001_first.sql')], cwd: folder },
    one: {
      args: [CLI, 'validate', 'migrations/001_first.sql', '--layout', 'airlock', '--fail-on', 'never'],
      cwd: one,
    },
    help: { args: [CLI, '--help'], cwd: folder },
    twoHundred: validate(two),
    bareTwoHundred: { args: [bare, '--folder', join(two, 'migrations')], cwd: folder },
  });
  const large = rounds(5, { ten: validate(ten), twenty: validate(twenty) });
  // The unit of long files is that of short ones: a bare process that reads the file.
  const bareTen = rounds(5, {
    bare: { args: [bare, join(ten, 'migrations/001_many.sql')], cwd: folder },
  }).bare;
  const parse = Math.min(
    ...[1, 2, 3].map(() =>
      timeOf({ args: [bare, '--time', join(ten, 'migrations/001_many.sql')], cwd: folder }),
    ),
  );
  const parseTwoHundred = Math.max(0, times.bareTwoHundred - times.bare);

  const lines: Line[] = [
    {
      what: 'one small file, cold ÷ bare process that loads libpg-query and parses it',
      value: times.one / times.bare,
      bound: 1.5,
      unit: '×',
    },
    {
      what: '10,000 statements ÷ bare process that loads libpg-query and parses them',
      value: large.ten / bareTen,
      bound: 3,
      unit: '×',
    },
    { what: '20,000 statements ÷ 10,000', value: large.twenty / large.ten, bound: 2.2, unit: '×' },
    {
      what: '200 files ÷ (one file + their parse)',
      value: times.twoHundred / (times.one + parseTwoHundred),
      bound: 1.5,
      unit: '×',
    },
    { what: 'peak memory, 100,000 statements', value: peakMemory(validate(hundred)), bound: 300, unit: 'MB' },
    ...proofLines(CLI, folder),
    ...(await engineLines(CLI, folder)),
  ];
  console.log(
    `units in this run: node -e 0 ${ms(times.node)}, bare parser ${ms(times.bare)}, --help ${ms(times.help)}, parse of 10,000 ${ms(parse)}, bare process with them ${ms(bareTen)}, validate of 10,000 ${ms(large.ten)} (${((large.ten - times.one) / parse).toFixed(2)} × their parse, both without the start)\n`,
  );
  for (const { what, value, bound, unit } of lines) {
    const shown = `${value.toFixed(unit === 'MB' ? 0 : 2)} ${unit}`;
    console.log(
      `${value <= bound ? 'ok  ' : 'OVER'}  ${shown.padStart(9)}  (at most ${bound} ${unit})  ${what}`,
    );
  }
  if (lines.some(({ value, bound }) => value > bound)) process.exitCode = 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}

function ms(value: number): string {
  return `${Math.round(value)} ms`;
}
