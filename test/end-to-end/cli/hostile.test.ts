import { describe, expect, test } from 'vitest';
import {
  airlock,
  COLUMN,
  METADATA,
  migration,
  noStackTrace,
  parsed,
  projectWith,
  TABLES,
} from './run-cli.ts';

const FILE = 'migrations/002_bad.sql';

function project(content: string): string {
  return projectWith({ 'migrations/001_tables.sql': TABLES, [FILE]: content });
}

describe.concurrent('names that mean harm', () => {
  const NAMES = [
    '003_a\nb.sql',
    '004_"quotes" \'and\' `more`.sql',
    '005_\u001b[31mred\u0007.sql',
    '006_\u202egnp.sql',
    `${'9'.repeat(240)}_x.sql`,
    '007_::error::x.sql',
    '008_@everyone <img src=x> [a](b).sql',
  ];

  test('text, markdown and annotations spell them out; JSON has them as they are', async () => {
    const cwd = projectWith({
      'migrations/001_tables.sql': TABLES,
      ...Object.fromEntries(NAMES.map((name) => [`migrations/${name}`, 'SELEC 1;\n'])),
    });
    const [text, markdown, github, json] = await Promise.all(
      ['text', 'markdown', 'github', 'json'].map((format) =>
        airlock(['validate', '--format', format], { cwd }),
      ),
    );
    for (const ended of [text, markdown, github]) {
      expect(ended?.code).toBe(1);
      for (const control of ['\u001b', '\u0007', '\u202e']) expect(ended?.out).not.toContain(control);
      expect(ended?.out).not.toMatch(/^::error::/m);
    }
    expect(markdown?.out).not.toMatch(/<img/);
    expect(markdown?.out).not.toMatch(/(?<![`\w])@everyone/);
    const files = json && new Set(parsed(json).findings.map(({ file }) => file));
    for (const name of NAMES) expect(files).toContain(`migrations/${name}`);
  });

  test('an id of 300 digits in the metadata of another', async () => {
    const text = migration('SELECT 1;').replace('"tags"', `"dependencies": ["${'1'.repeat(300)}"], "tags"`);
    const ended = await airlock(['validate', FILE, '--json'], { cwd: project(text) });
    noStackTrace(ended);
    expect(parsed(ended).findings.map(({ ruleId }) => ruleId)).toContain('unknown-dependency');
  });

  test('they can be named on the command line', async () => {
    const cwd = projectWith({
      'migrations/001_tables.sql': TABLES,
      ...Object.fromEntries(NAMES.map((name) => [`migrations/${name}`, COLUMN])),
    });
    const ended = await airlock(['validate', ...NAMES.map((name) => `migrations/${name}`), '--json'], {
      cwd,
    });
    expect(parsed(ended).checked?.migrations).toBe(NAMES.length);
  });

  test('a file with a secret in a connection string does not print it', async () => {
    const cwd = project(`${METADATA}-- UP\nSELEC dblink('postgres://ada:hunter2hunter2@db/x');\n`);
    for (const format of ['text', 'json', 'markdown', 'sarif', 'github'])
      expect((await airlock(['validate', '--format', format], { cwd })).out, format).not.toContain(
        'hunter2hunter2',
      );
  });
});
