import { createHash } from 'node:crypto';
import { checksum } from '../migration/checksum.ts';
import type { Layout } from '../migration/layout.ts';
import type { Migration, Section } from '../migration/migration.ts';
import type { SealedMigration } from '../migration/plan.ts';
import { readable } from '../sql/readable.ts';
import type { NotAnalysed, ParsedSql } from '../sql/statement.ts';
import { executionOf } from '../validation/execution.ts';
import { parseAndKeep, prepareParser } from '../validation/parse.ts';
import { type SectionRun, type Step, stepsOf } from './run-section.ts';

/** One section as it is going to run. */
export interface PreparedSection {
  readonly section: Section;
  readonly run: SectionRun;
  /** What cannot be sent to a server: commands of other clients, templates, placeholders without a value. */
  readonly blocked: readonly NotAnalysed[];
}

/** A migration of a plan, read whole before anything runs. */
export interface Prepared extends SealedMigration {
  readonly up: PreparedSection;
  readonly down?: PreparedSection | undefined;
  readonly verify?: PreparedSection | undefined;
}

export interface PrepareSettings {
  readonly placeholders: Readonly<Record<string, string>>;
  /** Milliseconds. */
  readonly lockTimeout: number;
  /** Milliseconds; 0: none. */
  readonly statementTimeout: number;
  /** Milliseconds until the server ends a session that leaves its transaction standing. */
  readonly idleTimeout: number;
  readonly pooled: boolean;
}

export async function prepare(
  sealed: SealedMigration,
  layout: Layout,
  settings: PrepareSettings,
): Promise<Prepared> {
  // A statement that the parser could not hold may have cost it.
  await prepareParser('postgres');
  const { migration } = sealed;
  const section = (part: Section): PreparedSection => prepareSection(part, layout, settings);
  return {
    ...sealed,
    up: section(migration.up),
    ...(migration.down ? { down: section(migration.down) } : {}),
    ...(migration.verify ? { verify: section(migration.verify) } : {}),
  };
}

export function seal(migration: Migration): SealedMigration {
  return { migration, checksum: checksum(migration.up.file.text) };
}

function prepareSection(section: Section, layout: Layout, settings: PrepareSettings): PreparedSection {
  const sql = parseAndKeep(section, { dialect: 'postgres', placeholders: settings.placeholders });
  const execution = executionOf(section, sql, layout, { ...settings, runner: 'airlock' });
  const { written } = readable(section.file.text, section.pieces, settings.placeholders);
  return {
    section,
    run: {
      steps: stepsOf(sql, written),
      transaction: execution.transaction,
      lockTimeout: execution.lockTimeout ?? settings.lockTimeout,
      statementTimeout: execution.statementTimeout ?? settings.statementTimeout,
      idleTimeout: settings.idleTimeout,
      pooled: settings.pooled,
    },
    blocked: blockedIn(sql),
  };
}

/** A body that could not be analysed stands in a statement that runs all the same. */
function blockedIn(sql: ParsedSql): readonly NotAnalysed[] {
  return sql.notAnalysed.filter(
    ({ span }) =>
      !sql.statements.some(
        (statement) => statement.span.start <= span.start && span.end <= statement.span.end,
      ),
  );
}

/** 64 hex digits of the texts of statements: a run that was cut off goes on only where these are the same. */
export function digestOf(steps: readonly Step[]): string {
  return createHash('sha256')
    .update(JSON.stringify(steps.map(({ sql }) => sql)), 'utf8')
    .digest('hex');
}
