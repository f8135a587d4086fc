import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Connection } from '../../../src/engine/connection.ts';
import { populate } from '../../../src/proof/populate/populate.ts';
import { codeOf, columnsOf, type World, worlds } from './worlds.ts';

const ROWS = 10;

describe.each(await worlds())('rows made in $name', (world: World) => {
  let session: Connection;
  let close: () => Promise<void>;
  beforeAll(async () => {
    ({ session, close } = await world.open());
  });
  afterAll(() => close());

  /** A schema of its own, in the search path. */
  async function inSchema(name: string, ddl: string): Promise<void> {
    await session.run(`CREATE SCHEMA ${name}; SET search_path = ${name}, public; ${ddl}`);
  }

  it('fit every type that PostgreSQL has, are all different, and leave some nullable values empty', async () => {
    await inSchema(
      'types',
      `CREATE TYPE mood AS ENUM ('sad', 'ok', 'happy');
       CREATE TYPE address AS (street text, zip char(5));
       CREATE TYPE span AS RANGE (subtype = float8);
       CREATE DOMAIN email AS text CHECK (VALUE ~ '^[^@]+@[^@]+\\.[a-z]+$');
       CREATE DOMAIN share AS numeric(4, 3) NOT NULL CHECK (VALUE >= 0 AND VALUE < 1);
       CREATE TABLE everything (
         int2 smallint, int4 int, int8 bigint, dec numeric(5, 2), num numeric, small numeric(3, 3), hundreds numeric(3, -2),
         real_ real, double_ double precision, cash money, yes boolean, txt text, vc varchar(3), ch char(2), one char, nm name,
         bytes bytea, d date, ts timestamp, tstz timestamptz, tm time, tmtz timetz, span_ interval, id uuid,
         js json, jsb jsonb, jp jsonpath, ip inet, net cidr, mac macaddr, mac8 macaddr8, bits bit(7), vbits varbit(9),
         vector_ tsvector, query_ tsquery, pt point, ln line, seg lseg, bx box, pth path, poly polygon, circ circle,
         r4 int4range, r8 int8range, rn numrange, rd daterange, rts tsrange, rtz tstzrange, m4 int4multirange, md datemultirange, own span,
         feeling mood, feelings mood[], ints int[], texts varchar(4)[], addr address, mail email, part share, lsn pg_lsn, o oid,
         made int GENERATED ALWAYS AS (int4 * 2) STORED, numbered bigint GENERATED ALWAYS AS IDENTITY, country char(2), phone varchar(20), url text
       )`,
    );
    expect(await populate(session, { tables: ['everything'], rows: ROWS })).toEqual({
      rowsPerTable: { 'types.everything': ROWS },
      skipped: [],
    });
    const columns = await columnsOf(session, 'everything');
    const few = new Set(['yes', 'feeling', 'feelings']);
    for (const [name, values] of Object.entries(columns)) {
      const there = values.filter((value) => value !== null).map((value) => JSON.stringify(value));
      expect([name, there.length > 0, there.length < ROWS]).toEqual([
        name,
        true,
        !['part', 'numbered'].includes(name),
      ]);
      if (!few.has(name)) expect([name, new Set(there).size]).toEqual([name, there.length]);
    }
    expect(new Set(columns['feeling'])).toEqual(new Set(['sad', 'ok', 'happy', null]));
    expect(columns['mail']).toContain('person2@example.com');
  });

  it('are the same ones for the same tables', async () => {
    const ddl = `CREATE TABLE shops (id serial PRIMARY KEY, name text NOT NULL, at timestamptz DEFAULT now(), key uuid DEFAULT gen_random_uuid());
      CREATE TABLE items (id uuid PRIMARY KEY DEFAULT gen_random_uuid(), shop_id int NOT NULL REFERENCES shops, price numeric(8, 2))`;
    const seen: unknown[] = [];
    for (const schema of ['same_one', 'same_two']) {
      await inSchema(schema, ddl);
      await populate(session, { tables: ['items'], rows: ROWS });
      seen.push(await columnsOf(session, 'shops'), await columnsOf(session, 'items'));
    }
    expect(seen.slice(0, 2)).toEqual(seen.slice(2));
  });

  it('fulfil CHECKs of the usual forms, each of their sides in some row', async () => {
    await inSchema(
      'checks',
      `CREATE TABLE orders (
         id int PRIMARY KEY CHECK (id > 0),
         status text NOT NULL CHECK (status IN ('draft', 'paid', 'sent')),
         amount numeric(6, 2) NOT NULL CHECK (amount > 0 AND amount <= 100),
         discount numeric(3, 2) NOT NULL CHECK (discount BETWEEN 0 AND 0.5),
         code varchar(9) NOT NULL UNIQUE CHECK (code ~ '^[A-Z]{2}-[0-9]{4,6}$'),
         slug text NOT NULL CHECK (slug = lower(slug) AND char_length(slug) >= 12),
         name text NOT NULL CHECK (length(trim(name)) > 0), mail text NOT NULL CHECK (position('@' in mail) > 1),
         sha bytea NOT NULL CHECK (octet_length(sha) = 32),
         opened timestamptz NOT NULL CHECK (opened <= now()), expires timestamptz NOT NULL CHECK (expires > now()),
         starts date NOT NULL, ends date NOT NULL, CHECK (ends > starts), CHECK (starts >= date '2019-03-01'),
         low int NOT NULL, high int NOT NULL, CHECK (low < high), tags text[] NOT NULL CHECK (cardinality(tags) BETWEEN 1 AND 3),
         roles text[] NOT NULL CHECK (roles <@ ARRAY['admin', 'user']), meta jsonb NOT NULL CHECK (jsonb_typeof(meta) = 'array'),
         card text, iban text, paypal text, CHECK (num_nonnulls(card, iban, paypal) = 1),
         kind text NOT NULL, weight int, pages int,
         CHECK ((kind = 'parcel' AND weight IS NOT NULL AND pages IS NULL) OR (kind = 'letter' AND weight IS NULL AND pages > 0)),
         total int NOT NULL, count int NOT NULL, price int NOT NULL, CHECK (total = count * price)
       )`,
    );
    expect(await populate(session, { tables: ['orders'], rows: ROWS })).toEqual({
      rowsPerTable: { 'checks.orders': ROWS },
      skipped: [],
    });
    const columns = await columnsOf(session, 'orders');
    expect(new Set(columns['status'])).toEqual(new Set(['draft', 'paid', 'sent']));
    expect(new Set(columns['kind'])).toEqual(new Set(['parcel', 'letter']));
    expect(columns['card']?.some((value) => value !== null)).toBe(true);
    expect(columns['paypal']?.some((value) => value !== null)).toBe(true);
  });

  it('refer to rows of other tables, however the foreign keys run', async () => {
    await inSchema(
      'links',
      `CREATE TABLE tenants (id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY);
       CREATE TABLE users (id bigserial PRIMARY KEY, tenant_id int NOT NULL REFERENCES tenants, boss_id bigint REFERENCES users CHECK (boss_id <> id), UNIQUE (id, tenant_id));
       CREATE TABLE profiles (user_id bigint PRIMARY KEY REFERENCES users);
       CREATE TABLE messages (id serial, tenant_id int NOT NULL REFERENCES tenants, sender bigint NOT NULL REFERENCES users, at timestamptz);
       CREATE TABLE transfers (sender bigint NOT NULL REFERENCES users, reader bigint NOT NULL REFERENCES users, CHECK (sender <> reader));
       CREATE TABLE docs (id serial PRIMARY KEY, tenant_id int NOT NULL REFERENCES tenants, user_id bigint NOT NULL, FOREIGN KEY (user_id, tenant_id) REFERENCES users (id, tenant_id));
       CREATE TABLE chicken (id int PRIMARY KEY, egg_id int); CREATE TABLE egg (id int PRIMARY KEY, chicken_id int NOT NULL REFERENCES chicken);
       ALTER TABLE chicken ADD FOREIGN KEY (egg_id) REFERENCES egg;
       CREATE TABLE head (id int PRIMARY KEY, tail_id int NOT NULL); CREATE TABLE tail (id int PRIMARY KEY, head_id int NOT NULL REFERENCES head);
       ALTER TABLE head ADD FOREIGN KEY (tail_id) REFERENCES tail DEFERRABLE;
       CREATE TABLE roots (id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY, root_id int NOT NULL REFERENCES roots);
       CREATE TABLE "Odd Name" ("The Id" serial PRIMARY KEY, "order" int REFERENCES "Odd Name", "User" bigint REFERENCES users)`,
    );
    const names = ['profiles', 'messages', 'transfers', 'docs', 'chicken', 'tail', 'roots', '"Odd Name"'];
    const filled = await populate(session, { tables: names, rows: ROWS });
    expect(filled.skipped).toEqual([]);
    expect(new Set(Object.values(filled.rowsPerTable))).toEqual(new Set([ROWS]));
    expect(Object.keys(filled.rowsPerTable).sort()).toEqual(
      [
        '"Odd Name"',
        'chicken',
        'docs',
        'egg',
        'head',
        'messages',
        'profiles',
        'roots',
        'tail',
        'tenants',
        'transfers',
        'users',
      ].map((name) => `links.${name}`),
    );
    for (const [table, column] of [
      ['users', 'boss_id'],
      ['chicken', 'egg_id'],
    ] as const) {
      const values = (await columnsOf(session, table))[column] ?? [];
      expect([column, values.includes(null), values.some((value) => value !== null)]).toEqual([
        column,
        true,
        true,
      ]);
    }
    // Nobody wrote it down, but whoever sends and where it is sent have the same tenant.
    const [strange] = await session.query(
      'SELECT count(*)::text AS count FROM messages m JOIN users u ON u.id = m.sender WHERE u.tenant_id <> m.tenant_id',
    );
    expect(strange).toEqual({ count: '0' });
  });

  it('land in the partitions that are there', async () => {
    await inSchema(
      'parts',
      `CREATE TABLE shops (id int PRIMARY KEY);
       CREATE TABLE days (id int NOT NULL, at timestamptz NOT NULL, PRIMARY KEY (id, at)) PARTITION BY RANGE (at);
       CREATE TABLE days_1 PARTITION OF days FOR VALUES FROM ('2020-01-01') TO ('2020-02-01');
       CREATE TABLE days_2 PARTITION OF days FOR VALUES FROM ('2020-02-01') TO ('2020-03-01') PARTITION BY LIST (id);
       CREATE TABLE days_2_1 PARTITION OF days_2 FOR VALUES IN (7, 8); CREATE TABLE days_2_n PARTITION OF days_2 DEFAULT;
       CREATE TABLE places (region text, n int) PARTITION BY LIST (region);
       CREATE TABLE places_eu PARTITION OF places FOR VALUES IN ('de', 'fr'); CREATE TABLE places_others PARTITION OF places DEFAULT;
       CREATE TABLE keys (id bigint PRIMARY KEY) PARTITION BY HASH (id);
       CREATE TABLE keys_0 PARTITION OF keys FOR VALUES WITH (MODULUS 2, REMAINDER 0); CREATE TABLE keys_1 PARTITION OF keys FOR VALUES WITH (MODULUS 2, REMAINDER 1);
       CREATE TABLE sales (n int, shop_id int NOT NULL) PARTITION BY RANGE (n);
       CREATE TABLE sales_1 PARTITION OF sales FOR VALUES FROM (MINVALUE) TO (100); ALTER TABLE sales_1 ADD FOREIGN KEY (shop_id) REFERENCES shops, ADD CHECK (n > 50);
       CREATE TABLE empty (id int) PARTITION BY LIST (id)`,
    );
    const filled = await populate(session, {
      tables: ['days', 'places_eu', 'places_others', 'keys_1', 'sales', 'empty'],
      rows: ROWS,
    });
    const { 'parts.keys': keys = 0, 'parts.keys_1': one = 0, ...others } = filled.rowsPerTable;
    expect(others).toEqual({
      'parts.days': ROWS,
      'parts.places_eu': ROWS / 2,
      'parts.places_others': ROWS / 2,
      'parts.sales': ROWS,
      'parts.shops': ROWS,
    });
    expect([keys >= ROWS, one > 0]).toEqual([true, true]);
    expect(filled.skipped).toEqual([
      { table: 'parts.empty', reason: 'it is partitioned, and has no partition yet' },
    ]);
    const spread = await session.query(
      'SELECT DISTINCT tableoid::regclass::text AS name FROM days ORDER BY 1',
    );
    expect(spread.map(({ name }) => name)).toEqual(['days_1', 'days_2_1', 'days_2_n']);
  });

  it('name the tables that cannot have any, with the reason, and fill the others', async () => {
    await inSchema(
      'refused',
      `CREATE TABLE never (id int PRIMARY KEY, CONSTRAINT no_way CHECK (false)); CREATE TABLE after_never (id int REFERENCES never NOT NULL);
       CREATE TABLE maybe_never (id int REFERENCES never); CREATE TABLE fine (id int);
       CREATE TABLE a (id int PRIMARY KEY, b_id int NOT NULL); CREATE TABLE b (id int PRIMARY KEY, a_id int NOT NULL REFERENCES a);
       ALTER TABLE a ADD FOREIGN KEY (b_id) REFERENCES b;
       CREATE TABLE odd (x pg_node_tree NOT NULL);
       CREATE FUNCTION nothing() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END';
       CREATE TABLE vanishing (id int); CREATE TRIGGER vanish BEFORE INSERT ON vanishing FOR EACH ROW EXECUTE FUNCTION nothing()`,
    );
    const filled = await populate(session, {
      tables: ['never', 'after_never', 'maybe_never', 'fine', 'a', 'odd', 'vanishing', 'not_there'],
      rows: ROWS,
    });
    expect(filled.rowsPerTable).toEqual({ 'refused.fine': ROWS, 'refused.maybe_never': ROWS });
    const circle =
      'foreign keys on NOT NULL columns run in a circle (refused.a, refused.b), and none of them can be deferred';
    expect(Object.fromEntries(filled.skipped.map(({ table, reason }) => [table.slice(8), reason]))).toEqual({
      never:
        'the server refuses the rows made for it: new row for relation "never" violates check constraint "no_way"',
      after_never: 'it references refused.never, which has no rows',
      a: circle,
      b: circle,
      odd: 'no value can be made up for its column x of type pg_node_tree',
      vanishing: 'its INSERT leaves no row: a trigger or a rule turns them away',
    });
  });

  it('get past triggers that raise and policies that are forced, and both stand as before', async () => {
    await inSchema(
      'guarded',
      `CREATE FUNCTION no() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RAISE EXCEPTION ''not today''; END';
       CREATE TABLE raising (id int); CREATE TRIGGER no BEFORE INSERT ON raising FOR EACH ROW EXECUTE FUNCTION no();
       CREATE TRIGGER off BEFORE INSERT ON raising FOR EACH ROW EXECUTE FUNCTION no(); ALTER TABLE raising DISABLE TRIGGER off;
       CREATE TABLE secrets (id serial PRIMARY KEY, owner text); ALTER TABLE secrets ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
       CREATE POLICY mine ON secrets USING (owner = 'nobody');
       CREATE TABLE letters (secret_id int NOT NULL REFERENCES secrets)`,
    );
    const filled = await populate(session, { tables: ['raising', 'letters'], rows: ROWS });
    expect(filled.skipped).toEqual([]);
    expect(filled.rowsPerTable).toMatchObject({ 'guarded.raising': ROWS, 'guarded.letters': ROWS });
    const states = await session.query(
      `SELECT tgname || tgenabled::text AS state FROM pg_trigger WHERE tgrelid = 'raising'::regclass ORDER BY 1
       `,
    );
    expect(states.map(({ state }) => state)).toEqual(['noO', 'offD']);
    expect(
      await session.query(
        "SELECT relforcerowsecurity AS forced FROM pg_class WHERE oid = 'secrets'::regclass",
      ),
    ).toEqual([{ forced: 't' }]);
  });

  it('leave rows that stand and sequences alone, so that a migration can still write its own', async () => {
    await inSchema(
      'kept',
      `CREATE TABLE roles (id serial PRIMARY KEY, name text UNIQUE NOT NULL, extra text, parent_id int REFERENCES roles);
       CREATE TABLE grants (id int GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY, role_id smallint NOT NULL REFERENCES roles);
       INSERT INTO roles (name) VALUES ('admin'), ('user')`,
    );
    const asked = { tables: ['grants'], rows: ROWS };
    expect((await populate(session, asked)).rowsPerTable).toEqual({
      'kept.roles': ROWS,
      'kept.grants': ROWS,
    });
    expect(await session.query("SELECT id, extra, parent_id FROM roles WHERE name = 'admin'")).toEqual([
      { id: '1', extra: null, parent_id: null },
    ]);
    expect(await session.query("INSERT INTO roles (name) VALUES ('guest') RETURNING id")).toEqual([
      { id: '3' },
    ]);
    expect(await session.query('INSERT INTO grants (role_id) VALUES (1) RETURNING id')).toEqual([
      { id: '1' },
    ]);
    // Who comes again finds enough of them, and adds a few that have what is new.
    await session.run('ALTER TABLE roles ADD COLUMN level int');
    expect((await populate(session, asked)).rowsPerTable).toEqual({ 'kept.roles': 14, 'kept.grants': 14 });
    expect((await columnsOf(session, 'roles'))['level']?.some((level) => level !== null)).toBe(true);
  });

  it('fail what passes on empty tables only, and not what hangs on the real data', async () => {
    await inSchema(
      'changes',
      `CREATE TABLE people (id serial PRIMARY KEY, nick text, email text, team_id int, age text, room int, stay daterange, from_ timestamptz NOT NULL, to_ timestamptz NOT NULL, CHECK (from_ < to_));
       CREATE TABLE teams (id serial PRIMARY KEY)`,
    );
    await populate(session, {
      tables: ['people', 'teams'],
      rows: ROWS,
      coming: [
        { table: { name: 'people' }, columns: ['team_id'], references: { name: 'teams' }, referenced: [] },
      ],
    });
    const codes = async (...statements: string[]): Promise<(string | undefined)[]> => {
      const seen: (string | undefined)[] = [];
      for (const statement of statements) seen.push(await codeOf(session, statement));
      return seen;
    };
    expect(
      await codes(
        'ALTER TABLE people ADD COLUMN c int NOT NULL',
        'ALTER TABLE people ALTER COLUMN nick SET NOT NULL',
        'ALTER TABLE people ALTER COLUMN nick TYPE int USING nick::int',
        'ALTER TABLE people ALTER COLUMN nick TYPE varchar(3)',
        'ALTER TABLE people ADD CHECK (length(nick) > 100)',
      ),
    ).toEqual(['23502', '23502', '22P02', '22001', '23514']);
    expect(
      await codes(
        'CREATE UNIQUE INDEX ON people (nick)',
        'CREATE UNIQUE INDEX ON people (lower(email))',
        'CREATE UNIQUE INDEX ON people (team_id)',
        'ALTER TABLE people ADD FOREIGN KEY (team_id) REFERENCES teams',
        'ALTER TABLE people ALTER COLUMN age TYPE int USING age::int',
        'ALTER TABLE people ADD EXCLUDE USING gist (room WITH =, stay WITH &&)',
        'ALTER TABLE people ADD EXCLUDE USING gist (tstzrange(from_, to_) WITH &&)',
        "INSERT INTO people (id, from_, to_) VALUES (1, now(), 'infinity')",
      ),
    ).toEqual([undefined, undefined, undefined, undefined, undefined, undefined, undefined, undefined]);
  });

  it('reach tables through views, indexes, types and schemas, also such as inherit', async () => {
    await inSchema(
      'reached',
      `CREATE DOMAIN code AS text; CREATE TABLE of_domain (c code[]); CREATE TABLE of_index (id int); CREATE INDEX by_id ON of_index (id);
       CREATE TABLE of_view (id int); CREATE VIEW one AS SELECT * FROM of_view; CREATE MATERIALIZED VIEW two AS SELECT * FROM one;
       CREATE TABLE parent (id int); CREATE TABLE child () INHERITS (parent); CREATE TABLE other (id int);
       CREATE SCHEMA "Far Away"; CREATE TABLE "Far Away".t (id int)`,
    );
    const filled = await populate(session, {
      tables: ['two', 'by_id', 'code', 'parent', '"Far Away".*'],
      rows: 2,
    });
    expect(Object.keys(filled.rowsPerTable).sort()).toEqual([
      '"Far Away".t',
      'reached.child',
      'reached.of_domain',
      'reached.of_index',
      'reached.of_view',
      'reached.parent',
    ]);
  });

  it('fit into tables of 1,600 columns', async () => {
    const columns = (of: (at: number) => string): string =>
      Array.from({ length: 1600 }, (_, at) => of(at)).join(', ');
    await inSchema(
      'wide',
      `CREATE TABLE texts (${columns((at) => `c${at} text`)});
       CREATE TABLE mixed (${columns((at) => (at % 2 ? `c${at} bigint` : `c${at} text NOT NULL DEFAULT ''`))});
       CREATE TABLE numbers (${columns((at) => `c${at} int NOT NULL`)})`,
    );
    const filled = await populate(session, { tables: ['texts', 'mixed', 'numbers'], rows: ROWS });
    expect(filled).toEqual({
      rowsPerTable: { 'wide.texts': ROWS, 'wide.mixed': ROWS, 'wide.numbers': ROWS },
      skipped: [],
    });
    const values = Object.values(await columnsOf(session, 'texts'));
    expect(values.every((column) => column.some((value) => value !== null))).toBe(true);
  });
});
