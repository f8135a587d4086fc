import { type Adopter, comparedTo, toldOf } from './adopter.ts';
import { hasHash } from './file-hash.ts';

/**
 * A row for each applied file with its SHA-256, and in the order of the journal; its name is not in it before
 * version 1. https://orm.drizzle.team/docs/drizzle-kit-migrate
 */
export const drizzle: Adopter = {
  layout: 'drizzle',
  tool: 'Drizzle',
  table: 'drizzle.__drizzle_migrations',
  columns: ['id', 'hash', 'created_at'],
  async read(table, files, rows) {
    const all = await rows(
      `SELECT hash::text, pg_catalog.to_jsonb(kept) ->> 'name' AS name FROM ${table} kept ORDER BY created_at, id`,
    );
    const left = new Set(files);
    const found = all.map(({ hash, name }) => {
      const file = [...left].find(
        (each) => hasHash(each, 'sha256', hash ?? '') && (name === null || name === each.migration.id),
      );
      if (file) left.delete(file);
      return { hash: hash ?? '', name: name ?? undefined, file };
    });
    return {
      ok: true,
      told: found.map(({ hash, name, file }, place) => {
        if (file) return comparedTo(file.migration.id, file, true);
        // No file has this content: it is the one in its place whose content is another one now.
        const other = files.find((each, at) =>
          name === undefined ? at === place : each.migration.id === name,
        );
        return other && left.has(other)
          ? comparedTo(name ?? `row ${place + 1}`, other, false)
          : toldOf(name ?? `row ${place + 1} (${hash})`, undefined);
      }),
    };
  },
};
