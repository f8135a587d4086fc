import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { resolveBinary } from 'dbmate';
import { drizzle } from 'drizzle-orm/node-postgres';
import { migrate } from 'drizzle-orm/node-postgres/migrator';
import { runner } from 'node-pg-migrate';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type PostgresServer, startPostgres } from '../../postgres/server.ts';
import { parsed, run } from '../cli/run-cli.ts';
import { openScene, type Scene } from './scene.ts';

let server: PostgresServer;
beforeAll(async () => {
  server = await startPostgres();
});
afterAll(() => server.stop());

interface RealTool {
  readonly layout: string;
  readonly table: string;
  /** Up to the nth of them. */
  files(count: number): Readonly<Record<string, string>>;
  readonly ids: readonly string[];
  /** It keeps checksums. */
  readonly proves: boolean;
  up(scene: Scene): Promise<unknown>;
}

const NAMES = ['one', 'two', 'three'] as const;
const create = (name: string): string => `CREATE TABLE ${name} (id bigint PRIMARY KEY);\n`;

/** Files of both directions, with the markers of the tool. */
const marked =
  (id: (place: number) => string, up: string, down: string): RealTool['files'] =>
  (count) =>
    Object.fromEntries(
      NAMES.slice(0, count).map((name, place) => [
        `migrations/${id(place)}_${name}.sql`,
        `${up}\n${create(name)}\n${down}\nDROP TABLE ${name};\n`,
      ]),
    );

const TOOLS: readonly RealTool[] = [
  {
    layout: 'dbmate',
    table: 'schema_migrations',
    files: marked((place) => `2026010${place + 1}120000`, '-- migrate:up', '-- migrate:down'),
    ids: ['20260101120000', '20260102120000'],
    proves: false,
    async up({ url, folder }) {
      const args = [
        '--url',
        `${url}?sslmode=disable`,
        '--migrations-dir',
        'migrations',
        '--no-dump-schema',
        'up',
      ];
      const { code, out, err } = await run(resolveBinary(), args, { cwd: folder });
      expect(code, out + err).toBe(0);
    },
  },
  {
    layout: 'node-pg-migrate',
    table: 'pgmigrations',
    files: marked((place) => `176726880000${place}`, '-- Up Migration', '-- Down Migration'),
    ids: ['1767268800000', '1767268800001'],
    proves: false,
    up: ({ url, folder }) =>
      runner({
        databaseUrl: url,
        dir: join(folder, 'migrations'),
        direction: 'up',
        migrationsTable: 'pgmigrations',
        log: () => undefined,
      }),
  },
  {
    layout: 'drizzle',
    table: 'drizzle.__drizzle_migrations',
    files: (count) => ({
      'migrations/meta/_journal.json': JSON.stringify({
        version: '7',
        dialect: 'postgresql',
        entries: NAMES.slice(0, count).map((name, idx) => ({
          idx,
          version: '7',
          when: 1_767_268_800_000 + idx,
          tag: `000${idx}_${name}`,
          breakpoints: true,
        })),
      }),
      ...Object.fromEntries(
        NAMES.slice(0, count).map((name, place) => [
          `migrations/000${place}_${name}.sql`,
          `${create(name)}--> statement-breakpoint\nCOMMENT ON TABLE ${name} IS 'naïve, €';`,
        ]),
      ),
    }),
    ids: ['0000_one', '0001_two'],
    proves: true,
    async up({ url, folder }) {
      const pool = new pg.Pool({ connectionString: url });
      await migrate(drizzle(pool), { migrationsFolder: join(folder, 'migrations') });
      await pool.end();
    },
  },
];

describe.concurrent.each(TOOLS)('a database that $layout itself migrated', (tool) => {
  async function ran(): Promise<Scene> {
    const scene = await openScene(server.connectionString, {
      ...tool.files(2),
      'migration.config.yml': `directory: migrations\nlayout: ${tool.layout}\nrunner: airlock\nenvironments:\n  staging: { skipBackup: true, skipValidation: true }\n`,
    });
    await tool.up(scene);
    for (const [path, text] of Object.entries(tool.files(3))) scene.write(path, text);
    return scene;
  }
  const env = ['--env', 'staging'];
  const kept = (scene: Scene) => scene.column(`SELECT json_agg(t)::text FROM ${tool.table} t`);

  it('is taken over without a word in the table of the tool, and Airlock goes on', async () => {
    const scene = await ran();
    const before = await kept(scene);
    expect(before).not.toEqual([null]);
    const early = await scene.run(['up', ...env]);
    expect(early.err).toContain('it would run all of them again');
    expect(early.code).toBe(6);
    const shown = await scene.run(['adopt', ...env, '--dry-run', '--json']);
    expect(shown.code, shown.err).toBe(0);
    const { reasonCode, plan, message } = parsed(shown);
    expect(reasonCode).toBe('planned');
    expect(plan?.migrations.map(({ id }) => id)).toEqual(tool.ids);
    expect(message?.includes('keeps no checksum')).toBe(!tool.proves);
    expect(await scene.column(`SELECT to_regclass('_migration_history')::text`)).toEqual([null]);

    const done = await scene.run(['adopt', ...env, '--yes']);
    expect(done.code, done.err).toBe(0);
    expect(done.out).toContain(`never run by`);
    const up = await scene.run(['up', ...env]);
    expect(up.code, up.err).toBe(0);
    expect(await scene.column(`SELECT status || ' ' || name FROM _migration_history ORDER BY id`)).toEqual([
      'baselined one',
      'baselined two',
      'applied three',
    ]);
    expect(await kept(scene)).toEqual(before);
    expect((await scene.run(['status', ...env])).code).toBe(0);
  });

  if (tool.proves)
    it('is refused where a file was edited since', async () => {
      const scene = await ran();
      const [path = ''] = Object.keys(tool.files(2)).filter((each) => each.endsWith('_two.sql'));
      expect(existsSync(join(scene.folder, path))).toBe(true);
      scene.write(path, create('other'));
      const { code, err } = await scene.run(['adopt', ...env, '--dry-run']);
      expect(err).toContain('its file is another one since');
      expect(code).toBe(6);
    });
});

describe('what node-pg-migrate ran as code', () => {
  it('is refused, and passes once an SQL file of its name stands for it', async () => {
    const tool = TOOLS.find(({ layout }) => layout === 'node-pg-migrate');
    if (!tool) throw new Error('it is one of them');
    const scene = await openScene(server.connectionString, {
      ...tool.files(2),
      'migrations/1767268800005_in_code.cjs':
        "exports.up = (pgm) => pgm.createTable('coded', { id: 'id' });\nexports.down = false;\n",
      'migration.config.yml': 'directory: migrations\nlayout: node-pg-migrate\nrunner: airlock\n',
    });
    await tool.up(scene);
    for (const [path, text] of Object.entries(tool.files(3))) scene.write(path, text);
    const refused = await scene.run(['adopt', '--dry-run']);
    expect(refused.err).toContain('ran 1767268800005_in_code, and there is no file for it');
    expect(refused.err).toContain('commit an SQL file of the same id and name');
    expect(refused.code).toBe(6);
    scene.write('migrations/1767268800005_in_code.sql', '-- Up Migration\n-- Down Migration\n');
    const done = await scene.run(['adopt', '--yes']);
    expect(done.code, done.err).toBe(0);
    // The third file is older than the one in code.
    expect(done.out).toContain('outOfOrder: allow: 1767268800002');
    expect(await scene.column('SELECT count(*)::text FROM _migration_history')).toEqual(['3']);
    expect((await scene.run(['up'])).code).toBe(6);
  });
});
