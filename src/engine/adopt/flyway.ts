import type { SealedMigration } from '../../migration/plan.ts';
import { type Adopter, comparedTo, type Told, toldOf } from './adopter.ts';

/**
 * A row for each thing it did, undone and baselined ones too.
 * https://documentation.red-gate.com/flyway/flyway-concepts/migrations/flyway-schema-history-table
 */
export const flyway: Adopter = {
  layout: 'flyway',
  tool: 'Flyway',
  table: 'flyway_schema_history',
  columns: ['installed_rank', 'version', 'type', 'script', 'checksum', 'success'],
  async read(table, files, rows) {
    const all = await rows(
      `SELECT version::text, type::text, script::text, checksum::text, success::text FROM ${table} ORDER BY installed_rank`,
    );
    const failed = all.find(({ success }) => success === 'false');
    if (failed)
      return {
        ok: false,
        problem: `Flyway says that ${failed['script'] ?? ''} failed.`,
        next: 'put right what it left, then flyway repair',
      };
    const versions = new Map(files.map((file) => [versionOf(file.migration.id), file]));
    const scripts = new Map(files.map((file) => [baseName(file.migration.up.file.path), file]));
    const told = new Map<string, Told>();
    for (const { version, type, script, checksum } of all) {
      const key = version === null || version === undefined ? (script ?? '') : versionOf(version);
      if (type === 'SCHEMA') continue;
      if (type === 'DELETE' || type?.startsWith('UNDO')) told.delete(key);
      // BASELINE is the command's row, SQL_BASELINE and the like that of a B file.
      else if (type === 'BASELINE' || type?.endsWith('_BASELINE'))
        for (const file of upTo(files, key))
          told.set(versionOf(file.migration.id), toldOf(file.migration.id, file));
      else {
        const file =
          version === null || version === undefined ? scripts.get(baseName(script ?? '')) : versions.get(key);
        const entry = script ?? key;
        if (file === undefined || checksum === null || checksum === undefined)
          told.set(key, toldOf(entry, file));
        else
          told.set(
            key,
            comparedTo(entry, file, flywayChecksum(file.migration.up.file.text) === Number(checksum)),
          );
      }
    }
    return { ok: true, told: [...told.values()] };
  },
};

/** 1, 1.0, 01 and 1_0 are one version. */
function versionOf(version: string): string {
  const parts = version.split(/[._]/).map((part) => part.replace(/^0+(?=\d)/, ''));
  while (parts.length > 1 && parts.at(-1) === '0') parts.pop();
  return parts.join('.');
}

function upTo(files: readonly SealedMigration[], version: string): readonly SealedMigration[] {
  return files.filter(
    ({ migration: { id, repeatable } }) => !repeatable && compare(versionOf(id), version) <= 0,
  );
}

function compare(left: string, right: string): number {
  const [one, other] = [left.split('.'), right.split('.')];
  for (let at = 0; at < Math.max(one.length, other.length); at++) {
    const difference = BigInt(one[at] ?? '0') - BigInt(other[at] ?? '0');
    if (difference !== 0n) return difference < 0n ? -1 : 1;
  }
  return 0;
}

function baseName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

/** CRC-32 of the lines one after another without their ends, as a signed number of 32 bits; a byte order mark does not count. */
export function flywayChecksum(text: string): number {
  const lines = text.replace(/^\uFEFF/, '').replace(/\r\n?|\n/g, '');
  let crc = -1;
  for (const byte of Buffer.from(lines, 'utf8')) crc = (TABLE[(crc ^ byte) & 0xff] ?? 0) ^ (crc >>> 8);
  return ~crc;
}

/** Of the reflected polynomial 0xEDB88320. zlib's own crc32 is not in every Node 20. */
const TABLE = Int32Array.from({ length: 256 }, (_, byte) => {
  let rest = byte;
  for (let bit = 0; bit < 8; bit++) rest = rest & 1 ? (rest >>> 1) ^ 0xedb88320 : rest >>> 1;
  return rest;
});
