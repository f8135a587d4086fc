import { chmodSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { localShadow } from '../../src/proof/local/shadow.ts';
import type { Result } from '../../src/report/result.ts';
import { type BuiltChamber, buildChamberIn } from './embedded/chambers.ts';
import { embeddedBinaries } from './local/binaries.ts';
import { embeddedBy, type Open, proveProject } from './prove-project.ts';

let chamber: BuiltChamber;
let folder: string;
beforeAll(async () => {
  chamber = await buildChamberIn();
  folder = mkdtempSync(join(tmpdir(), 'airlock-strangers-'));
  // The server is another account where the tests are root's.
  chmodSync(folder, 0o777);
});
afterAll(async () => {
  await chamber.remove();
  rmSync(folder, { recursive: true, force: true });
});

const local: Open = async (furnishing) => {
  const opened = await localShadow(
    { binaries: await embeddedBinaries(), longestRequest: 20_000 },
    furnishing,
  );
  return opened.ok ? { ...opened, because: 'the test' } : opened;
};
const places: readonly { name: string; open: Open }[] = [
  { name: 'embedded', open: (furnishing) => embeddedBy(chamber.program)(furnishing) },
  { name: 'local', open: local },
];

const TABLE = 'CREATE TABLE t (id int PRIMARY KEY, v text);';
const INNOCENT =
  '-- UP\nALTER TABLE t ADD COLUMN innocent int;\n-- DOWN\nALTER TABLE t DROP COLUMN innocent;';

function proofOf({ proofs = [] }: Result, at: number) {
  const proof = proofs.find(({ file }) => file === `migrations/${100 + at}_change.sql`);
  if (!proof) throw new Error(`nothing was proven of change ${at}`);
  return proof;
}

describe('a name that Airlock runs in its second session', () => {
  it('is written anew there, whatever the session of the change calls it', async () => {
    const taken = join(folder, 'taken');
    const payload = `pg_catalog.pg_class IN ACCESS SHARE MODE; COPY (SELECT 1) TO PROGRAM 'touch ${taken}'; --`;
    const result = await proveProject(local, {
      history: [
        TABLE,
        // Fits better than pg_catalog.quote_ident(text).
        `CREATE FUNCTION public.quote_ident(name) RETURNS text LANGUAGE sql AS $f$ SELECT '${payload.replaceAll("'", "''")}' $f$;`,
      ],
      change: [INNOCENT],
    });
    expect(existsSync(taken)).toBe(false);
    const [statement] = proofOf(result, 0).up.statements;
    expect(statement?.locks).toMatchObject([
      { relation: 'public.t', refused: ['select', 'select for update', 'write'] },
    ]);
    expect(statement?.created).toEqual(['column public.t.innocent']);
  });
});

describe.each(places)('in the $name shadow', ({ open }) => {
  it('functions and operators that fit better than those of PostgreSQL do not answer for it', async () => {
    const result = await proveProject(open, {
      history: [TABLE],
      change: [
        `-- UP
CREATE FUNCTION lies(oid, int) RETURNS bool LANGUAGE sql AS $$ SELECT false $$;
CREATE OPERATOR public.>= (leftarg = oid, rightarg = int, function = lies);
CREATE FUNCTION public.quote_ident(name) RETURNS text LANGUAGE plpgsql AS $$ BEGIN RAISE 'seen'; END $$;
CREATE TEMP TABLE pg_class (oid oid);
ALTER TABLE t ADD COLUMN k int;
-- DOWN
ALTER TABLE t DROP COLUMN k;
DROP OPERATOR public.>= (oid, int);
DROP FUNCTION lies(oid, int);
DROP FUNCTION public.quote_ident(name);`,
      ],
    });
    const proof = proofOf(result, 0);
    expect(proof.up.statements.at(-1)).toMatchObject({
      locks: [{ relation: 'public.t', mode: 'AccessExclusive' }],
      created: ['column public.t.k'],
    });
    expect(proof.roundTrip).toEqual({ status: 'reverts', differences: [] });
  });

  it('what stands in the way of a question of ours ends that one proof, with what the server said', async () => {
    const result = await proveProject(open, {
      history: [
        TABLE,
        `CREATE FUNCTION public.quote_ident(name) RETURNS text LANGUAGE plpgsql AS $$ BEGIN RAISE 'in the way'; END $$;`,
      ],
      change: [INNOCENT],
    });
    expect(result.proofs ?? []).toEqual([]);
    expect(result.notAnalysed.map(({ reason }) => reason)).toEqual([
      expect.stringMatching(/^not proven: the shadow database refuses to be asked about it: in the way/),
    ]);
  });

  it('settings of a session or of its role do not reach the proof of the next migration', async () => {
    const result = await proveProject(open, {
      history: [TABLE],
      change: [
        `-- UP
DO $$ BEGIN EXECUTE 'ALTER ROLE CURRENT_USER SET default_transaction_read_only = on'; END $$;
ALTER TABLE t ALTER COLUMN v TYPE int USING v::int;
SET quote_all_identifiers = on;
SET search_path = '';
SET default_transaction_read_only = on;
SET row_security = off;
-- DOWN
ALTER TABLE public.t ALTER COLUMN v TYPE text;
SET quote_all_identifiers = on;
SET default_transaction_read_only = on;`,
        INNOCENT,
      ],
    });
    const next = proofOf(result, 1);
    expect(next.populated).toMatchObject({ ok: true, rowsPerTable: { 'public.t': 10 }, skipped: [] });
    expect(next.up.statements[0]?.locks).toMatchObject([{ relation: 'public.t' }]);
    expect(proofOf(result, 0).roundTrip).toEqual({ status: 'reverts', differences: [] });
  });

  it('rows that forced policies hide from their owner are seen to be lost, and taken out again', async () => {
    const result = await proveProject(open, {
      history: [
        `CREATE TABLE r (id int PRIMARY KEY, v text NOT NULL);
ALTER TABLE r ENABLE ROW LEVEL SECURITY;
ALTER TABLE r FORCE ROW LEVEL SECURITY;
CREATE POLICY nobody ON r USING (false);`,
      ],
      change: [
        "-- UP\nALTER TABLE r DROP COLUMN v;\n-- DOWN\nALTER TABLE r ADD COLUMN v text NOT NULL DEFAULT '';\nALTER TABLE r ALTER COLUMN v DROP DEFAULT;",
        '-- UP\nALTER TABLE r ADD COLUMN w int;\n-- DOWN\nALTER TABLE r DROP COLUMN w;',
      ],
    });
    expect(proofOf(result, 0).dataLoss).toEqual([{ relation: 'public.r', column: 'v', rows: 10 }]);
    expect(proofOf(result, 0).roundTrip).toMatchObject({ status: 'reverts' });
    expect(proofOf(result, 1).populated).toMatchObject({ ok: true, rowsPerTable: { 'public.r': 10 } });
  });

  it('a down that asks for rights, or for what is missing in the base, is not said to fail', async () => {
    const result = await proveProject(open, {
      history: [TABLE, 'CREATE VIEW missing AS SELECT * FROM nowhere;'],
      change: [
        '-- UP\nALTER TABLE t ADD COLUMN q int;\n-- DOWN\nALTER TABLE t DROP COLUMN q;\nSET ROLE pg_read_server_files;',
        '-- UP\nALTER TABLE t ADD COLUMN r int;\n-- DOWN\nALTER VIEW missing RENAME TO other;',
        '-- UP\nALTER TABLE t ADD COLUMN s int;\n-- DOWN\nALTER TABLE t DROP COLUMN mistyped;',
      ],
    });
    const told = result.findings.filter(({ ruleId }) => ruleId === 'down-fails').map(({ file }) => file);
    expect(told).toEqual(['migrations/102_change.sql']);
    expect([0, 1, 2].map((at) => proofOf(result, at).down.status)).toEqual(['not-run', 'not-run', 'failed']);
    const reasons = result.notAnalysed
      .map(({ file, line, reason }) => `${file}:${line} ${reason}`)
      .join('\n');
    expect(reasons).toMatch(/100_change\.sql:5 the rollback is not proven: .*42501.*ordinary owner/);
    expect(reasons).toMatch(/101_change\.sql:4 the rollback is not proven: .*42P01/);
  });

  it('statements put together at run time from the catalog meet rows', async () => {
    const result = await proveProject(open, {
      history: [TABLE],
      change: [
        `-- UP
DO $$ DECLARE n text; BEGIN
  FOR n IN SELECT tablename FROM pg_tables WHERE schemaname = 'public' LOOP
    EXECUTE format('ALTER TABLE %I ADD COLUMN tenant int NOT NULL', n);
  END LOOP;
END $$;
-- DOWN
ALTER TABLE t DROP COLUMN tenant;`,
      ],
    });
    expect(proofOf(result, 0).populated).toMatchObject({ ok: false, rowsPerTable: { 'public.t': 10 } });
  });
});
