import type { Connection } from '../../../src/engine/connection.ts';
import { runSection, type SectionResult, stepsOf } from '../../../src/engine/run-section.ts';
import { observe } from '../../../src/proof/observe/observe.ts';
import type { ProvenStatement } from '../../../src/report/proof-result.ts';
import { loadPostgresParser, parsePostgres } from '../../../src/sql/postgres/parser.ts';
import { SourceFile } from '../../../src/sql/source.ts';

export interface Ran {
  readonly result: SectionResult;
  readonly statements: readonly ProvenStatement[];
}

/** Runs a section under observation. */
export async function observed(
  session: Connection,
  text: string,
  how: { transaction?: boolean; observer?: Connection } = {},
): Promise<Ran> {
  await loadPostgresParser();
  const sql = parsePostgres(text);
  const steps = stepsOf(sql, ({ start, end }) => text.slice(start, end));
  const run = { steps, transaction: how.transaction ?? true, lockTimeout: 1_000 };
  const observation = await observe(session, { run, sql, observer: how.observer });
  const result = await runSection(session, run, observation.onlooker);
  return { result, statements: observation.statements(new SourceFile('up.sql', text), result.steps) };
}

/** "t AccessExclusive": the schema is always public. */
export function locksOf({ locks }: ProvenStatement): string[] {
  return locks.map(({ relation, mode, basis }) =>
    [relation.replace('public.', ''), mode, ...(basis ? [basis] : [])].join(' '),
  );
}

/** "t 100": rows read. */
export function scansOf({ scans }: ProvenStatement): string[] {
  return scans.map(({ relation, rows }) => `${relation.replace('public.', '')} ${rows}`);
}

/** Begins again with tables of a hundred rows. */
export async function begin(session: Connection): Promise<void> {
  await session.run('ROLLBACK');
  await session.run('DISCARD ALL');
  await session.run('DROP SCHEMA public CASCADE; DROP SCHEMA IF EXISTS evil CASCADE; CREATE SCHEMA public');
  await session.run(BASE);
}

const BASE = `
CREATE TABLE teams (id int PRIMARY KEY, name text);
INSERT INTO teams SELECT g, 'x' FROM generate_series(1, 100) g;
CREATE TABLE users (id int PRIMARY KEY, age int, email varchar(10), team int, CHECK (age > 0));
CREATE INDEX users_age ON users (age);
INSERT INTO users SELECT g, g, 'x', g FROM generate_series(1, 100) g;
CREATE TABLE events (id int, what text) PARTITION BY RANGE (id);
CREATE TABLE events_1 PARTITION OF events FOR VALUES FROM (0) TO (50);
INSERT INTO events SELECT g, 'x' FROM generate_series(1, 20) g;
CREATE MATERIALIZED VIEW totals AS SELECT count(*) FROM teams;
CREATE VIEW names AS SELECT id FROM teams;
CREATE TABLE empty (id int PRIMARY KEY);
CREATE TYPE mood AS ENUM ('a');
CREATE FUNCTION one(int) RETURNS int LANGUAGE sql AS 'SELECT 1';
`;
