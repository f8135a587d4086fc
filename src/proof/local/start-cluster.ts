import { join } from 'node:path';
import type { Connection, ServerVersion } from '../../engine/connection.ts';
import { connectPostgres, type PostgresLimits } from '../../engine/postgres-connection.ts';
import {
  cloneDatabase,
  createExtensions,
  createRoles,
  dropDatabase,
  identifier,
  type Provided,
} from '../shadow-database.ts';
import { findAccount } from './account.ts';
import { makeFolder, sweep, USUAL_PARENTS } from './cluster-folder.ts';
import type { PostgresBinaries } from './find-binaries.ts';
import { type ServerProcess, SUPERUSER, startServer } from './server-process.ts';

/** The ordinary role that the change runs as. */
export const OWNER = 'airlock_owner';
/** Looks on beside it: no superuser either, as what it is told to look at comes from the session of the change. */
const OBSERVER = 'airlock_observer';
/** Belongs to the owner, and has nothing in it but what Airlock put there. */
export const DATABASE = 'airlock';

export interface ClusterSettings extends PostgresLimits {
  readonly binaries: PostgresBinaries;
  /** Folders in which the temporary one is made, the first that is fit; left out: memory, then the system's. */
  readonly parents?: readonly string[] | undefined;
  /** Told once its programs run, before it takes connections. */
  readonly onSpawn?: (() => void) | undefined;
}

/** A throw-away cluster; it and its folder are gone after `close`, and whenever this process ends. */
export interface Cluster {
  readonly server: ServerVersion;
  readonly folder: string;
  /** A session of the owner. */
  connectOwner(database?: string): Promise<Connection>;
  /** A session that may lock every table, and change no object. */
  connectObserver(database?: string): Promise<Connection>;
  /** A session for Airlock itself: nothing of the change is ever run in it. */
  connectSuperuser(database?: string): Promise<Connection>;
  /** Airlock's own work in the database, in a superuser's session that ends with it: a template may have none. */
  within<T>(work: (session: Connection) => Promise<T>): Promise<T>;
  createRoles(names: readonly string[]): Promise<Provided[]>;
  /** @param allowed names beside those that are known to be harmless */
  createExtensions(names: readonly string[], allowed: readonly string[]): Promise<Provided[]>;
  /** Nobody may have a session in the template. */
  clone(template: string, name: string): Promise<void>;
  drop(name: string): Promise<void>;
  close(): Promise<void>;
}

export type ClusterStarted =
  | { readonly ok: true; readonly cluster: Cluster }
  | {
      readonly ok: false;
      readonly reasonCode: 'shadow-no-account' | 'shadow-no-room' | 'shadow-not-started';
      readonly reason: string;
      readonly next: string;
    };

const PORT = 5432;
/** Milliseconds that Airlock's own requests may take: copying a large database is none of the change's statements. */
const OWN_WORK: PostgresLimits = { longestRequest: 300_000 };

/** Makes and starts a cluster; that it cannot be is a value with the reason. */
export async function startCluster(settings: ClusterSettings): Promise<ClusterStarted> {
  const { binaries, parents = USUAL_PARENTS } = settings;
  const found = await findAccount(join(binaries.folder, 'postgres'), process.getuid?.() === 0);
  if (!found.ok)
    return {
      ok: false,
      reasonCode: 'shadow-no-account',
      reason: found.reason,
      next: 'run Airlock as an ordinary user, or set shadow: embedded',
    };
  const { account } = found;
  await sweep(parents, account);
  const made = await makeFolder(parents, account);
  if (!made.ok)
    return {
      ok: false,
      reasonCode: 'shadow-no-room',
      reason: made.reason,
      next: 'free some space, or set shadow: embedded',
    };
  const starting = startServer(binaries.folder, made.folder, account);
  settings.onSpawn?.();
  const started = await starting;
  if (!started.ok)
    return {
      ok: false,
      reasonCode: 'shadow-not-started',
      reason: `PostgreSQL ${binaries.version} of ${binaries.folder} did not start: ${started.log.trim()}`,
      next: 'look at what PostgreSQL says, or set shadow: embedded',
    };
  try {
    return { ok: true, cluster: await furnish(made.folder, started.server, settings) };
  } catch (error) {
    await started.server.stop();
    throw error;
  }
}

/** The owner and its database. */
async function furnish(folder: string, process: ServerProcess, limits: PostgresLimits): Promise<Cluster> {
  const at = { host: join(folder, 'socket'), port: PORT };
  const superuser = (database: string): Promise<Connection> =>
    connectPostgres({ ...at, user: SUPERUSER, database }, OWN_WORK);
  const admin = await superuser('postgres');
  await admin.run(`CREATE ROLE ${OWNER} LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS`);
  // What loads data without firing triggers; a superuser gives it elsewhere too, and it reaches nothing outside.
  await admin.run(`GRANT SET ON PARAMETER session_replication_role TO ${OWNER}`);
  await admin.run(
    `CREATE ROLE ${OBSERVER} LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS`,
  );
  // LOCK TABLE asks for the rights of the statements that it stands for (sql-lock); the roles: predefined-roles.
  await admin.run(`GRANT pg_read_all_data, pg_write_all_data TO ${OBSERVER}`);
  await admin.run(`CREATE DATABASE ${DATABASE} OWNER ${identifier(OWNER)} STRATEGY file_copy`);
  const within = async <T>(work: (session: Connection) => Promise<T>): Promise<T> => {
    const session = await superuser(DATABASE);
    try {
      return await work(session);
    } finally {
      await session.close();
    }
  };
  return {
    server: admin.server,
    folder,
    connectOwner: (database = DATABASE) => connectPostgres({ ...at, user: OWNER, database }, limits),
    connectObserver: (database = DATABASE) => connectPostgres({ ...at, user: OBSERVER, database }, OWN_WORK),
    connectSuperuser: (database = DATABASE) => superuser(database),
    within,
    createRoles: (names) => within((session) => createRoles(session, names, OWNER)),
    createExtensions: (names, allowed) =>
      within((session) => createExtensions(session, names, allowed, OWNER)),
    async clone(template, name) {
      await cloneDatabase(admin, { template, name, owner: OWNER }, 'file_copy');
      // What a role is set to stands beside its databases, and would outlive them (sql-alterrole).
      await admin.run(`ALTER ROLE ${OWNER} RESET ALL`);
    },
    drop: (name) => dropDatabase(admin, name),
    async close() {
      await admin.close();
      await process.stop();
    },
  };
}
