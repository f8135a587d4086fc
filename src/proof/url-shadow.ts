import { randomBytes } from 'node:crypto';
import { type Connection, ConnectionLost, DatabaseError } from '../engine/connection.ts';
import { connectPostgres, type PostgresLimits } from '../engine/postgres-connection.ts';
import { type Furnished, furnish, prepare, prepareRefused } from './base/furnish.ts';
import { databaseShadow, type Furnishing, missingOf, type ShadowOpened } from './database-shadow.ts';
import { cloneDatabase, dropDatabase, identifier } from './shadow-database.ts';
import { acceptAddress, acceptContents, type EnvironmentAddress, type Refused } from './url-acceptance.ts';

export interface UrlShadowSettings extends PostgresLimits {
  /** May hold a password: never printed. */
  readonly url: string;
  readonly environments: readonly EnvironmentAddress[];
  /** Milliseconds since 1970, from which names of databases tell their age. */
  readonly now: number;
}

/** Milliseconds that Airlock's own requests may take: copying a large database is none of the change's statements. */
const OWN_WORK: PostgresLimits = { longestRequest: 300_000 };
/** Of advisory locks that say that a process still needs its copies: any number that others are unlikely to take. */
const IN_USE = 0x61_69_72_6c;

/**
 * A shadow database on a server that the user names. The database of the address is never changed: proofs are made in
 * copies of it beside it, as an ordinary role.
 */
export async function urlShadow(settings: UrlShadowSettings, wanted: Furnishing): Promise<ShadowOpened> {
  const accepted = acceptAddress(settings.url, settings.environments);
  if (!accepted.ok) return accepted;
  let admin: Connection | undefined;
  try {
    admin = await connectPostgres({ url: settings.url }, OWN_WORK);
    const refused = (await acceptContents(admin, accepted.watched)) ?? (await lackingRights(admin));
    if (!refused) return await openCopies(admin, settings, wanted);
    await admin.close();
    return refused;
  } catch (error) {
    await admin?.close();
    if (!(error instanceof DatabaseError || error instanceof ConnectionLost)) throw error;
    return {
      ok: false,
      reasonCode: 'shadow-unreachable',
      reason: `no shadow database could be made at the address of AIRLOCK_SHADOW: ${error.message}`,
      next: 'look at the address, past a connection pooler, and at the rights of its user; or set shadow: embedded',
    };
  }
}

async function lackingRights(admin: Connection): Promise<Refused | undefined> {
  const [row] = await admin.query(
    `SELECT (rolsuper OR rolcreatedb)::text AS may, quote_ident(rolname) AS name FROM pg_catalog.pg_roles WHERE rolname = current_user`,
  );
  if (row?.['may'] === 'true') return undefined;
  return {
    ok: false,
    reasonCode: 'shadow-no-rights',
    reason: 'proofs are made in copies of the shadow database, and its user may not create databases',
    next: `run ALTER ROLE ${row?.['name'] ?? ''} CREATEDB on that server, or set shadow: embedded`,
  };
}

async function openCopies(
  admin: Connection,
  settings: UrlShadowSettings,
  wanted: Furnishing,
): Promise<ShadowOpened> {
  const stem = `airlock_shadow_${Math.floor(settings.now / 1000)}_${randomBytes(4).toString('hex')}`;
  const template = `${stem}_template`;
  const undo: (() => Promise<unknown>)[] = [];
  const end = async (): Promise<void> => {
    for (const step of undo.reverse()) await step();
    await admin.close();
  };
  // Held until this session ends, however it does.
  await admin.query(`SELECT pg_catalog.pg_advisory_lock(${IN_USE}, ('x' || $1)::bit(32)::int)`, [
    stem.slice(-8),
  ]);
  await dropStale(admin);
  const owner = await ownerFor(admin, stem, undo);
  try {
    const [row] = await admin.query('SELECT current_database()::text AS name');
    undo.push(() => dropDatabase(admin, stem));
    undo.push(() => dropDatabase(admin, template));
    await cloneDatabase(admin, { template: row?.['name'] ?? '', name: template, owner: owner.user });
    const provided = await furnishAs(
      await connectPostgres({ url: addressOf(settings.url, template, {}) }, OWN_WORK),
      wanted,
      owner.user,
    );
    for (const role of provided.roles)
      if (role.ok && role.made) undo.unshift(() => admin.run(`DROP ROLE IF EXISTS ${identifier(role.name)}`));
    const pieces = wanted.prepare ?? [];
    if (pieces.length > 0) {
      const session = await connectPostgres({ url: addressOf(settings.url, template, owner) }, settings);
      const failed = await prepare(session, pieces, provided.given);
      await session.close();
      if (failed) {
        await end();
        return prepareRefused(failed);
      }
    }
    const shadow = await databaseShadow({
      kind: 'url',
      async copy() {
        await dropDatabase(admin, stem);
        await cloneDatabase(admin, { template, name: stem, owner: owner.user });
      },
      async keep() {
        await dropDatabase(admin, template);
        await cloneDatabase(admin, { template: stem, name: template, owner: owner.user });
      },
      connect: () => connectPostgres({ url: addressOf(settings.url, stem, owner) }, settings),
      end,
    });
    return {
      ok: true,
      shadow,
      missing: missingOf([...provided.roles, ...provided.extensions]),
      given: provided.given,
    };
  } catch (error) {
    if (error instanceof ConnectionLost) throw error;
    await end();
    throw error;
  }
}

interface Owner {
  readonly user: string;
  readonly password?: string | undefined;
}

/** Never a superuser, who reaches the files and programs of the server: an ordinary role is made in its place. */
async function ownerFor(admin: Connection, stem: string, undo: (() => Promise<unknown>)[]): Promise<Owner> {
  const [row] = await admin.query(
    'SELECT current_user::text AS name, rolsuper::text AS superuser FROM pg_catalog.pg_roles WHERE rolname = current_user',
  );
  if (row?.['superuser'] !== 'true') return { user: row?.['name'] ?? '' };
  const user = `${stem}_owner`;
  const password = randomBytes(24).toString('hex');
  await admin.run(`CREATE ROLE ${identifier(user)} LOGIN PASSWORD '${password}'`);
  undo.push(() => admin.run(`DROP ROLE IF EXISTS ${identifier(user)}`));
  return { user, password };
}

async function furnishAs(admin: Connection, wanted: Furnishing, owner: string): Promise<Furnished> {
  try {
    const [row] = await admin.query(
      'SELECT rolcreaterole::text AS may FROM pg_catalog.pg_roles WHERE rolname = $1::name',
      [owner],
    );
    return await furnish({ admin, owner, ownerMakesRoles: row?.['may'] === 'true' }, wanted);
  } finally {
    await admin.close();
  }
}

/** Copies of processes that ended before they removed them. */
async function dropStale(admin: Connection): Promise<void> {
  const rows = await admin.query(
    `SELECT datname::text AS name FROM pg_catalog.pg_database d
     WHERE datname ~ '^airlock_shadow_[0-9]+_[0-9a-f]{8}(_template)?$' AND pg_catalog.pg_has_role(datdba, 'USAGE')
     AND NOT EXISTS (SELECT FROM pg_catalog.pg_stat_activity a WHERE a.datid = d.oid)
     AND NOT EXISTS (SELECT FROM pg_catalog.pg_locks l WHERE l.locktype = 'advisory' AND l.classid::int8 = ${IN_USE}
       AND l.objid::int8 = ('x' || lpad(substring(datname FROM '_([0-9a-f]{8})(_template)?$'), 16, '0'))::bit(64)::int8)`,
  );
  for (const { name } of rows) if (name != null) await dropDatabase(admin, name);
}

/** The same server, another database or user. */
function addressOf(written: string, database: string, { user, password }: Partial<Owner>): string {
  const url = new URL(written);
  url.pathname = `/${encodeURIComponent(database)}`;
  for (const name of ['database', 'dbname']) url.searchParams.delete(name);
  if (user === undefined || password === undefined) return url.href;
  for (const name of ['user', 'password']) url.searchParams.delete(name);
  url.username = encodeURIComponent(user);
  url.password = password;
  return url.href;
}
