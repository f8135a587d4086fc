import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { constants, zstdCompressSync } from 'node:zlib';
import { PGlite } from '@electric-sql/pglite';
import { OWNER, SUPERUSER } from '../src/proof/embedded/inside/roles.ts';

/**
 * Makes src/proof/embedded/chamber-base.tar.zst, the data directory that every embedded chamber begins with: making
 * one takes seconds. To be run when PGlite brings another PostgreSQL; test/dist.test.ts holds its checksum.
 */
const TO = fileURLToPath(new URL('../src/proof/embedded/chamber-base.tar.zst', import.meta.url));

const SETUP: readonly string[] = [
  // With the attributes that it may then give to roles which a migration creates.
  `CREATE ROLE ${OWNER} LOGIN CREATEDB CREATEROLE REPLICATION BYPASSRLS NOSUPERUSER`,
  `ALTER DATABASE postgres OWNER TO ${OWNER}`,
  `ALTER SCHEMA public OWNER TO ${OWNER}`,
  // What an owner may do elsewhere with the help of a superuser, and what reaches nothing outside.
  `GRANT pg_monitor, pg_checkpoint, pg_create_subscription TO ${OWNER}`,
  `GRANT SET ON PARAMETER session_replication_role TO ${OWNER}`,
  // A dump of a schema has COMMENT ON EXTENSION plpgsql.
  `UPDATE pg_extension SET extowner = '${OWNER}'::regrole`,
  `UPDATE pg_language SET lanowner = '${OWNER}'::regrole WHERE lanname = 'plpgsql'`,
  `ALTER SYSTEM SET createrole_self_grant = 'set, inherit'`,
  'VACUUM FREEZE',
  'CHECKPOINT',
];

const folder = mkdtempSync(join(tmpdir(), 'airlock-base-'));
try {
  const database = await PGlite.create(`file://${folder}/data`, {
    // Small log segments: one stands in every copy of the directory.
    initDbStartParams: ['--wal-segsize=1', `--username=${SUPERUSER}`],
  });
  for (const statement of SETUP) await database.exec(statement);
  // In the order of a shutdown, so that nothing is recovered at each opening.
  await database.close();
  rmSync(join(folder, 'data/postmaster.pid'), { force: true });
  const archive = execFileSync(
    'tar',
    [
      '--format=ustar',
      '--sort=name',
      '--mtime=@0',
      '--owner=0',
      '--group=0',
      '-C',
      join(folder, 'data'),
      '-c',
      '.',
    ],
    { maxBuffer: 256 * 1024 * 1024 },
  );
  const packed = zstdCompressSync(archive, { params: { [constants.ZSTD_c_compressionLevel]: 19 } });
  writeFileSync(TO, packed);
  console.log(`${TO}: ${packed.length} bytes, ${archive.length} unpacked`);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
