import { describe, expect, it } from 'vitest';
import { idsOf, layoutNamed, placesOf, readAs, sql } from '../folder.ts';

const METADATA = `-- @metadata {
--   "author": "ada", "description": "add preferences", "breakingChange": false,
--   "estimatedDuration": 1000, "dataVolume": "small", "risk": "low", "tags": ["feature"],
--   "dependencies": ["001"], "rollbackStrategy": "backup"
-- }
`;
const BODY = `-- UP
CREATE TABLE preferences (id int);
-- DOWN
DROP TABLE preferences;
-- VERIFY
SELECT 1;
`;

function readOne(text: string, path = '002_add_preferences.sql') {
  const reading = readAs('airlock', { [path]: text });
  const [migration] = reading.migrations;
  if (!migration) throw new Error('nothing was read');
  return { migration, reading, problems: reading.problems };
}

describe('the airlock layout', () => {
  it('reads metadata and the three sections', () => {
    const { migration, problems } = readOne(METADATA + BODY);
    expect(problems).toEqual([]);
    expect(migration).toMatchObject({
      id: '002',
      name: 'add_preferences',
      layout: 'airlock',
      repeatable: false,
    });
    expect(migration.metadata).toEqual({
      author: 'ada',
      description: 'add preferences',
      breakingChange: false,
      estimatedDuration: 1000,
      dataVolume: 'small',
      risk: 'low',
      tags: ['feature'],
      dependencies: ['001'],
      rollbackStrategy: 'backup',
    });
    expect(sql(migration.up)).toBe('CREATE TABLE preferences (id int);');
    expect(sql(migration.down)).toBe('DROP TABLE preferences;');
    expect(sql(migration.verify)).toBe('SELECT 1;');
  });

  it('reads the same behind a byte order mark and with CRLF, and keeps the offsets of the file', () => {
    const text = `\uFEFF${(METADATA + BODY).replaceAll('\n', '\r\n')}`;
    const { migration, problems } = readOne(text);
    expect(problems).toEqual([]);
    expect(migration.metadata?.author).toBe('ada');
    expect(migration.up.file.text).toBe(text);
    expect(sql(migration.up)).toBe('CREATE TABLE preferences (id int);');
    const start = migration.up.pieces[0]?.start ?? -1;
    expect(migration.up.file.position(start)).toEqual({ line: 7, column: 1 });
  });

  it('takes markers in any case and with blanks, only on lines of their own', () => {
    const { migration, reading } = readOne(
      `${METADATA}  --up  \nSELECT 1; -- DOWN\nSELECT 2;\n--   Down\nSELECT 3;`,
    );
    expect(placesOf(reading)).toEqual([]);
    expect(sql(migration.up)).toBe('SELECT 1; -- DOWN\nSELECT 2;');
    expect(sql(migration.down)).toBe('SELECT 3;');
    expect(migration.verify).toBeUndefined();
  });

  it.each([
    ['a string', "SELECT '\n-- DOWN\n';"],
    ['an escape string', "SELECT E'\\'\n-- DOWN\n';"],
    ['a dollar quote', 'DO $$ BEGIN\n-- DOWN\nNULL; END $$;'],
    ['a tagged dollar quote', 'DO $x$ BEGIN $$\n-- DOWN\n$$; END $x$;'],
    ['a block comment', '/* /* */\n-- DOWN\n*/ SELECT 1;'],
    ['a quoted identifier', 'SELECT 1 AS "\n-- DOWN\n";'],
  ])('does not split at a marker inside %s', (_, up) => {
    const { migration } = readOne(`${METADATA}-- UP\n${up}\n-- DOWN\nSELECT 2;\n`);
    expect(sql(migration.up)).toBe(up);
    expect(sql(migration.down)).toBe('SELECT 2;');
  });

  it('warns where metadata is missing altogether', () => {
    const { problems, migration } = readOne(BODY);
    expect(problems).toMatchObject([{ ruleId: 'metadata', severity: 'warning', migrationId: '002' }]);
    expect(migration.metadata).toBeUndefined();
    expect(migration.metadataSpan).toEqual({ start: 0, end: 0 });
  });

  it('reports each wrong field at its own line and each missing one at the opening', () => {
    const { reading, migration } = readOne(
      `-- @metadata {\n--   "author": "",\n--   "description": "x",\n--   "breakingChange": "no",\n--   "estimatedDuration": -1,\n--   "dataVolume": "huge",\n--   "tags": "a"\n-- }\n${BODY}`,
    );
    expect(migration.metadata).toBeUndefined();
    expect(reading.problems.every(({ severity }) => severity === 'error')).toBe(true);
    expect(placesOf(reading).map((place) => place.split(':')[1])).toEqual(['2', '4', '5', '6', '7', '1']);
    expect(reading.problems.at(-1)?.message).toContain('"risk"');
  });

  it('asks whether a known field was meant, once', () => {
    const { problems, reading } = readOne(METADATA.replace('"author"', '"auther"') + BODY);
    expect(problems).toHaveLength(1);
    expect(problems[0]?.message).toContain('Did you mean "author"?');
    expect(placesOf(reading)[0]).toMatch(/:2$/);
  });

  it('survives metadata keys that are names of prototypes', () => {
    const hostile = METADATA.replace(
      '"author": "ada",',
      '"author": "ada", "__proto__": {"polluted": 1}, "constructor": 1, "toString": 2,',
    );
    const { problems, migration } = readOne(hostile + BODY);
    expect(problems.map(({ message }) => message.slice(0, 40))).toHaveLength(3);
    expect(Object.getPrototypeOf(migration.metadata)).toBe(Object.prototype);
    expect(Object.hasOwn(migration.metadata ?? {}, '__proto__')).toBe(false);
  });

  it.each([
    ['a missing comma', '-- @metadata {\n--   "author": "ada"\n--   "risk": "low"\n-- }\n', 3],
    ['a comma too many', '-- @metadata {\n--   "author": "ada",\n-- }\n', 2],
    ['a missing brace', '-- @metadata {\n--   "author": "ada"\n', 2],
    ['an unclosed text', '-- @metadata {\n--   "author": "ada,\n--   "risk": "low"\n-- }\n', 2],
    ['single quotes', "-- @metadata {\n--   'author': 1\n-- }\n", 2],
    ['nothing', '-- @metadata\n', 1],
    ['deep nesting', `-- @metadata ${'['.repeat(100_000)}\n`, 1],
  ])('shows broken JSON at its line: %s', (_, metadata, line) => {
    const { reading, migration } = readOne(metadata + BODY);
    expect(placesOf(reading)).toEqual([`metadata migrations/002_add_preferences.sql:${line}`]);
    expect(sql(migration.up)).toBe('CREATE TABLE preferences (id int);');
  });

  it('takes a file without markers as up and says so', () => {
    const { migration, reading } = readOne(`${METADATA}CREATE TABLE x ();`);
    expect(sql(migration.up)).toContain('CREATE TABLE x ();');
    expect(placesOf(reading)).toEqual(['missing-up-marker migrations/002_add_preferences.sql:1']);
  });

  it('takes what stands above DOWN as up where UP is missing', () => {
    const { migration, reading } = readOne(`${METADATA}CREATE TABLE x ();\n-- DOWN\nDROP TABLE x;`);
    expect(sql(migration.up)?.endsWith('CREATE TABLE x ();')).toBe(true);
    expect(sql(migration.down)).toBe('DROP TABLE x;');
    expect(placesOf(reading)).toEqual(['missing-up-marker migrations/002_add_preferences.sql:1']);
  });

  it('reports statements above the first marker and a marker that repeats', () => {
    const { reading } = readOne(`${METADATA}SELECT 0;\n-- UP\nSELECT 1;\n-- DOWN\n-- UP\nSELECT 2;`);
    expect(placesOf(reading)).toEqual([
      'repeated-marker migrations/002_add_preferences.sql:10',
      'statements-before-marker migrations/002_add_preferences.sql:6',
    ]);
  });

  it('opts out by a directive above the markers or in one section', () => {
    const above = readOne(`${METADATA}-- @no-transaction\n${BODY}`).migration;
    expect([above.up.optsOut, above.down?.optsOut]).toEqual([true, true]);
    const inside = readOne(METADATA + BODY.replace('-- UP', '-- UP\n-- @no-transaction')).migration;
    expect([inside.up.optsOut, inside.down?.optsOut]).toEqual([true, false]);
    expect(inside.up.directives.map(({ name }) => name)).toEqual(['no-transaction']);
    const quoted = readOne(
      METADATA + BODY.replace('-- UP', "-- UP\nSELECT '\n-- @no-transaction\n';"),
    ).migration;
    expect(quoted.up.optsOut).toBe(false);
  });

  it.each(['soon', '5 minutes', ''])('reports a statement timeout of %j, which has no effect', (time) => {
    const { problems } = readOne(METADATA + BODY.replace('-- UP', `-- UP\n-- @statement-timeout ${time}`));
    expect(problems).toMatchObject([
      { ruleId: 'unknown-directive', message: expect.stringContaining('@statement-timeout') },
    ]);
    expect(readOne(METADATA + BODY.replace('-- UP', '-- UP\n-- @statement-timeout 5min')).problems).toEqual(
      [],
    );
  });

  it('reports every unknown directive, those of other projects, too', () => {
    const { problems } = readOne(
      METADATA + BODY.replace('-- UP', '-- UP\n-- @author ada\n-- @no-transactoin\n-- @batch 100'),
    );
    expect(problems.map(({ ruleId }) => ruleId)).toEqual([
      'unknown-directive',
      'unknown-directive',
      'unknown-directive',
    ]);
    expect(problems[1]?.message).toContain('Did you mean @no-transaction?');
    expect(problems[0]?.message).not.toContain('Did you mean');
  });

  it.each([
    '002-addPreferences.sql',
    '002_Add Preferences.sql',
    'add_preferences.sql',
    '002_.sql',
    '2024.sql',
  ])('reports the file name %s', (path) => {
    const { problems } = readOne(METADATA + BODY, path);
    expect(problems.map(({ ruleId }) => ruleId)).toEqual(['file-name']);
  });

  it('proposes a name in snake case', () => {
    expect(readOne(METADATA + BODY, '002-addUser Preferences.sql').problems[0]?.fix).toContain(
      '002_add_user_preferences.sql',
    );
  });

  it('reads a file of no length', () => {
    const { migration, problems } = readOne('');
    expect(sql(migration.up)).toBe('');
    expect(problems.map(({ ruleId }) => ruleId)).toEqual(['metadata', 'missing-up-marker']);
  });

  it('finds ids that are the same number', () => {
    const reading = readAs('airlock', {
      '1_a.sql': METADATA + BODY,
      '001_b.sql': METADATA + BODY,
      '002_c.sql': METADATA + BODY,
    });
    expect(placesOf(reading)).toEqual(['duplicate-id migrations/1_a.sql:1']);
    expect(idsOf(reading)).toEqual(['001', '1', '002']);
  });

  it('writes a file that it reads without a problem, whatever the texts hold', () => {
    const layout = layoutNamed('airlock');
    const metadata = {
      author: 'ada\n-- DOWN',
      description: 'quote " and */ and \u2028',
      breakingChange: true,
      estimatedDuration: 5,
      dataVolume: 'large',
      risk: 'high',
      tags: ['a'],
      requiresDowntime: undefined,
    };
    const [file] =
      layout.write?.({
        id: '003',
        name: 'add_index',
        up: 'CREATE INDEX CONCURRENTLY i ON t (a);',
        down: 'DROP INDEX i;',
        noTransaction: true,
        metadata,
        verify: 'SELECT 1;',
      }) ?? [];
    const { migration, problems } = readOne(file?.text ?? '', file?.path);
    expect(problems).toEqual([]);
    expect(migration.metadata?.author).toBe('ada\n-- DOWN');
    expect(sql(migration.up)).toBe('CREATE INDEX CONCURRENTLY i ON t (a);');
    expect(sql(migration.down)).toBe('DROP INDEX i;');
    expect(sql(migration.verify)).toBe('SELECT 1;');
    expect(migration.up.optsOut).toBe(true);
  });
});
