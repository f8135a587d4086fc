import { type Connection, DatabaseError } from '../engine/connection.ts';

/** What became of a wish for a role or an extension. */
export type Provided =
  | {
      readonly name: string;
      readonly ok: true;
      /** It was not there before. */
      readonly made: boolean;
    }
  | { readonly name: string; readonly ok: false; readonly reason: string };

/**
 * Extensions that reach nothing outside of the database: no files, no network, no language without a sandbox. Others
 * are made only where the configuration of the base branch names them.
 */
const HARMLESS_EXTENSIONS: ReadonlySet<string> = new Set(
  `amcheck bloom btree_gin btree_gist citext cube dict_int dict_xsyn earthdistance fuzzystrmatch hstore intagg intarray
  isn lo ltree moddatetime autoinc insert_username refint tcn pg_buffercache pg_freespacemap pg_stat_statements pg_trgm
  pg_visibility pgcrypto pgrowlocks pgstattuple plpgsql postgis postgis_topology postgis_raster seg tablefunc
  tsm_system_rows tsm_system_time unaccent uuid-ossp vector`.split(/\s+/),
);

/** Roles that every server has, or words that stand for one. */
const GIVEN_ROLES: ReadonlySet<string> = new Set([
  'public',
  'none',
  'current_user',
  'current_role',
  'session_user',
]);

/**
 * Makes roles that a change names and nobody made, without a login; the owner may give them objects and membership.
 *
 * @param admin a session that may create roles, on the database where the change is going to run
 */
export async function createRoles(
  admin: Connection,
  names: readonly string[],
  owner: string,
): Promise<Provided[]> {
  const provided: Provided[] = [];
  for (const name of names) {
    if (GIVEN_ROLES.has(name)) continue;
    const [known] = await admin.query('SELECT 1 AS known FROM pg_catalog.pg_roles WHERE rolname = $1::name', [
      name,
    ]);
    provided.push(known ? { name, ok: true, made: false } : await createRole(admin, name, owner));
  }
  return provided;
}

async function createRole(admin: Connection, name: string, owner: string): Promise<Provided> {
  const role = identifier(name);
  return attempt(name, async () => {
    await admin.run(`CREATE ROLE ${role} NOLOGIN`);
    // Since 16 who creates a role has that option, and cannot give it to itself (sql-createrole).
    const option = admin.server.major >= 16 && (await isUser(admin, owner)) ? '' : ' WITH ADMIN OPTION';
    await admin.run(`GRANT ${role} TO ${identifier(owner)}${option}`);
    // OWNER TO asks for this privilege of the new owner (sql-altertable of the documentation).
    await admin.run(`GRANT USAGE, CREATE ON SCHEMA public TO ${role}`);
  });
}

/**
 * Makes extensions for an owner who may not, as PostgreSQL makes trusted ones: the extension is the owner's, what is in
 * it the superuser's. To be done before anything of strangers is in the database, as their scripts run as superuser.
 *
 * @param admin a session of a superuser, or of the owner itself, on the database where the change is going to run
 * @param allowed names beside `HARMLESS_EXTENSIONS`
 * @param schemas where an extension goes whose place matters
 */
export async function createExtensions(
  admin: Connection,
  names: readonly string[],
  allowed: readonly string[],
  owner: string,
  schemas: ReadonlyMap<string, string> = new Map(),
): Promise<Provided[]> {
  const provided = new Map<string, Provided>();
  const provide = async (name: string): Promise<Provided> => {
    const before = provided.get(name);
    if (before) return before;
    // Set first, in case that they require each other.
    provided.set(name, { name, ok: false, reason: 'it requires itself' });
    const outcome = await provideExtension(
      admin,
      name,
      { allowed, owner, schema: schemas.get(name) },
      provide,
    );
    provided.set(name, outcome);
    return outcome;
  };
  for (const name of names) await provide(name);
  return names.flatMap((name) => provided.get(name) ?? []);
}

async function provideExtension(
  admin: Connection,
  name: string,
  { allowed, owner, schema }: { allowed: readonly string[]; owner: string; schema: string | undefined },
  provide: (name: string) => Promise<Provided>,
): Promise<Provided> {
  if (!isAllowed(name, allowed)) return notAllowed(name);
  const versions = await admin.query(
    `SELECT unnest(coalesce(v.requires, '{}') || NULL::name)::text AS needs
     FROM pg_catalog.pg_available_extensions a
     JOIN pg_catalog.pg_available_extension_versions v ON v.name = a.name AND v.version = a.default_version
     WHERE a.name = $1`,
    [name],
  );
  if (versions.length === 0)
    return { name, ok: false, reason: 'it is not installed beside the PostgreSQL of the shadow database' };
  for (const { needs } of versions) {
    if (needs == null) continue;
    const needed = await provide(needs);
    if (!needed.ok) return { name, ok: false, reason: `it requires ${needs}, and ${needed.reason}` };
  }
  return attempt(name, async () => {
    const where = schema === undefined ? '' : ` WITH SCHEMA ${identifier(schema)}`;
    if (schema !== undefined)
      await admin.run(`CREATE SCHEMA IF NOT EXISTS ${identifier(schema)} AUTHORIZATION ${identifier(owner)}`);
    await admin.run(`CREATE EXTENSION IF NOT EXISTS ${identifier(name)}${where}`);
    if (!(await isUser(admin, owner))) await admin.query(GIVE_EXTENSION, [name, owner]);
  });
}

/**
 * Extensions that an ordinary owner creates where the change says so: those that PostgreSQL trusts (sql-createextension
 * of the documentation), of the default version, all of whose requirements are trusted too.
 */
export async function trustedExtensions(
  session: Connection,
  names: readonly string[],
): Promise<ReadonlySet<string>> {
  const rows = await session.query(
    `SELECT v.name::text AS name, (v.trusted OR NOT v.superuser)::text AS trusted,
       coalesce(array_to_string(v.requires, ','), '') AS requires
     FROM pg_catalog.pg_available_extensions a
     JOIN pg_catalog.pg_available_extension_versions v ON v.name = a.name AND v.version = a.default_version`,
  );
  const known = new Map(rows.map((row) => [row['name'] ?? '', row]));
  const trusted = (name: string, depth: number): boolean => {
    const row = known.get(name);
    const needs = (row?.['requires'] ?? '').split(',').filter(Boolean);
    return row?.['trusted'] === 'true' && depth < 20 && needs.every((each) => trusted(each, depth + 1));
  };
  return new Set(names.filter((name) => trusted(name, 0)));
}

export function isAllowed(name: string, allowed: readonly string[]): boolean {
  return HARMLESS_EXTENSIONS.has(name) || allowed.includes(name);
}

export function notAllowed(name: string): Extract<Provided, { readonly ok: false }> {
  return {
    name,
    ok: false,
    reason: 'Airlock may not create it: name it under shadow.extensions in the configuration',
  };
}

/** There is no ALTER EXTENSION … OWNER TO; the two rows are what CREATE EXTENSION writes for a trusted one. */
const GIVE_EXTENSION = `WITH given AS (
  UPDATE pg_catalog.pg_extension SET extowner = r.oid FROM pg_catalog.pg_roles r
  WHERE extname = $1::name AND r.rolname = $2::name AND extowner <> r.oid RETURNING pg_extension.oid AS extension, r.oid AS owner
)
INSERT INTO pg_catalog.pg_shdepend (dbid, classid, objid, objsubid, refclassid, refobjid, deptype)
SELECT d.oid, 'pg_catalog.pg_extension'::regclass, extension, 0, 'pg_catalog.pg_authid'::regclass, owner, 'o'
FROM given, pg_catalog.pg_database d WHERE d.datname = pg_catalog.current_database()`;

/**
 * A copy of a database, in which nobody else may have a session meanwhile (sql-createdatabase). Throws what `run`
 * throws.
 *
 * @param strategy `file_copy` is the fast one where files are in memory; elsewhere it costs two checkpoints
 */
export async function cloneDatabase(
  admin: Connection,
  { template, name, owner }: { readonly template: string; readonly name: string; readonly owner: string },
  strategy?: 'file_copy',
): Promise<void> {
  const how = strategy === undefined ? '' : ` STRATEGY ${strategy}`;
  await admin.run(
    `CREATE DATABASE ${identifier(name)} TEMPLATE ${identifier(template)} OWNER ${identifier(owner)}${how}`,
  );
}

/** With every session in it. Throws what `run` throws. */
export async function dropDatabase(admin: Connection, name: string): Promise<void> {
  await admin.run(`DROP DATABASE IF EXISTS ${identifier(name)} WITH (FORCE)`);
}

export function identifier(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

async function isUser(session: Connection, role: string): Promise<boolean> {
  const [row] = await session.query('SELECT current_user::text AS name');
  return row?.['name'] === role;
}

async function attempt(name: string, make: () => Promise<void>): Promise<Provided> {
  try {
    await make();
    return { name, ok: true, made: true };
  } catch (error) {
    if (!(error instanceof DatabaseError)) throw error;
    return { name, ok: false, reason: `PostgreSQL refused it: ${error.message}` };
  }
}
