import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DEFAULT_POLICY, DEFAULTS } from '../../src/configuration/configuration.ts';
import type { Finding } from '../../src/report/result.ts';
import { examples } from '../../src/rules/examples.ts';
import { registry } from '../../src/rules/registry.ts';
import type { RuleExample } from '../../src/rules/rule.ts';
import { type BuiltChamber, buildChamberIn } from './embedded/chambers.ts';
import { embeddedBy, findingOf, type ProjectToProve, proveProject, told } from './prove-project.ts';

let chamber: BuiltChamber;
beforeAll(async () => {
  chamber = await buildChamberIn();
}, 60_000);
afterAll(() => chamber.remove());

const prove = (project: ProjectToProve): ReturnType<typeof proveProject> =>
  proveProject(embeddedBy(chamber.program), project);

/** Milliseconds. */
const ALLOWED = 30_000;
const production = { ...DEFAULT_POLICY, maxDuration: ALLOWED, directUrl: 'X', approvers: DEFAULTS.approvers };
const environments: typeof DEFAULTS.environments = new Map([['production', production]]);

/** What rules of the proof say of locks, work and time, of which nothing failed. */
const rules = [...registry.values()].filter(({ ignorable }) => ignorable);

describe.each(rules.map(({ id }) => [id]))('%s', (id) => {
  const { bad = [], good = [] } = examples.get(id) ?? {};

  it('has examples', () => {
    expect([bad.length > 0, good.length > 0]).toEqual([true, true]);
  });

  it.each(bad.map((example, at) => [at, example] as const))('fires on bad example %i', async (_, example) => {
    const found = findingOf({ findings: [...(await provenExample(example))] }, id);
    expect(found.stage).toBe('executed');
  });

  it.each(good.map((example, at) => [at, example] as const))(
    'is silent on good example %i',
    async (_, example) => {
      const findings = await provenExample(example);
      expect(findings.filter(({ ruleId }) => ruleId === id)).toEqual([]);
    },
  );
});

/** With every rule on that speaks of the same without running anything, except those that would speak in its place. */
async function provenExample(example: RuleExample): Promise<readonly Finding[]> {
  const { sql, down, history, metadata, noTransaction, runner, target } = example;
  const head = metadata
    ? `-- @metadata ${JSON.stringify({ author: 'ada', description: 'example', breakingChange: false, estimatedDuration: 10, dataVolume: 'medium', risk: 'low', tags: [], ...metadata })}\n`
    : '';
  const foretelling = [...registry.values()].filter(
    ({ id, claims, firedBy }) => (claims && firedBy === undefined) || id === 'add-unique-data-dependent',
  );
  const sizes = Object.fromEntries(
    Object.entries(target?.tables ?? {}).map(([name, { rows = 0 }]) => [name, { rows }]),
  );
  const { findings, notAnalysed } = await prove({
    history,
    change: [
      `${head}-- UP\n${noTransaction ? '-- @no-transaction\n' : ''}${sql}\n${down === undefined ? '' : `-- DOWN\n${down}\n`}`,
    ],
    sizes,
    configuration: {
      environments,
      ...(runner ? { runner } : {}),
      rules: new Map(foretelling.map((rule) => [rule.id, { severity: 'off', options: {} }])),
    },
  });
  expect(notAnalysed.filter(({ reason }) => reason.startsWith('not proven'))).toEqual([]);
  return findings;
}

describe('locks that a transaction keeps', () => {
  const TABLES =
    'CREATE TABLE users (id bigint PRIMARY KEY, name text); CREATE TABLE orders (id bigint PRIMARY KEY, total integer);';

  it('are told from the line that takes them to the line that works last', async () => {
    const { findings } = await prove({
      history: [TABLES],
      change: [
        'ALTER TABLE users ADD COLUMN email text;\nCREATE TABLE new_ones (id bigint);\nUPDATE orders SET total = 0;\nINSERT INTO new_ones SELECT id FROM orders;',
      ],
      configuration: {
        rules: new Map([['ddl-plus-backfill-same-transaction', { severity: 'off', options: {} }]]),
      },
    });
    expect(findingOf({ findings }, 'lock-kept-while-working')).toMatchObject({
      line: 2,
      message:
        'From here (line 2) to line 5 the transaction keeps ACCESS EXCLUSIVE on users, which blocks reads and writes, and meanwhile line 4 reads all of orders; line 5 reads all of orders.',
    });
  });

  it.each([
    [
      'of a table that the same change made',
      'CREATE TABLE t (id bigint);\nALTER TABLE t ADD COLUMN n text;\nUPDATE orders SET total = 0;',
    ],
    [
      'where each statement commits by itself',
      '-- @no-transaction\nALTER TABLE users ADD COLUMN email text;\nUPDATE orders SET total = 0;',
    ],
    [
      'that let reads and writes through',
      "COMMENT ON TABLE users IS 'x';\nCREATE VIEW names AS SELECT name FROM users;\nUPDATE orders SET total = 0;",
    ],
    ['of a table that is dropped', 'DROP TABLE users;\nUPDATE orders SET total = 0;'],
    [
      'for work that needs the lock itself',
      'ALTER TABLE orders ADD COLUMN note text;\nALTER TABLE orders ALTER COLUMN total TYPE bigint;',
    ],
  ])('are not told %s', async (_, up) => {
    const { findings, proofs } = await prove({ history: [TABLES], change: [up] });
    expect(proofs?.[0]?.up.ok).toBe(true);
    expect(told({ findings }, 'lock-kept-while-working')).toEqual([]);
  });

  it('are told once, by the rule that knew it without running anything', async () => {
    const { findings } = await prove({
      history: [TABLES],
      change: ['ALTER TABLE users ADD COLUMN email text;\nSELECT count(*) FROM orders;'],
    });
    expect(findings.map(({ ruleId }) => ruleId)).toContain('statement-after-access-exclusive');
    expect(told({ findings }, 'lock-kept-while-working')).toEqual([]);
  });
});

describe('estimates', () => {
  const HISTORY = ['CREATE TABLE orders (id bigint PRIMARY KEY, code text, total integer NOT NULL);'];
  const sizes = { orders: { rows: 1_000_000 } };

  it.each([
    ['a table that is written anew', 'ALTER TABLE orders ALTER COLUMN total TYPE bigint;', 4_000],
    ['an index that is built', 'CREATE INDEX idx_orders_code ON orders (code);', 4_000],
    ['a table that is read', 'ALTER TABLE orders ADD CONSTRAINT c CHECK (total > -1000000);', 2_000],
    ['rows that are changed', 'UPDATE orders SET total = 0;', 4_000],
    ['what takes no time', 'ALTER TABLE orders ADD COLUMN note text;', undefined],
    ['a table that is new', 'CREATE TABLE fresh (id bigint);\nCREATE INDEX i ON fresh (id);', undefined],
  ])('count %s', async (_, up, ms) => {
    const { proofs } = await prove({ history: HISTORY, change: [up], sizes });
    const [proof] = proofs ?? [];
    expect(proof?.up.ok).toBe(true);
    expect(proof?.estimate?.ms).toBe(ms);
    const [statement] = proof?.up.statements ?? [];
    if (ms !== undefined)
      expect(statement?.estimate).toEqual({
        ms,
        basis: `1,000,000 rows of orders${ms === 4_000 ? ' twice' : ''} at 500,000 rows a second`,
      });
  });

  it('go by the rows a second that the configuration states', async () => {
    const { proofs } = await prove({
      history: HISTORY,
      change: ['UPDATE orders SET total = 0;'],
      sizes,
      configuration: {
        rules: new Map([['cumulative-lock-budget', { options: { rowsPerSecond: 1_000_000 } }]]),
      },
    });
    expect(proofs?.[0]?.estimate?.ms).toBe(2_000);
  });

  it('are not made where no size is known, and a small table is information only', async () => {
    const up = ["DO $$ BEGIN PERFORM FROM orders; EXECUTE 'CREATE INDEX i ON ' || 'orders (code)'; END $$;"];
    const unknown = await prove({ history: HISTORY, change: up });
    expect(unknown.proofs?.[0]?.estimate).toBeUndefined();
    expect(told(unknown, 'table-read-under-lock')).toEqual(['table-read-under-lock executed warning']);
    const small = await prove({ history: HISTORY, change: up, sizes: { orders: { rows: 300 } } });
    expect(told(small, 'table-read-under-lock')).toEqual(['table-read-under-lock executed info']);
  });
});
