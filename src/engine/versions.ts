import type { Release } from '../migration/releases.ts';
import { check } from './checks.ts';
import type { Connection } from './connection.ts';
import type { Run } from './run.ts';
import { literal } from './sql-text.ts';
import type { SystemTables } from './system-tables.ts';

/** The releases of the file as one text: what the database has, too, where they are the same. */
export function releasesDigest(releases: readonly Release[]): string {
  const told = releases.map(({ version, name, migrations, tags }) => [version, name, migrations, tags]);
  return JSON.stringify(told.sort(([one], [other]) => (String(one) < String(other) ? -1 : 1)));
}

export async function mirroredDigest(connection: Connection, tables: SystemTables): Promise<string> {
  const rows = await connection.query(
    `SELECT version, name, pg_catalog.to_json(migrations) AS migrations, pg_catalog.to_json(tags) AS tags
     FROM ${tables.versions} WHERE kind = 'release'`,
  );
  return releasesDigest(
    rows.map(({ version, name, migrations, tags }) => ({
      version: version ?? '',
      name: name ?? '',
      migrations: JSON.parse(migrations ?? '[]'),
      tags: JSON.parse(tags ?? '[]'),
    })),
  );
}

/** Makes `_migration_versions` say what the reviewed file says. The file decides: nothing is read back from there. */
export async function mirrorReleases(run: Run, releases: readonly Release[]): Promise<void> {
  const { keeper } = run.sessions;
  if ((await mirroredDigest(keeper, run.tables)) === releasesDigest(releases)) return;
  const versions = releases.map(({ version }) => literal(version));
  const gone = versions.length > 0 ? `AND version NOT IN (${versions.join(', ')})` : '';
  const rows = releases.map(
    ({ version, name, migrations, tags }) =>
      `INSERT INTO ${run.tables.versions} AS kept (kind, version, name, migrations, tags, tool_version)
       VALUES ('release', ${[version, name, migrations, tags, run.who.toolVersion].map(literal).join(', ')})
       ON CONFLICT (kind, version) DO UPDATE SET name = excluded.name, migrations = excluded.migrations, tags = excluded.tags; `,
  );
  await run.audit.together(
    keeper,
    { action: 'releases', details: { versions: releases.map(({ version }) => version) } },
    `${check('lease-lost', run.lease.condition)}DELETE FROM ${run.tables.versions} WHERE kind = 'release' ${gone}; ${rows.join('')}`,
  );
}
