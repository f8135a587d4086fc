import { describe, expect, test } from 'vitest';
import { write } from '../../workspace/temporary.ts';
import {
  airlock,
  COLUMN,
  folderWith,
  INDEX,
  JSON_COLUMN,
  migration,
  parsed,
  projectWith,
  ruleIds,
  TABLES,
} from './run-cli.ts';

const BAD = {
  'migrations/001_tables.sql': TABLES,
  'migrations/002_index.sql': INDEX,
  'migrations/003_column.sql': JSON_COLUMN,
};

describe.concurrent('what validate prints', () => {
  test('--json and --format json are one document, nothing before or after it, in the published schema', async () => {
    const cwd = projectWith(BAD);
    const [short, long] = await Promise.all([
      airlock(['validate', '--json'], { cwd }),
      airlock(['validate', '--format', 'json'], { cwd }),
    ]);
    expect(short).toEqual(long);
    expect(parsed(short)).toMatchObject({ schemaVersion: 1, reasonCode: 'findings' });
    expect(short.err).toBe('');
  });

  test('--format markdown', async () => {
    const { code, out } = await airlock(['validate', '--format', 'markdown'], { cwd: projectWith(BAD) });
    expect(code).toBe(1);
    expect(out).toContain('#### migrations/002\\_index.sql');
  });

  test('--format sarif is SARIF 2.1.0 with the place', async () => {
    const { code, out } = await airlock(['validate', '--format', 'sarif'], { cwd: projectWith(BAD) });
    expect(code).toBe(1);
    expect(JSON.parse(out)).toMatchObject({
      version: '2.1.0',
      runs: [
        {
          tool: { driver: { name: 'Airlock' } },
          results: [
            {
              ruleId: 'create-index-concurrently',
              locations: [
                {
                  physicalLocation: {
                    artifactLocation: { uri: 'migrations/002_index.sql' },
                    region: { startLine: 3, startColumn: 1 },
                  },
                },
              ],
            },
            { ruleId: 'type-json' },
          ],
        },
      ],
    });
  });

  test('--format github is one workflow command a finding', async () => {
    const { code, out } = await airlock(['validate', '--format', 'github'], { cwd: projectWith(BAD) });
    expect(code).toBe(1);
    expect(out).toMatch(/^::error file=migrations\/002_index\.sql,line=3,/);
    expect(out.split('\n').filter((line) => line.startsWith('::'))).toHaveLength(2);
  });

  test('--json beside another format is refused', async () => {
    const ended = await airlock(['validate', '--json', '--format', 'sarif'], { cwd: projectWith(BAD) });
    expect(ended.code).toBe(2);
    expect(parsed(ended).reasonCode).toBe('usage');
    expect(ended.err).toContain('--json and --format sarif contradict each other');
  });

  test('hundreds of code migrations are one line for people and all there for machines', async () => {
    const files: Record<string, string> = {
      'migrations/200_a.sql': '-- +goose Up\nSELECT 1;\n-- +goose Down\nSELECT 1;\n',
    };
    for (let number = 100; number < 195; number++)
      files[`migrations/${number}_step.go`] = 'package migrations\n';
    const cwd = projectWith(files);
    const [text, json, markdown] = await Promise.all([
      airlock(['validate'], { cwd }),
      airlock(['validate', '--json'], { cwd }),
      airlock(['validate', '--format', 'markdown'], { cwd }),
    ]);
    expect(text.out).toContain('migrations/100_step.go:1');
    expect(text.out).toContain('and 94 more places: a migration written in Go');
    expect(text.out).toContain('95 not analysed');
    expect(text.out.split('\n').length).toBeLessThan(8);
    expect(parsed(json).notAnalysed).toHaveLength(95);
    expect(markdown.out).toContain('Not analysed (95)');
    expect(markdown.out).toContain('and 94 more places');
  });
});

describe.concurrent('what validate takes for a failure', () => {
  const WARNS = {
    'migrations/001_tables.sql': TABLES,
    'migrations/002_column.sql': `${COLUMN.slice(0, COLUMN.indexOf('-- DOWN'))}`,
  };

  test.each([
    ['error', 0],
    ['warning', 1],
    ['info', 1],
    ['never', 0],
  ])('a warning with --fail-on %s ends with %i', async (severity, code) => {
    const cwd = projectWith(WARNS);
    const ended = await airlock(['validate', '--json', '--fail-on', severity], { cwd });
    expect(parsed(ended).findings.map((finding) => finding.severity)).toEqual(['warning']);
    expect(ended.code).toBe(code);
  });

  test('an error with --fail-on never ends with 0, and the flag stands above the file and the variable', async () => {
    const cwd = projectWith({ ...BAD, 'migration.config.yml': 'failOn: never\n' });
    expect((await airlock(['validate'], { cwd })).code).toBe(0);
    expect((await airlock(['validate'], { cwd, env: { AIRLOCK_FAIL_ON: 'error' } })).code).toBe(1);
    expect(
      (await airlock(['validate', '--fail-on', 'never'], { cwd, env: { AIRLOCK_FAIL_ON: 'error' } })).code,
    ).toBe(0);
  });
});

describe.concurrent('flags of validate that say what the files are', () => {
  const NUMBERED = {
    '001_a.sql': 'CREATE TABLE a (id bigint PRIMARY KEY);',
    '002_b.sql': 'CREATE INDEX idx_a_id ON a (id);',
  };

  test('--directory and --layout', async () => {
    const cwd = projectWith({
      'sql/steps/001_a.sql': NUMBERED['001_a.sql'],
      'sql/steps/002_b.sql': NUMBERED['002_b.sql'],
      ...BAD,
    });
    const ended = await airlock(['validate', '--directory', 'sql/steps', '--layout', 'numbered', '--json'], {
      cwd,
    });
    expect(parsed(ended).layout).toMatchObject({ id: 'numbered', directory: 'sql/steps' });
    expect(ended.code).toBe(1);
  });

  test('--runner says who sets the timeouts', async () => {
    const cwd = projectWith({
      'db/migration/V1__a.sql': 'CREATE TABLE a (id bigint PRIMARY KEY);',
      'db/migration/V2__b.sql': 'ALTER TABLE a ADD COLUMN note text;',
    });
    const [native, own] = await Promise.all(
      ['native', 'airlock'].map((runner) => airlock(['validate', '--runner', runner, '--json'], { cwd })),
    );
    expect(native && ruleIds(native)).toContain('require-lock-timeout');
    expect(own && ruleIds(own)).not.toContain('require-lock-timeout');
  });

  test('--dialect mysql', async () => {
    const cwd = projectWith({
      'migrations/001_a.sql': migration(
        'CREATE TABLE `a` (`id` int AUTO_INCREMENT PRIMARY KEY) ENGINE=InnoDB;',
        'DROP TABLE IF EXISTS `a`;',
      ),
    });
    const [mysql, postgres] = await Promise.all([
      airlock(['validate', '--dialect', 'mysql', '--json'], { cwd }),
      airlock(['validate', '--json'], { cwd }),
    ]);
    expect(mysql && ruleIds(mysql)).not.toContain('syntax-error');
    expect(mysql && parsed(mysql).checked?.statements).toBe(2);
    expect(postgres && ruleIds(postgres)).toContain('syntax-error');
  });

  test('--sizes makes a large table large, and a broken sizes file is told with its place', async () => {
    const cwd = projectWith(BAD);
    write(cwd, 'sizes.json', '{ "tables": { "orders": { "rows": 50000000 } } }');
    const ended = await airlock(['validate', '--sizes', 'sizes.json', '--json'], { cwd });
    expect(JSON.stringify(parsed(ended).findings)).toContain('50,000,000 rows');
    write(cwd, 'broken.json', '{ "tables": {\n  "orders": ]\n}');
    const broken = await airlock(['validate', '--sizes', 'broken.json'], { cwd });
    expect(broken).toMatchObject({ code: 2, out: '' });
    expect(broken.err).toContain('broken.json:2:13');
    const missing = await airlock(['validate', '--sizes', 'none.json'], { cwd });
    expect(missing.code).toBe(2);
    expect(missing.err).toContain('none.json:1:1 does not exist');
  });

  test('--target-version', async () => {
    const cwd = projectWith({
      'migrations/001_tables.sql': TABLES,
      'migrations/002_column.sql': migration("ALTER TABLE orders ADD COLUMN kind text DEFAULT 'a';"),
    });
    const [old, current] = await Promise.all(
      ['10', '17'].map((version) => airlock(['validate', '--target-version', version, '--json'], { cwd })),
    );
    expect(old && ruleIds(old)).toContain('add-column-default-pre-pg11');
    expect(current && ruleIds(current)).not.toContain('add-column-default-pre-pg11');
  });

  test('wrong values are all told at once, with the one that was meant', async () => {
    const cwd = folderWith({});
    const { code, out, err } = await airlock(
      [
        'validate',
        '--layout',
        'golang',
        '--runner',
        'nativ',
        '--dialect',
        'postgress',
        '--target-version',
        'x',
      ],
      { cwd },
    );
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toMatch(/error: --layout: "golang" is not .*did you mean golang-migrate\?/);
    expect(err).toMatch(/error: --runner: "nativ" is not .*did you mean native\?/);
    expect(err).toMatch(/error: --dialect: "postgress" is not .*did you mean postgres\?/);
    expect(err).toContain('error: --target-version: "x" is not a PostgreSQL version');
  });
});
