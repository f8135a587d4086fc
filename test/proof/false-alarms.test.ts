import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Result } from '../../src/report/result.ts';
import { type BuiltChamber, buildChamberIn } from './embedded/chambers.ts';
import { embeddedBy, findingOf, type ProjectToProve, proveProject } from './prove-project.ts';

/** Shapes of migrations that are well and were once told otherwise, each beside one that is not well. */

let chamber: BuiltChamber;
beforeAll(async () => {
  chamber = await buildChamberIn();
}, 60_000);
afterAll(() => chamber.remove());

const prove = (project: ProjectToProve): Promise<Result> =>
  proveProject(embeddedBy(chamber.program), project);

/** Of stage `executed`, but for what is said of locks and reads. */
function alarms({ findings }: Result): string[] {
  const about = /fails|revert|lost|again|empty|irreversible|invalid|unknown/;
  return findings
    .filter(({ stage, ruleId }) => stage === 'executed' && about.test(ruleId))
    .map(({ ruleId, severity }) => `${ruleId} ${severity}`);
}

function waysBack({ proofs = [] }: Result): string[] {
  return proofs.map(({ roundTrip }) => roundTrip.status);
}

function notProven({ notAnalysed }: Result): string[] {
  return notAnalysed.map(({ reason }) => reason).filter((reason) => reason.startsWith('not proven: '));
}

const SHOPS = 'CREATE TABLE shops (id int PRIMARY KEY, name text NOT NULL, settings text, owner int);';

describe('tables that a trigger makes for every row', () => {
  const history = [
    `${SHOPS}
CREATE FUNCTION shop_comes() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN EXECUTE format('CREATE TABLE visits_of_%s (at timestamptz)', NEW.id); RETURN NULL; END $$;
CREATE TRIGGER shop_comes AFTER INSERT ON shops FOR EACH ROW EXECUTE FUNCTION shop_comes();`,
  ];
  const step = (column: string, down: string): string =>
    `-- UP\nALTER TABLE shops ADD COLUMN ${column} text;\n-- DOWN\n${down}\n`;

  test('are no doing of the migration, and are gone where the next one begins', async () => {
    const change = ['town', 'street'].map((name) => step(name, `ALTER TABLE shops DROP COLUMN ${name};`));
    const result = await prove({ history, change });
    expect(result.proofs?.map(({ populated }) => populated.rowsPerTable)).toEqual([
      { 'public.shops': 10 },
      { 'public.shops': 10 },
    ]);
    expect(waysBack(result)).toEqual(['reverts', 'reverts']);
    expect(result.chain).toMatchObject({ ok: true, differences: [] });
  }, 60_000);

  test('do not hide what the migration leaves behind', async () => {
    const result = await prove({ history, change: [step('town', 'SELECT 1;')] });
    expect(findingOf(result, 'down-does-not-revert-up').message).toBe(
      'After up and down the column shops.town is left behind.',
    );
  }, 60_000);
});

describe('a migration after one that cannot be proven', () => {
  const refused = `CREATE TABLE owners (id int PRIMARY KEY);
UPDATE pg_index SET indisvalid = true WHERE false;
ALTER TABLE shops RENAME COLUMN name TO title;`;

  test('finds what the others of its statements make', async () => {
    const result = await prove({
      history: [SHOPS],
      change: [refused, '-- UP\nCREATE INDEX ON shops (title);\n-- DOWN\nDROP INDEX shops_title_idx;\n'],
    });
    expect(notProven(result)).toEqual([
      'not proven: the system catalog pg_index is written to: not run in a shadow database',
    ]);
    expect(alarms(result)).toEqual([]);
    expect(waysBack(result)).toEqual(['reverts']);
  }, 60_000);

  test('fails by itself where nobody makes what it needs', async () => {
    const result = await prove({ history: [SHOPS], change: [refused, 'CREATE INDEX ON shops (town);'] });
    expect(alarms(result)).toEqual(['unknown-object error']);
  }, 60_000);

  test('is no finding of its own where the other fails for the same lack', async () => {
    const result = await prove({
      change: ['CREATE TABLE hall.doors (id int);', "COMMENT ON SCHEMA hall IS 'where people come in';"],
    });
    expect(alarms(result)).toEqual(['up-fails error']);
    expect(notProven(result)).toEqual([
      expect.stringMatching(/^not proven: schema "hall" does not exist .* before it could not be applied$/),
    ]);
  }, 60_000);

  test('is not blamed for what a migration in another language makes right before it', async () => {
    const change = [
      'CREATE TABLE owners (id int);',
      'CREATE INDEX ON tills (id);',
      'CREATE INDEX ON stairs (id);',
    ];
    const result = await prove({ change, others: { '100_tills.go': 'package migrations\n' } });
    expect(notProven(result)).toEqual([
      'not proven: relation "tills" does not exist (42P01); migrations/100_tills.go right before it is not SQL and was not run',
    ]);
    expect(alarms(result)).toEqual(['up-fails error']);
    expect(findingOf(result, 'up-fails').message).toContain('"stairs"');
  }, 60_000);
});

describe('rows that were made up', () => {
  const OWNERS = 'CREATE TABLE owners (id int PRIMARY KEY);\nCREATE TABLE sales (shop int, by int);';

  test.each([
    [
      'are not asked for what the application sets',
      "UPDATE shops SET name = current_setting('shop.host') || name;",
      'unrecognized configuration parameter "shop.host"',
    ],
    [
      'are not read as what a text column may hold',
      "UPDATE shops SET settings = name::json ->> 'title';",
      'invalid input syntax for type json',
    ],
    [
      'do not have to fit a reference that is filled from other rows',
      'ALTER TABLE shops ADD COLUMN seller int REFERENCES owners;\nUPDATE shops SET seller = s.by FROM sales s WHERE s.by IS NOT NULL;',
      'violates foreign key constraint',
    ],
  ])(
    '%s',
    async (_, sql, error) => {
      const result = await prove({ history: [SHOPS, OWNERS], change: [sql] });
      expect(alarms(result)).toEqual([]);
      expect(result.proofs?.[0]?.populated).toMatchObject({ ok: true, rowsPerTable: {} });
      expect(result.proofs?.[0]?.populated.skipped[0]?.reason).toContain(error);
    },
    60_000,
  );

  test.each([
    ['a type that they cannot take', 'ALTER TABLE shops ALTER COLUMN settings TYPE int USING settings::int;'],
    ['a reference by a default', 'ALTER TABLE shops ADD COLUMN seller int DEFAULT 7 REFERENCES owners;'],
  ])(
    'make the up fail at %s',
    async (_, sql) => {
      const result = await prove({ history: [SHOPS, OWNERS], change: [sql] });
      expect(result.proofs?.[0]?.populated.ok).toBe(false);
    },
    60_000,
  );

  test('are not written anew by a time zone only because the shadow is in UTC', async () => {
    const result = await prove({
      history: ['CREATE TABLE visits (id int PRIMARY KEY, at timestamp);'],
      change: ['ALTER TABLE visits ALTER COLUMN at TYPE timestamptz;'],
    });
    expect(result.refuted).toEqual([]);
    expect(findingOf(result, 'change-column-type').message).toContain("unless the session's TimeZone is UTC");
  }, 60_000);
});

describe('what is left by nature', () => {
  const history = [
    "CREATE TYPE size AS ENUM ('small', 'large');\nCREATE TABLE shirts (id int PRIMARY KEY, size size);",
  ];

  test('is a value of an enum, and not another order of its values', async () => {
    const longer = await prove({
      history,
      change: ["-- UP\nALTER TYPE size ADD VALUE 'huge';\n-- DOWN\nSELECT 1;\n"],
    });
    expect(findingOf(longer, 'irreversible-by-nature').message).toMatch(/^'huge' stays in the enum size:/);
    const anew = await prove({
      history,
      change: [
        `-- UP
ALTER TABLE shirts ALTER COLUMN size TYPE text;
DROP TYPE size;
-- DOWN
CREATE TYPE size AS ENUM ('large', 'small');
ALTER TABLE shirts ALTER COLUMN size TYPE size USING size::size;
`,
      ],
    });
    expect(alarms(anew)).toEqual(['down-does-not-revert-up error']);
  }, 60_000);

  test('is an index of a partitioned table alone, until its partitions have theirs', async () => {
    const result = await prove({
      history: [
        'CREATE TABLE visits (at date NOT NULL, id int) PARTITION BY RANGE (at);\nCREATE TABLE visits_1 PARTITION OF visits DEFAULT;',
      ],
      change: [
        '-- UP\nCREATE INDEX visits_id ON ONLY visits (id);\n-- DOWN\nDROP INDEX visits_id;\n',
        '-- UP\nCREATE INDEX visits_1_id ON visits_1 (id);\nALTER INDEX visits_id ATTACH PARTITION visits_1_id;\n-- DOWN\nSELECT 1;\n',
      ],
    });
    expect(alarms(result)).toContain('invalid-index-left info');
    expect(findingOf(result, 'invalid-index-left').message).toBe(
      'The index visits_id stays invalid until an index of every partition is attached to it.',
    );
  }, 60_000);
});
