import { createHash } from 'node:crypto';
import type { SealedMigration } from '../../migration/plan.ts';

/**
 * Whether a file has a checksum that another tool took of its bytes. Git may have changed the ends of its lines since,
 * and so both kinds count.
 *
 * @param expected hexadecimal, in any case
 */
export function hasHash({ migration }: SealedMigration, algorithm: string, expected: string): boolean {
  const { text } = migration.up.file;
  const unix = text.replaceAll('\r\n', '\n');
  return [text, unix, unix.replaceAll('\n', '\r\n')].some(
    (each) => createHash(algorithm).update(each, 'utf8').digest('hex') === expected.toLowerCase(),
  );
}
