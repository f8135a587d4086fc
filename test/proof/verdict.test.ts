import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { localShadow } from '../../src/proof/local/shadow.ts';
import type { Finding } from '../../src/report/result.ts';
import { type BuiltChamber, buildChamberIn } from './embedded/chambers.ts';
import { embeddedBinaries } from './local/binaries.ts';
import {
  embeddedBy,
  findingOf,
  type Open,
  type ProjectToProve,
  proveProject,
  told,
} from './prove-project.ts';

let chamber: BuiltChamber;
beforeAll(async () => {
  chamber = await buildChamberIn();
}, 60_000);
afterAll(() => chamber.remove());

const embedded: Open = (furnishing) => embeddedBy(chamber.program)(furnishing);
const local: Open = async (furnishing) => {
  const opened = await localShadow(
    { binaries: await embeddedBinaries(), longestRequest: 20_000 },
    furnishing,
  );
  return opened.ok ? { ...opened, because: 'the test asks for it' } : opened;
};

/** Made in a way that can be read only by running it. */
function unread(sql: string): string {
  const [verb, ...rest] = sql.split(' ');
  return `DO $do$ BEGIN EXECUTE '${verb} ' || '${rest.join(' ').replaceAll("'", "''")}'; END $do$;`;
}

const ORDERS = 'CREATE TABLE orders (id bigint PRIMARY KEY, code varchar(10), total integer);';
const AS_INTEGER = (language: 'sql' | 'plpgsql', body: string): string =>
  `CREATE FUNCTION next_number() RETURNS integer LANGUAGE ${language} AS '${body}';`;

/** What is suspected without running it, and what becomes of it and of its hazardous twin. */
const TWINS: readonly {
  readonly name: string;
  readonly rule: string;
  readonly harmless: ProjectToProve;
  readonly because: string;
  readonly hazard: ProjectToProve;
  readonly seen: string;
}[] = [
  {
    name: 'a varchar that is widened',
    rule: 'change-column-type',
    harmless: {
      history: [unread(ORDERS)],
      change: ['ALTER TABLE orders ALTER COLUMN code TYPE varchar(20);'],
    },
    because: ' with 10 rows in orders: not written anew',
    hazard: { history: [unread(ORDERS)], change: ['ALTER TABLE orders ALTER COLUMN total TYPE bigint;'] },
    seen: 'ACCESS EXCLUSIVE on orders, written anew.',
  },
  {
    name: 'a default by a function that is VOLATILE only by name',
    rule: 'add-column-volatile-default',
    harmless: {
      history: [ORDERS, AS_INTEGER('sql', 'SELECT 1')],
      change: ['ALTER TABLE orders ADD COLUMN number integer DEFAULT next_number();'],
    },
    because: ' with 10 rows in orders: not written anew',
    hazard: {
      history: [ORDERS, AS_INTEGER('plpgsql', 'BEGIN RETURN 1; END')],
      change: ['ALTER TABLE orders ADD COLUMN number integer DEFAULT next_number();'],
    },
    seen: 'ACCESS EXCLUSIVE on orders, written anew.',
  },
  {
    name: 'SET NOT NULL behind a CHECK that an earlier migration validated',
    rule: 'set-not-null',
    harmless: {
      history: [ORDERS, unread('ALTER TABLE orders ADD CONSTRAINT code_there CHECK (code IS NOT NULL)')],
      change: ['ALTER TABLE orders ALTER COLUMN code SET NOT NULL;'],
    },
    because: ' with 10 rows in orders: not read whole',
    hazard: {
      history: [
        ORDERS,
        unread('ALTER TABLE orders ADD CONSTRAINT code_there CHECK (code IS NOT NULL) NOT VALID'),
      ],
      change: ['ALTER TABLE orders ALTER COLUMN code SET NOT NULL;'],
    },
    seen: 'ACCESS EXCLUSIVE on orders, read whole.',
  },
  {
    name: 'an index on a table that the same migration made',
    rule: 'create-index-concurrently',
    harmless: { change: [`${unread(ORDERS)}\nCREATE INDEX idx_orders_code ON orders (code);`] },
    because: '"orders" did not exist before this migration (ran on PostgreSQL ',
    hazard: {
      history: [unread(ORDERS)],
      change: ['CREATE INDEX idx_orders_code ON orders (code);'],
    },
    seen: 'SHARE on orders, read whole.',
  },
];

describe.each([
  ['the embedded chamber', embedded],
  ['a server of its own', local],
] as const)('in %s', (_, open) => {
  it.each(TWINS.map((twin) => [twin.name, twin] as const))(
    '%s is refuted with the reason, and its twin confirmed',
    async (_name, { rule, harmless, because, hazard, seen }) => {
      const fine = await proveProject(open, harmless);
      expect(told(fine, rule)).toEqual([]);
      const denied = fine.refuted.filter(({ ruleId }) => ruleId === rule);
      expect(denied.map((each) => each.because)).toEqual([expect.stringContaining(because)]);
      expect(denied[0]?.because).toMatch(/ran on PostgreSQL 18\.\d/);
      expect(told(fine, 'table-rewritten', 'table-read-under-lock')).toEqual([]);

      const harmful = await proveProject(open, hazard);
      const found = findingOf(harmful, rule);
      expect(found.stage).toBe('executed');
      expect(found.message).toContain('Seen in the shadow database (PostgreSQL 18.');
      expect(found.message).toContain(seen);
      expect(harmful.refuted).toEqual([]);
      expect(told(harmful, 'table-rewritten', 'table-read-under-lock')).toEqual([]);
    },
    60_000,
  );
});

describe('the verdict', () => {
  const prove = (project: ProjectToProve): ReturnType<typeof proveProject> => proveProject(embedded, project);
  const REWRITE = 'ALTER TABLE orders ALTER COLUMN total TYPE bigint;';
  // That it names the table is why the proof puts rows into it.
  const UNREAD_REWRITE = unread(REWRITE).replace('BEGIN', 'BEGIN PERFORM FROM orders;');
  const INLINED = { history: [ORDERS, AS_INTEGER('sql', 'SELECT 1')] };
  const ADD_NUMBER = 'ALTER TABLE orders ADD COLUMN number integer DEFAULT next_number();';

  it('is clean where everything was refuted', async () => {
    const result = await prove({
      ...INLINED,
      change: [`${ADD_NUMBER}\n-- DOWN\nALTER TABLE orders DROP COLUMN number;`],
      configuration: { rules: OFF },
    });
    expect(result.findings).toEqual([]);
    expect(result.reasonCode).toBe('clean');
    expect(result.refuted).toHaveLength(1);
  });

  it('does not count for another major version that was not measured', async () => {
    const result = await prove({
      ...INLINED,
      change: [ADD_NUMBER],
      configuration: { targetVersion: { major: 12 } },
    });
    expect(result.refuted).toEqual([]);
    const found = findingOf(result, 'add-column-volatile-default');
    expect(found.stage).toBe('static');
    expect(found.message).toMatch(
      /speaks against it \(ran on PostgreSQL 18\.\d+ with 10 rows in orders: not written anew\), but the target is PostgreSQL 12/,
    );
  });

  it('tells a failure once, by the rule that foretold it', async () => {
    const result = await prove({
      history: [ORDERS],
      change: ['ALTER TABLE orders ADD COLUMN x text NOT NULL;'],
    });
    expect(told(result, 'add-column-not-null-no-default', 'up-fails', 'up-fails-on-rows')).toEqual([
      'add-column-not-null-no-default executed error',
    ]);
    expect(findingOf(result, 'add-column-not-null-no-default').message).toContain(
      'with rows in the tables it failed: column "x" of relation "orders" contains null values (23502)',
    );
    expect(told(result, 'table-read-under-lock', 'table-rewritten')).toEqual([]);
  });

  it('lets no comment hold back a failure that was seen', async () => {
    const result = await prove({
      history: [ORDERS],
      change: [
        '-- @ignore add-column-not-null-no-default the table is empty\nALTER TABLE orders ADD COLUMN x text NOT NULL;',
        '-- @ignore up-fails-on-rows the table is empty\nALTER TABLE orders ADD COLUMN y text NOT NULL;',
      ],
      configuration: {
        rules: new Map([['add-column-not-null-no-default', { severity: 'off', options: {} }]]),
      },
    });
    expect(told(result, 'up-fails-on-rows')).toHaveLength(2);
    expect(findingOf(result, 'unused-suppression')).toBeDefined();
  });

  it('leaves what a comment ignores with a reason ignored, also under the name of what was seen', async () => {
    const result = await prove({
      history: [ORDERS],
      change: [`-- @ignore change-column-type the table is small\n${REWRITE}`],
    });
    expect(told(result, 'change-column-type', 'table-rewritten', 'unused-suppression')).toEqual([]);
    expect(result.ignores).toEqual([
      expect.objectContaining({ ruleId: 'change-column-type', reason: 'the table is small', suppressed: 1 }),
    ]);
  });

  it('obeys a comment about what only the proof can find', async () => {
    const result = await prove({
      history: [ORDERS],
      change: [`-- @ignore table-rewritten the table is small\n${UNREAD_REWRITE}`],
    });
    expect(told(result, 'table-rewritten', 'unused-suppression')).toEqual([]);
    expect(result.ignores).toEqual([expect.objectContaining({ ruleId: 'table-rewritten', suppressed: 1 })]);
    const without = await prove({ history: [ORDERS], change: [UNREAD_REWRITE] });
    expect(told(without, 'table-rewritten')).toEqual(['table-rewritten executed warning']);
  });

  it('says that a comment about what only the proof can find ignores nothing', async () => {
    const result = await prove({
      history: [ORDERS],
      change: ['-- @ignore table-rewritten it is small\nALTER TABLE orders ADD COLUMN note text;'],
    });
    expect(findingOf(result, 'unused-suppression').message).toContain('table-rewritten');
  });

  it('knows a lock that an earlier statement of the transaction has taken', async () => {
    const result = await prove({
      history: [ORDERS],
      change: [
        `ALTER TABLE orders ADD COLUMN note text;\n${REWRITE}`,
        `ALTER TABLE orders ADD COLUMN more text;\n${unread('ALTER TABLE orders ALTER COLUMN code TYPE integer USING 1')}`,
      ],
    });
    expect(findingOf(result, 'change-column-type').message).toContain(
      'ACCESS EXCLUSIVE on orders (kept since line 2), written anew',
    );
    expect(told(result, 'table-rewritten')).toEqual(['table-rewritten executed warning']);
  });

  it('does not refute what stands in a body, of which another branch may run elsewhere', async () => {
    const result = await prove({
      history: [ORDERS],
      change: [`DO $$ BEGIN IF false THEN ${REWRITE} END IF; END $$;`],
    });
    expect(told(result, 'change-column-type')).toEqual(['change-column-type static error']);
    expect(result.refuted).toEqual([]);
  });

  it('tells what a block did that nobody can read, and warns of it where it took something away or may go another way', async () => {
    const add = "EXECUTE 'ALTER TABLE orders ADD COLUMN ' || 'note text';";
    const dynamic = async (sql: string): Promise<Finding> =>
      findingOf(await prove({ history: [ORDERS], change: [sql] }), 'unanalyzable-dynamic-sql');
    const did = expect.stringMatching(
      /In the shadow database \(PostgreSQL 18\.\d+\) the whole statement did this: took ACCESS EXCLUSIVE on orders; made the column orders\.note\./,
    );
    expect(await dynamic(`DO $$ BEGIN ${add} END $$;`)).toMatchObject({
      severity: 'info',
      stage: 'executed',
      message: did,
    });
    expect(await dynamic(`DO $$ BEGIN IF true THEN ${add} END IF; END $$;`)).toMatchObject({
      severity: 'warning',
      stage: 'static',
      message: did,
    });
    expect(await dynamic("DO $$ BEGIN EXECUTE 'DROP TABLE ' || 'orders'; END $$;")).toMatchObject({
      severity: 'warning',
      message: expect.stringContaining('did this: took away the table orders; '),
    });
    expect(await dynamic(`DO $$ BEGIN IF false THEN ${add} END IF; END $$;`)).toMatchObject({
      severity: 'warning',
      message: expect.not.stringContaining('shadow database'),
    });
  });

  it('says that what it saw is of all actions of an ALTER TABLE together', async () => {
    const widened = 'ALTER COLUMN code TYPE varchar(20)';
    const result = await prove({
      history: [unread(ORDERS)],
      change: [`ALTER TABLE orders ${widened}, ALTER COLUMN total TYPE bigint;`],
    });
    expect(findingOf(result, 'change-column-type').message).toMatch(
      /\(PostgreSQL 18\.\d+\) of this statement as a whole, with its 2 actions: ACCESS EXCLUSIVE on orders, written anew\.$/,
    );
  });

  it('tells once that a migration fails because a later one makes what it uses', async () => {
    const { findings } = await prove({
      change: ['CREATE TABLE lines (id bigint PRIMARY KEY, order_id bigint REFERENCES orders (id));', ORDERS],
    });
    expect(told({ findings }, 'ordering-hazard', 'up-fails')).toEqual(['ordering-hazard executed error']);
  });

  it('refutes that an object is missing that another tool makes, and tells then what was silent because of it', async () => {
    const project = { history: [ORDERS], change: ['ALTER TABLE oders DROP COLUMN name;'] };
    const failing = await prove(project);
    expect(told(failing, 'unknown-object', 'up-fails', 'drop-column')).toEqual([
      'unknown-object executed error',
    ]);
    const fine = await prove({ ...project, prepare: 'CREATE TABLE oders (id bigint, name text);' });
    expect(fine.refuted.map(({ ruleId, because }) => [ruleId, because])).toEqual([
      [
        'unknown-object',
        expect.stringMatching(/^ran on PostgreSQL 18\.\d+ with 10 rows in oders: no error$/),
      ],
    ]);
    expect(told(fine, 'unknown-object', 'up-fails', 'drop-column')).toEqual(['drop-column static error']);
  });

  it('says once that a new key depends on the rows of the target, with the query that answers it', async () => {
    const { findings } = await prove({
      history: [ORDERS],
      change: ['CREATE UNIQUE INDEX orders_code_key ON orders (code);'],
    });
    expect(told({ findings }, 'add-unique-data-dependent', 'depends-on-data')).toEqual([
      'add-unique-data-dependent static warning',
    ]);
    expect(findingOf({ findings }, 'add-unique-data-dependent').fix).toMatch(
      /every row of the answer.*SELECT/s,
    );
  });

  it('says of an empty rollback once what it leaves', async () => {
    const { findings } = await prove({ change: [`${ORDERS}\n-- DOWN\n`] });
    expect(told({ findings }, 'empty-down', 'missing-down')).toEqual(['empty-down executed error']);
  });

  it('does not refute what was not run, because a statement before it failed', async () => {
    const result = await prove({
      ...INLINED,
      change: [`SELECT 1 / 0;\n${ADD_NUMBER}`],
    });
    expect(told(result, 'up-fails', 'add-column-volatile-default')).toEqual([
      'up-fails executed error',
      'add-column-volatile-default static error',
    ]);
  });
});

/** Rules that would speak of these small examples as well. */
const OFF = new Map(
  ['missing-down', 'metadata', 'require-named-constraint', 'type-int', 'data-lost-by-rollback'].map(
    (id) => [id, { severity: 'off', options: {} }] as const,
  ),
);
