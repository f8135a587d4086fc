import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { embeddedShadow } from '../../src/proof/embedded/shadow.ts';
import { localShadow } from '../../src/proof/local/shadow.ts';
import type { Result } from '../../src/report/result.ts';
import { type BuiltChamber, buildChamberIn } from './embedded/chambers.ts';
import { embeddedBinaries } from './local/binaries.ts';
import { type Open, proveProject } from './prove-project.ts';

/** Milliseconds. */
const LONGEST = 10_000;

const HISTORY = [
  `CREATE TABLE users (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, email text NOT NULL);
   CREATE SCHEMA own; CREATE TABLE own.things (id bigint PRIMARY KEY);`,
];

interface Case {
  readonly name: string;
  readonly change: string;
  /** What the report says of it: of the rule that speaks, or of why nothing was proven. */
  readonly says: RegExp;
  /** Not the same everywhere. */
  readonly only?: 'embedded' | 'local';
}

/** Each leaves the world as it should not be; the migration after it must not notice. */
const CASES: readonly Case[] = [
  {
    name: 'leaves settings, a role, a path, a temporary table, a prepared statement and a lock behind',
    change: `-- @no-transaction
-- UP
SET search_path = pg_catalog;
SET statement_timeout = '1ms';
RESET statement_timeout;
SET row_security = off;
SET default_transaction_read_only = on;
SET ROLE NONE;
SET default_transaction_read_only = off;
CREATE TEMP TABLE users (nothing int);
PREPARE left_behind AS SELECT 1;
SELECT pg_advisory_lock(1);
LISTEN somebody;
DECLARE c CURSOR WITH HOLD FOR SELECT 1;
-- DOWN
SELECT 1;`,
    says: /reverts/,
  },
  {
    name: 'ends in the middle of a transaction of its own',
    change: `-- UP\nBEGIN;\nCREATE TABLE half (id int);\nCOMMIT;\nBEGIN;\nCREATE TABLE never (id int);\n-- DOWN\nDROP TABLE half;`,
    says: /reverts/,
  },
  {
    name: 'has its own BEGIN and COMMIT',
    change: `-- UP\nBEGIN;\nCREATE TABLE whole (id int);\nCOMMIT;\n-- DOWN\nBEGIN;\nDROP TABLE whole;\nCOMMIT;`,
    says: /reverts/,
  },
  {
    name: 'needs autocommit and does not say so',
    change: `-- UP\nCREATE INDEX CONCURRENTLY users_email ON users (email);\n-- DOWN\nDROP INDEX CONCURRENTLY users_email;`,
    says: /reverts/,
  },
  {
    name: 'raises',
    change: `-- UP\nDO $$ BEGIN RAISE EXCEPTION 'no' USING ERRCODE = 'XX000'; END $$;`,
    says: /up-fails: .*no \(XX000\)/,
  },
  {
    name: 'ends its own session',
    change: `-- UP\nSELECT pg_terminate_backend(pg_backend_pid());`,
    says: /up-fails|terminat|ended|42501/,
  },
  {
    name: 'runs for ever',
    change: `-- UP\nDO $$ BEGIN LOOP END LOOP; END $$;`,
    says: /57014|did not answer/,
  },
  {
    name: 'waits for a lock of its own',
    change: `-- UP\nSELECT pg_advisory_lock(7);\nSELECT pg_advisory_lock(7);\n-- DOWN\nSELECT 1;`,
    says: /reverts/,
  },
  {
    name: 'drops the schema that everything is in',
    change: `-- UP\nDROP SCHEMA own CASCADE;\n-- DOWN\nCREATE SCHEMA own;\nCREATE TABLE own.things (id bigint PRIMARY KEY);`,
    says: /reverts/,
  },
  {
    name: 'writes a million rows',
    change: `-- UP\nCREATE TABLE many AS SELECT n FROM generate_series(1, 1000000) n;\n-- DOWN\nDROP TABLE many;`,
    says: /reverts/,
  },
  {
    name: 'fills memory',
    change: `-- UP\nSELECT length(string_agg(repeat('x', 1000000), '')) FROM generate_series(1, 5000);`,
    // Whichever of its limits is met first.
    says: /54000|53200|memory|57014|XX000|did not answer within/,
  },
  {
    name: 'runs a program',
    change: `-- UP\nCOPY users (email) FROM PROGRAM 'id';`,
    says: /42501|not run|refuse|program/i,
  },
  {
    name: 'reads a file of the server',
    change: `-- UP\nSELECT pg_read_file('/etc/passwd');`,
    says: /42501|not run|refuse|file|permission/i,
  },
  {
    name: 'loads a library',
    change: `-- UP\nLOAD 'anything';`,
    says: /42501|58P01|not run|refuse|librar/i,
  },
  {
    name: 'makes an event trigger',
    change: `-- UP
CREATE FUNCTION stop() RETURNS event_trigger LANGUAGE plpgsql AS $$ BEGIN RAISE 'stopped'; END $$;
CREATE EVENT TRIGGER stop_all ON ddl_command_start EXECUTE FUNCTION stop();
-- DOWN
DROP EVENT TRIGGER stop_all;
DROP FUNCTION stop();`,
    says: /42501|superuser|reverts|stopped/,
  },
];

/** Comes after each: what it finds is what it would find without it. */
const INNOCENT = (at: number): string =>
  `-- UP
CREATE TABLE innocent_${at} (id int);
ALTER TABLE users ADD COLUMN c_${at} text;
SELECT 1 / (count(*) = 0)::int FROM pg_prepared_statements;
SELECT 1 / (current_setting('search_path') = '"$user", public')::int;
SELECT 1 / (count(*) = 0)::int FROM pg_locks WHERE locktype = 'advisory' AND pid = pg_backend_pid();
SELECT 1 / (count(*) = 0)::int FROM pg_cursors WHERE is_holdable;
SELECT 1 / (count(*) = 0)::int FROM pg_class WHERE relpersistence = 't' AND relname = 'users';
-- DOWN
ALTER TABLE users DROP COLUMN c_${at};
DROP TABLE innocent_${at};`;

let chamber: BuiltChamber;
beforeAll(async () => {
  chamber = await buildChamberIn();
});
afterAll(() => chamber.remove());

const places: readonly { name: 'embedded' | 'local'; open: Open }[] = [
  {
    name: 'embedded',
    open: async (furnishing) => {
      const { program, folder } = chamber;
      const base = join(folder, 'chamber-base.tar.zst');
      const settings = { program, base, longestRequest: LONGEST, mostMemory: 1.5 * 1024 ** 3 };
      const opened = await embeddedShadow(settings, furnishing);
      return opened.ok ? { ...opened, because: 'the test' } : opened;
    },
  },
  {
    name: 'local',
    open: async (furnishing) => {
      const opened = await localShadow(
        { binaries: await embeddedBinaries(), longestRequest: LONGEST * 2 },
        furnishing,
      );
      return opened.ok ? { ...opened, because: 'the test' } : opened;
    },
  },
];

describe.each(places)('in the $name shadow, a migration that', ({ name: place, open }) => {
  const cases = CASES.filter(({ only }) => only === undefined || only === place);
  let result: Result;
  beforeAll(async () => {
    const change = cases.flatMap(({ change }, at) => [change, INNOCENT(at)]);
    result = await proveProject(open, {
      history: HISTORY,
      change,
      configuration: { statementTimeout: LONGEST },
    });
  }, 240_000);

  test.each(cases.map((each, at) => [each.name, each, at] as const))('%s', (_, { says }, at) => {
    const file = `migrations/${String(100 + at * 2)}_change.sql`;
    const said = [
      ...(result.proofs ?? [])
        .filter((proof) => proof.file === file)
        .map(({ roundTrip, up }) => `${roundTrip.status} ${up.error ?? ''}`),
      ...result.findings
        .filter((finding) => finding.file === file && finding.stage === 'executed')
        .map(({ ruleId, message }) => `${ruleId}: ${message}`),
      ...result.notAnalysed.filter((entry) => entry.file === file).map(({ reason }) => reason),
    ].join('\n');
    expect(said).toMatch(says);

    const next = `migrations/${String(101 + at * 2)}_change.sql`;
    const innocent = result.proofs?.find((proof) => proof.file === next);
    expect(innocent, innocent?.up.error).toMatchObject({
      up: { ok: true },
      populated: { ok: true },
      down: { status: 'ok' },
      roundTrip: { status: 'reverts' },
      reapply: { ok: true },
    });
  });
});
