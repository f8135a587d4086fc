import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { flywayChecksum } from '../../../src/engine/adopt/flyway.ts';
import { type PostgresServer, startPostgres } from '../../postgres/server.ts';
import { parsed } from '../cli/run-cli.ts';
import { openScene, type Scene } from './scene.ts';

let server: PostgresServer;
beforeAll(async () => {
  server = await startPostgres();
});
afterAll(() => server.stop());

const ONE = 'CREATE TABLE one (id bigint PRIMARY KEY);\n';
const TWO = 'CREATE TABLE two (id bigint PRIMARY KEY);\n';
const THREE = 'CREATE TABLE three (id bigint PRIMARY KEY);\n';
const DOWN = 'DROP TABLE one;\n';

const hash = (algorithm: string, text: string): string => createHash(algorithm).update(text).digest('hex');

interface Kept {
  readonly layout: string;
  /** The first two of them ran. */
  readonly files: Readonly<Record<string, string>>;
  /** The tool's table as it makes it itself, with what it says of the first two. */
  readonly table: string;
  readonly ids: readonly string[];
  /** What it looks like when the tool failed, and what Airlock says to do. */
  readonly failed?: readonly [sql: string, next: string];
  /** It keeps a checksum: this file's change is noticed. */
  readonly changed?: string;
  /** Makes it say that it ran something that has no file. */
  readonly gone: string;
}

const SCHEMA_MIGRATIONS =
  'CREATE TABLE schema_migrations (version bigint NOT NULL PRIMARY KEY, dirty boolean NOT NULL);';

const TOOLS: readonly Kept[] = [
  {
    layout: 'golang-migrate',
    files: {
      'migrations/000001_one.up.sql': ONE,
      'migrations/000001_one.down.sql': DOWN,
      'migrations/000002_two.up.sql': TWO,
      'migrations/000003_three.up.sql': THREE,
    },
    table: `${SCHEMA_MIGRATIONS} INSERT INTO schema_migrations VALUES (2, false)`,
    ids: ['000001', '000002'],
    failed: ['UPDATE schema_migrations SET dirty = true', 'migrate force 2'],
    gone: 'UPDATE schema_migrations SET version = 7',
  },
  {
    layout: 'flyway',
    files: {
      'migrations/V1__one.sql': ONE,
      'migrations/V1.1__two.sql': TWO.replaceAll('\n', '\r\n'),
      'migrations/V2__three.sql': THREE,
    },
    table: `CREATE TABLE flyway_schema_history (installed_rank integer NOT NULL PRIMARY KEY, version varchar(50),
        description varchar(200) NOT NULL, type varchar(20) NOT NULL, script varchar(1000) NOT NULL, checksum integer,
        installed_by varchar(100) NOT NULL, installed_on timestamp NOT NULL DEFAULT now(), execution_time integer NOT NULL,
        success boolean NOT NULL);
      INSERT INTO flyway_schema_history VALUES
        (1, '1', 'one', 'SQL', 'V1__one.sql', ${flywayChecksum(ONE)}, 'me', now(), 1, true),
        (2, '1.1', 'two', 'SQL', 'V1.1__two.sql', ${flywayChecksum(TWO)}, 'me', now(), 1, true),
        (3, '2', 'three', 'SQL', 'V2__three.sql', ${flywayChecksum(THREE)}, 'me', now(), 1, true),
        (4, '2', 'three', 'UNDO_SQL', 'U2__three.sql', 1, 'me', now(), 1, true)`,
    ids: ['1', '1.1'],
    failed: [`UPDATE flyway_schema_history SET success = false WHERE version = '1.1'`, 'flyway repair'],
    changed: 'migrations/V1__one.sql',
    gone: `INSERT INTO flyway_schema_history VALUES (9, '9', 'x', 'SQL', 'V9__x.sql', 1, 'me', now(), 1, true)`,
  },
  {
    layout: 'diesel',
    files: {
      'migrations/2026-01-01-120000_one/up.sql': ONE,
      'migrations/2026-01-01-120000_one/down.sql': DOWN,
      'migrations/2026-01-02-120000_two/up.sql': TWO,
      'migrations/2026-01-02-120000_two/down.sql': 'DROP TABLE two;\n',
      'migrations/2026-01-03-120000_three/up.sql': THREE,
      'migrations/2026-01-03-120000_three/down.sql': 'DROP TABLE three;\n',
    },
    table: `CREATE TABLE __diesel_schema_migrations (version varchar(50) PRIMARY KEY NOT NULL, run_on timestamp NOT NULL DEFAULT now());
      INSERT INTO __diesel_schema_migrations (version) VALUES ('20260101120000'), ('20260102120000')`,
    ids: ['20260101120000', '20260102120000'],
    gone: `INSERT INTO __diesel_schema_migrations (version) VALUES ('20250101120000')`,
  },
  {
    layout: 'sqlx',
    files: {
      'migrations/20260101120000_one.sql': ONE,
      'migrations/20260102120000_two.sql': TWO,
      'migrations/20260103120000_three.sql': THREE,
    },
    table: `CREATE TABLE _sqlx_migrations (version bigint PRIMARY KEY, description text NOT NULL,
        installed_on timestamptz NOT NULL DEFAULT now(), success boolean NOT NULL, checksum bytea NOT NULL, execution_time bigint NOT NULL);
      INSERT INTO _sqlx_migrations VALUES
        (20260101120000, 'one', now(), true, decode('${hash('sha384', ONE)}', 'hex'), 1),
        (20260102120000, 'two', now(), true, decode('${hash('sha384', TWO)}', 'hex'), 1)`,
    ids: ['20260101120000', '20260102120000'],
    failed: [
      'UPDATE _sqlx_migrations SET success = false WHERE version = 20260102120000',
      'WHERE version = 20260102120000',
    ],
    changed: 'migrations/20260102120000_two.sql',
    gone: `INSERT INTO _sqlx_migrations VALUES (7, 'x', now(), true, '', 1)`,
  },
  {
    layout: 'dbmate',
    files: {
      'migrations/20260101120000_one.sql': `-- migrate:up\n${ONE}\n-- migrate:down\n${DOWN}`,
      'migrations/20260102120000_two.sql': `-- migrate:up\n${TWO}\n-- migrate:down\n`,
      'migrations/20260103120000_three.sql': `-- migrate:up\n${THREE}\n-- migrate:down\n`,
    },
    table: `CREATE TABLE schema_migrations (version varchar PRIMARY KEY);
      INSERT INTO schema_migrations VALUES ('20260101120000'), ('20260102120000')`,
    ids: ['20260101120000', '20260102120000'],
    gone: `INSERT INTO schema_migrations VALUES ('7')`,
  },
  {
    layout: 'goose',
    files: {
      'migrations/00001_one.sql': `-- +goose Up\n${ONE}\n-- +goose Down\n${DOWN}`,
      'migrations/00002_two.sql': `-- +goose Up\n${TWO}\n-- +goose Down\n`,
      'migrations/00003_three.sql': `-- +goose Up\n${THREE}\n-- +goose Down\n`,
    },
    table: `CREATE TABLE goose_db_version (id integer PRIMARY KEY GENERATED BY DEFAULT AS IDENTITY, version_id bigint NOT NULL,
        is_applied boolean NOT NULL, tstamp timestamp NOT NULL DEFAULT now());
      INSERT INTO goose_db_version (version_id, is_applied) VALUES (0, true), (1, true), (2, true), (3, true), (3, false)`,
    ids: ['00001', '00002'],
    gone: 'INSERT INTO goose_db_version (version_id, is_applied) VALUES (9, true)',
  },
  {
    layout: 'sql-migrate',
    files: {
      'migrations/1-one.sql': `-- +migrate Up\n${ONE}\n-- +migrate Down\n${DOWN}`,
      'migrations/2-two.sql': `-- +migrate Up\n${TWO}\n-- +migrate Down\n`,
      'migrations/3-three.sql': `-- +migrate Up\n${THREE}\n-- +migrate Down\n`,
    },
    table: `CREATE TABLE gorp_migrations (id text NOT NULL PRIMARY KEY, applied_at timestamptz);
      INSERT INTO gorp_migrations VALUES ('1-one.sql', now()), ('2-two.sql', now())`,
    ids: ['1-one.sql', '2-two.sql'],
    gone: `INSERT INTO gorp_migrations VALUES ('0-zero.sql', now())`,
  },
  {
    layout: 'prisma',
    files: {
      'migrations/migration_lock.toml': 'provider = "postgresql"\n',
      'migrations/20260101120000_one/migration.sql': ONE,
      'migrations/20260102120000_two/migration.sql': TWO,
      'migrations/20260103120000_three/migration.sql': THREE,
    },
    table: `CREATE TABLE _prisma_migrations (id varchar(36) PRIMARY KEY NOT NULL, checksum varchar(64) NOT NULL, finished_at timestamptz,
        migration_name varchar(255) NOT NULL, logs text, rolled_back_at timestamptz, started_at timestamptz NOT NULL DEFAULT now(),
        applied_steps_count integer NOT NULL DEFAULT 0);
      INSERT INTO _prisma_migrations VALUES
        ('a', '${hash('sha256', ONE)}', now(), '20260101120000_one', NULL, NULL, now(), 1),
        ('b', 'another', NULL, '20260102120000_two', 'broken', now(), now() - interval '1 hour', 0),
        ('c', '${hash('sha256', TWO)}', now(), '20260102120000_two', NULL, NULL, now(), 1),
        ('d', '${hash('sha256', THREE)}', now(), '20260103120000_three', NULL, now(), now(), 1)`,
    ids: ['20260101120000_one', '20260102120000_two'],
    failed: [
      `UPDATE _prisma_migrations SET finished_at = NULL WHERE id = 'c'`,
      'prisma migrate resolve --applied 20260102120000_two',
    ],
    changed: 'migrations/20260101120000_one/migration.sql',
    gone: `UPDATE _prisma_migrations SET migration_name = '20250101120000_zero' WHERE id = 'a'`,
  },
  {
    layout: 'drizzle',
    files: {
      'migrations/meta/_journal.json': JSON.stringify({
        version: '7',
        dialect: 'postgresql',
        entries: ['0000_one', '0001_two', '0002_three'].map((tag, idx) => ({
          idx,
          version: '7',
          when: 1000 + idx,
          tag,
          breakpoints: true,
        })),
      }),
      'migrations/0000_one.sql': ONE,
      'migrations/0001_two.sql': TWO,
      'migrations/0002_three.sql': THREE,
    },
    table: `CREATE SCHEMA drizzle; CREATE TABLE drizzle.__drizzle_migrations (id serial PRIMARY KEY, hash text NOT NULL, created_at bigint);
      INSERT INTO drizzle.__drizzle_migrations (hash, created_at) VALUES ('${hash('sha256', ONE)}', 1000), ('${hash('sha256', TWO)}', 1001)`,
    ids: ['0000_one', '0001_two'],
    changed: 'migrations/0001_two.sql',
    gone: `INSERT INTO drizzle.__drizzle_migrations (hash, created_at) VALUES ('a', 1002), ('b', 1003)`,
  },
  {
    layout: 'node-pg-migrate',
    files: {
      'migrations/1767268800000_one.sql': `-- Up Migration\n${ONE}\n-- Down Migration\n${DOWN}`,
      'migrations/1767268800001_two.sql': `-- Up Migration\n${TWO}\n-- Down Migration\n`,
      'migrations/1767268800002_three.sql': `-- Up Migration\n${THREE}\n-- Down Migration\n`,
    },
    table: `CREATE TABLE pgmigrations (id serial PRIMARY KEY, name varchar(255) NOT NULL, run_on timestamp NOT NULL);
      INSERT INTO pgmigrations (name, run_on) VALUES ('1767268800000_one', now()), ('1767268800001_two', now())`,
    ids: ['1767268800000', '1767268800001'],
    gone: `INSERT INTO pgmigrations (name, run_on) VALUES ('1_in_javascript', now())`,
  },
  {
    layout: 'sqitch',
    files: {
      'migrations/sqitch.plan':
        '%syntax-version=1.0.0\n%project=shop\n\none 2026-01-01T12:00:00Z Ada <a@b.c> # one\ntwo 2026-01-02T12:00:00Z Ada <a@b.c> # two\nthree 2026-01-03T12:00:00Z Ada <a@b.c> # three\n',
      'migrations/deploy/one.sql': ONE,
      'migrations/revert/one.sql': DOWN,
      'migrations/deploy/two.sql': TWO,
      'migrations/revert/two.sql': 'DROP TABLE two;\n',
      'migrations/deploy/three.sql': THREE,
      'migrations/revert/three.sql': 'DROP TABLE three;\n',
    },
    table: `CREATE SCHEMA sqitch; CREATE TABLE sqitch.changes (change_id text PRIMARY KEY, script_hash text, change text NOT NULL,
        project text NOT NULL, note text NOT NULL DEFAULT '', committed_at timestamptz NOT NULL DEFAULT clock_timestamp());
      CREATE TABLE sqitch.events (event text NOT NULL, change_id text NOT NULL, change text NOT NULL, project text NOT NULL,
        committed_at timestamptz NOT NULL DEFAULT clock_timestamp());
      INSERT INTO sqitch.changes (change_id, script_hash, change, project) VALUES ('0', 'x', 'other', 'elsewhere');
      INSERT INTO sqitch.changes (change_id, script_hash, change, project) VALUES ('1', '${hash('sha1', ONE)}', 'one', 'shop');
      INSERT INTO sqitch.changes (change_id, script_hash, change, project) VALUES ('2', '${hash('sha1', TWO)}', 'two', 'shop');
      INSERT INTO sqitch.events (event, change_id, change, project) VALUES ('deploy', '2', 'two', 'shop')`,
    ids: ['one', 'two'],
    failed: [
      `INSERT INTO sqitch.events (event, change_id, change, project) VALUES ('fail', '3', 'three', 'shop')`,
      'sqitch deploy',
    ],
    changed: 'migrations/deploy/two.sql',
    gone: `INSERT INTO sqitch.changes (change_id, script_hash, change, project) VALUES ('4', 'y', 'gone', 'shop')`,
  },
];

async function adopted({ layout, files, table }: Kept): Promise<Scene> {
  const scene = await openScene(server.connectionString, {
    ...files,
    'migration.config.yml': `directory: migrations\nlayout: ${layout}\nrunner: airlock\nenvironments:\n  staging: { skipBackup: true, skipValidation: true }\n`,
  });
  await scene.sql(`${ONE}${TWO}${table}`);
  return scene;
}

const env = ['--env', 'staging'];

describe.concurrent.each(TOOLS)('the history of $layout', (tool) => {
  it('is taken over, and up goes on behind it', async () => {
    const scene = await adopted(tool);
    const shown = await scene.run(['adopt', ...env]);
    expect(shown.code, shown.err).toBe(2);
    expect(shown.err).toContain('2 would be recorded');
    expect(await scene.column(`SELECT to_regclass('_migration_history')::text`)).toEqual([null]);
    const done = await scene.run(['adopt', ...env, '--yes', '--json']);
    expect(done.code, done.err).toBe(0);
    expect(parsed(done).reasonCode).toBe('adopted');
    expect(parsed(done).plan?.migrations.map(({ id }) => id)).toEqual(tool.ids);
    expect(
      await scene.column(
        `SELECT migration_id FROM _migration_history WHERE status = 'baselined' ORDER BY id`,
      ),
    ).toEqual(tool.ids);
    const [details] = await scene.column(`SELECT details FROM _migration_audit_log WHERE action = 'adopt'`);
    expect(JSON.parse(details ?? '').migrations).toEqual(tool.ids);
    const again = await scene.run(['adopt', ...env, '--yes']);
    expect(again.out).toContain('nothing to do');
    const up = await scene.run(['up', ...env]);
    expect(up.code, up.err).toBe(0);
    expect(await scene.column(`SELECT to_regclass('three')::text`)).toEqual(['three']);
  });

  it('is refused where it says that something ran of which there is no file', async () => {
    const scene = await adopted(tool);
    await scene.sql(tool.gone);
    const { code, err } = await scene.run(['adopt', ...env, '--yes']);
    expect(err).toContain('there is no file for it');
    expect(code).toBe(6);
    expect(await scene.column(`SELECT to_regclass('_migration_history')::text`)).toEqual([null]);
  });

  if (tool.failed) {
    const [sql, next] = tool.failed;
    it('is refused where something failed, with what to do', async () => {
      const scene = await adopted(tool);
      await scene.sql(sql);
      const { code, err } = await scene.run(['adopt', ...env, '--yes']);
      expect(code).toBe(2);
      expect(err).toContain(next);
    });
  }

  if (tool.changed !== undefined) {
    const path = tool.changed;
    it('is refused where a file is not the one that ran', async () => {
      const scene = await adopted(tool);
      scene.write(path, 'CREATE TABLE another (id bigint PRIMARY KEY);\n');
      const { code, err } = await scene.run(['adopt', ...env, '--yes']);
      expect(err).toContain('its file is another one since');
      expect(code).toBe(6);
    });
  }
});

describe('a history that is not there', () => {
  const tool = TOOLS.find(({ layout }) => layout === 'dbmate');
  it('is asked for by name, and found in another schema', async () => {
    if (!tool) throw new Error('dbmate is one of them');
    const scene = await adopted(tool);
    await scene.sql('CREATE SCHEMA kept; ALTER TABLE schema_migrations SET SCHEMA kept');
    const { code, err } = await scene.run(['adopt', ...env, '--yes']);
    expect(code).toBe(2);
    expect(err).toContain('--table <schema>.<table>');
    expect((await scene.run(['adopt', ...env, '--yes', '--table', 'kept.schema_migrations'])).code).toBe(0);
  });

  it('is not taken for that of another tool with a table of the same name', async () => {
    const golang = TOOLS.find(({ layout }) => layout === 'golang-migrate');
    if (!tool || !golang) throw new Error('both are among them');
    const scene = await adopted({ ...golang, table: tool.table });
    const { code, err } = await scene.run(['adopt', ...env, '--yes']);
    expect(code).toBe(2);
    expect(err).toContain('is no table of golang-migrate');
  });
});

describe('what Flyway calls a baseline', () => {
  it.each([
    ['of its command', 'BASELINE', '<< Flyway Baseline >>'],
    ['of a file', 'SQL_BASELINE', 'B1.1__all.sql'],
  ])('%s stands for all that is not newer', async (_, type, script) => {
    const tool = TOOLS.find(({ layout }) => layout === 'flyway');
    if (!tool) throw new Error('it is one of them');
    const scene = await adopted(tool);
    await scene.sql(
      `DELETE FROM flyway_schema_history; INSERT INTO flyway_schema_history VALUES (1, '1.1', 'b', '${type}', '${script}', NULL, 'me', now(), 0, true)`,
    );
    const { code, out, err } = await scene.run(['adopt', ...env, '--yes']);
    expect(code, err).toBe(0);
    expect(out).toContain('never run by Flyway, and left to airlock up: 2');
    expect(await scene.column('SELECT migration_id FROM _migration_history ORDER BY id')).toEqual(tool.ids);
  });
});

describe("Flyway's checksum", () => {
  it('is the CRC-32 of the lines as a signed number', () => {
    // The check value of CRC-32 (ISO-HDLC): 0xCBF43926 of the digits 1 to 9.
    expect(flywayChecksum('\uFEFF1234\r\n567\n89\n')).toBe(0xcbf43926 | 0);
  });
});
