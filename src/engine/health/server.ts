import type { Connection, Row } from '../connection.ts';
import { type Looked, listed } from './looked.ts';

type Answer = Promise<Omit<Looked, 'name'>>;

/** How long it takes to be answered, and whether a pooler hands out another session for each transaction. */
export async function answering(connection: Connection, pooled: boolean): Answer {
  const asked = performance.now();
  const [row] = await connection.query(
    `SELECT pg_catalog.current_database() AS database, current_user AS user, (SELECT ssl FROM pg_catalog.pg_stat_ssl WHERE pid = pg_catalog.pg_backend_pid()) AS tls`,
  );
  const took = Math.max(1, Math.round(performance.now() - asked));
  const message = `${row?.['database']} as ${row?.['user']}, ${row?.['tls'] === 't' ? 'TLS' : 'no TLS'}, answered in ${took} ms`;
  if (!pooled) return { status: 'ok', message };
  return {
    status: 'warning',
    message: `${message}; behind a pooler in transaction mode, where only transactional migrations run`,
    next: 'set directUrl to the name of a variable that holds the address past it',
  };
}

/** Whether migrations can run on it at all. `wanted`: the major version that migrations are validated for. */
export async function serverVersion(connection: Connection, wanted: number | undefined): Answer {
  const { text, major } = connection.server;
  const [row] = await connection.query(
    `SELECT pg_catalog.pg_is_in_recovery() AS standby, pg_catalog.current_setting('default_transaction_read_only') AS read_only`,
  );
  if (row?.['standby'] === 't')
    return {
      status: 'failed',
      message: `PostgreSQL ${text}, a standby: nothing can be written here`,
      next: 'give the address of the primary',
    };
  if (row?.['read_only'] === 'on')
    return {
      status: 'failed',
      message: `PostgreSQL ${text}, and default_transaction_read_only is on`,
      next: `find out who set it: SELECT * FROM pg_settings WHERE name = 'default_transaction_read_only';`,
    };
  if (wanted !== undefined && wanted !== major)
    return {
      status: 'warning',
      message: `PostgreSQL ${text}, and migrations are validated for ${wanted}`,
      next: `targetVersion: ${major} in migration.config.yml`,
    };
  return { status: 'ok', message: `PostgreSQL ${text}` };
}

/**
 * Transactions that a migration would wait for longer than it waits for a lock, prepared ones among them. Any old
 * transaction holds up CREATE INDEX CONCURRENTLY, whatever it has locked (sql-createindex).
 *
 * @param lockTimeout milliseconds
 */
export async function longTransactions(connection: Connection, lockTimeout: number): Answer {
  const rows = await connection.query(
    `SELECT 'process ' || activity.pid AS who, activity.state, activity.usename AS user, activity.application_name AS application,
       pg_catalog.date_part('epoch', pg_catalog.clock_timestamp() - activity.xact_start)::pg_catalog.int8 AS seconds,
       (SELECT pg_catalog.string_agg(DISTINCT held.relation::pg_catalog.regclass::text, ', ') FROM pg_catalog.pg_locks held
         WHERE held.pid = activity.pid AND held.granted AND held.locktype = 'relation' AND held.relation >= 16384
           AND held.database = (SELECT oid FROM pg_catalog.pg_database WHERE datname = pg_catalog.current_database())) AS locked
     FROM pg_catalog.pg_stat_activity activity
     WHERE activity.datname = pg_catalog.current_database() AND activity.pid <> pg_catalog.pg_backend_pid()
       AND activity.xact_start < pg_catalog.clock_timestamp() - ${Math.round(lockTimeout)} * interval '1 millisecond'
     UNION ALL
     SELECT 'prepared transaction ' || pg_catalog.quote_literal(gid), 'prepared', owner, NULL,
       pg_catalog.date_part('epoch', pg_catalog.clock_timestamp() - prepared)::pg_catalog.int8, NULL
     FROM pg_catalog.pg_prepared_xacts
     WHERE database = pg_catalog.current_database()
       AND prepared < pg_catalog.clock_timestamp() - ${Math.round(lockTimeout)} * interval '1 millisecond'
     ORDER BY 5 DESC`,
  );
  const hidden = await hiddenSessions(connection);
  const unseen = hidden === 0 ? '' : `; ${hidden} sessions of others are not shown to this user`;
  if (rows.length === 0)
    return {
      status: hidden === 0 ? 'ok' : 'unknown',
      message: `none that is older than ${lockTimeout / 1000} s${unseen}`,
      ...(hidden === 0 ? {} : { next: 'GRANT pg_read_all_stats TO the user of this address' }),
    };
  return {
    status: 'warning',
    message: `${rows.length} older than ${lockTimeout / 1000} s: a migration may wait for ${rows.length === 1 ? 'it' : 'them'}${unseen}`,
    // Not its query: values may stand in it.
    details: listed(
      rows.map(
        ({ who, state, user, application, seconds, locked }) =>
          `${who} (${[state, user, application].filter(Boolean).join(', ')}) for ${seconds} s${locked ? `, locks on ${locked}` : ''}`,
      ),
    ),
    next: 'wait for it, or end it: SELECT pg_terminate_backend(<process>), ROLLBACK PREPARED',
  };
}

async function hiddenSessions(connection: Connection): Promise<number> {
  const [row] = await connection.query(
    `SELECT count(*) AS count FROM pg_catalog.pg_stat_activity
      WHERE datname = pg_catalog.current_database() AND backend_start IS NULL`,
  );
  return Number(row?.['count'] ?? 0);
}

/** Behind that a migration that writes much leaves standbys further behind. */
const LAG_SECONDS = 10;
const LAG_BYTES = 64 * 1024 * 1024;

/** Standbys, and slots that nobody reads, of this server (monitoring-stats, view-pg-replication-slots). */
export async function replicationLag(connection: Connection): Answer {
  const rows = await connection.query(
    `SELECT 'standby' AS what, application_name AS name, state, pg_catalog.date_part('epoch', replay_lag) AS seconds,
       pg_catalog.pg_wal_lsn_diff(pg_catalog.pg_current_wal_lsn(), replay_lsn) AS bytes
     FROM pg_catalog.pg_stat_replication
     UNION ALL
     SELECT 'slot', slot_name, 'read by nobody', NULL,
       pg_catalog.pg_wal_lsn_diff(pg_catalog.pg_current_wal_lsn(), restart_lsn)
     FROM pg_catalog.pg_replication_slots WHERE NOT active AND restart_lsn IS NOT NULL`,
  );
  if (rows.length === 0) return { status: 'ok', message: 'nobody replicates from this server' };
  const standbys = rows.filter(({ what }) => what === 'standby').length;
  const slots = rows.length - standbys;
  const count = [
    `${standbys} ${standbys === 1 ? 'standby' : 'standbys'}`,
    ...(slots > 0 ? [`${slots} ${slots === 1 ? 'slot' : 'slots'} that nobody reads`] : []),
  ].join(', ');
  const behind = rows.filter(
    ({ seconds, bytes }) => Number(seconds ?? 0) > LAG_SECONDS || Number(bytes ?? 0) > LAG_BYTES,
  );
  const details = listed((behind.length > 0 ? behind : rows).map(behindText));
  if (behind.length > 0)
    return {
      status: 'warning',
      message: `${count}; ${behind.length} more than ${LAG_SECONDS} s or ${LAG_BYTES / 1024 / 1024} MB behind`,
      details,
      next: 'let it catch up before a migration that writes much; a slot that nobody reads keeps all WAL: SELECT pg_drop_replication_slot(<name>)',
    };
  const hidden = rows.filter(({ state }) => state === null).length;
  if (hidden > 0)
    return {
      status: 'unknown',
      message: `${count}; how far ${hidden} of them are behind is not shown to this user`,
      next: 'GRANT pg_read_all_stats TO the user of this address',
    };
  return { status: 'ok', message: count, details };
}

function behindText({ what, name, state, seconds, bytes }: Row): string {
  const time = seconds == null ? '' : `${Number(seconds).toFixed(1)} s, `;
  return `${what} ${name} (${state ?? 'not shown'}): ${time}${Math.round(Number(bytes ?? 0) / 1024)} kB behind`;
}
