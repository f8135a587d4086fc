import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { layBase } from '../../../src/proof/base/lay-base.ts';
import { type Piece, pieceOfFile } from '../../../src/proof/base/piece.ts';
import { embeddedShadow } from '../../../src/proof/embedded/shadow.ts';
import { localShadow } from '../../../src/proof/local/shadow.ts';
import type { Shadow } from '../../../src/proof/shadow.ts';
import { loadPostgresParser, parsePostgres } from '../../../src/sql/postgres/parser.ts';
import { SourceFile } from '../../../src/sql/source.ts';
import { type BuiltChamber, buildChamberIn } from '../embedded/chambers.ts';
import { embeddedBinaries } from '../local/binaries.ts';

let chamber: BuiltChamber;
beforeAll(async () => {
  await loadPostgresParser();
  chamber = await buildChamberIn();
});
afterAll(() => chamber.remove());

const nothing = { roles: ['reader'], extensions: [], allowedExtensions: [] };

async function opened(kind: Shadow['kind']): Promise<Shadow> {
  const outcome =
    kind === 'local'
      ? await localShadow({ binaries: await embeddedBinaries(), longestRequest: 1500 }, nothing)
      : await embeddedShadow(
          {
            program: chamber.program,
            base: join(chamber.folder, 'chamber-base.tar.zst'),
            longestRequest: 1500,
            mostMemory: 2e9,
          },
          nothing,
        );
  if (!outcome.ok) throw new Error(outcome.reason);
  return outcome.shadow;
}

function pieces(texts: Readonly<Record<string, string>>, transaction = true): Piece[] {
  return Object.entries(texts).map(([path, text]) => {
    const piece = pieceOfFile(new SourceFile(path, text), parsePostgres);
    return { ...piece, run: { ...piece.run, transaction } };
  });
}

async function tables({ session }: Shadow): Promise<(string | null | undefined)[]> {
  const rows = await session.query(
    `SELECT relname::text AS name FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' ORDER BY 1`,
  );
  return rows.map(({ name }) => name);
}

describe.each(['embedded', 'local'] as const)('a base laid in a %s shadow', (kind) => {
  it.each([true, false])('comes back whenever it is wanted, kept: %s', async (keep) => {
    const shadow = await opened(kind);
    const base = await layBase(
      shadow,
      pieces({ 'a.sql': 'CREATE TABLE a (i int); GRANT SELECT ON a TO reader;' }),
      { missingExtensions: [] },
      { keep },
    );
    expect(base.problems).toEqual([]);
    await shadow.session.run('DROP TABLE a; CREATE TABLE b (i int)');
    await base.again();
    expect(await tables(shadow)).toEqual(['a']);
    await base.again();
    expect(await tables(shadow)).toEqual(['a']);
    await shadow.close();
  });

  it('leaves out what does not end, or ends its session, and says what follows from it', async () => {
    const shadow = await opened(kind);
    const base = await layBase(
      shadow,
      pieces({
        'a.sql': 'CREATE TABLE a (i int);',
        'b.sql': '-- x\nCREATE TABLE b (i int);\nDO $$ BEGIN LOOP END LOOP; END $$;',
        'c.sql': 'ALTER TABLE b ADD COLUMN j int;\nCREATE TABLE c (i int);',
        'd.sql': 'SELECT pg_terminate_backend(pg_backend_pid());',
        'e.sql': 'CREATE TABLE e (i int);',
      }),
      { missingExtensions: [] },
    );
    const lost = base.problems.filter(({ code }) => code === '');
    expect(lost[0]).toMatchObject({
      file: 'b.sql',
      line: 2,
      error: expect.stringContaining('within 1.5 s'),
      consequences: ['c.sql:1'],
    });
    expect(await tables(shadow)).toEqual(['a', 'c', 'e']);
    await base.again();
    expect(await tables(shadow)).toEqual(['a', 'c', 'e']);
    await shadow.close();
  });

  it('keeps of a file that fails what can be, in and outside of a transaction', async () => {
    const texts = {
      'a.sql':
        'CREATE TABLE a (i int);\nCREATE TABLE b (i nowhere);\nCREATE TABLE c (i int);\nINSERT INTO b VALUES (1);\nDROP TABLE nothing;',
    };
    for (const transaction of [true, false]) {
      const shadow = await opened(kind);
      const { problems } = await layBase(shadow, pieces(texts, transaction), { missingExtensions: [] });
      expect(problems).toMatchObject([
        { file: 'a.sql', line: 2, code: '42704', consequences: ['a.sql:4'], alike: 0 },
        { file: 'a.sql', line: 5, code: '42P01', consequences: [] },
      ]);
      expect(await tables(shadow)).toEqual(['a', 'c']);
      await shadow.close();
    }
  });

  it('leaves nothing of its session to what comes after', async () => {
    const shadow = await opened(kind);
    await layBase(
      shadow,
      pieces({
        'a.sql':
          "CREATE SCHEMA s; SET search_path = s; SET lock_timeout = '9s'; CREATE TABLE t (i int); CREATE TEMP TABLE left_behind (i int); PREPARE p AS SELECT 1;",
        'b.sql': 'CREATE TABLE u (i int)',
      }),
      { missingExtensions: [] },
    );
    expect(await tables(shadow)).toEqual(['u']);
    const [row] = await shadow.session.query(
      `SELECT current_setting('search_path') AS path, to_regclass('left_behind')::text AS temp, (SELECT count(*) FROM pg_prepared_statements)::text AS prepared`,
    );
    expect(row).toEqual({ path: expect.stringMatching(/^("\$user", )?public$/), temp: null, prepared: '0' });
    await shadow.close();
  });
});
