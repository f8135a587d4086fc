import type { LayoutReading } from '../migration/layout.ts';
import type { Migration } from '../migration/migration.ts';
import type { CheckedMigration, CheckedSection } from '../rules/rule.ts';
import type { Span } from '../sql/source.ts';
import { sectionOf } from './check-migration.ts';
import type { Raised } from './raised.ts';
import type { ActiveRule, ValidationSettings } from './settings.ts';

/** What the layout reader found wrong, as findings of the rules it names; files of the history stay as they are. */
export function readingFindings(
  reading: LayoutReading,
  active: readonly ActiveRule[],
  isChanged: (migration: Migration) => boolean,
): Raised[] {
  const byId = new Map(active.map((each) => [each.rule.id, each]));
  const changedFiles = new Set<string>();
  const known = new Set<string>();
  for (const migration of reading.migrations) {
    for (const path of [migration.up.file.path, migration.down?.file.path]) {
      if (path === undefined) continue;
      known.add(path);
      if (isChanged(migration)) changedFiles.add(path);
    }
  }
  const raised: Raised[] = [];
  for (const problem of reading.problems) {
    const each = byId.get(problem.ruleId);
    if (!each || (known.has(problem.file.path) && !changedFiles.has(problem.file.path))) continue;
    const severity =
      each.severity === each.rule.severity ? (problem.severity ?? each.severity) : each.severity;
    raised.push({
      ruleId: problem.ruleId,
      severity,
      file: problem.file,
      span: problem.span,
      ...(problem.migrationId === undefined ? {} : { migrationId: problem.migrationId }),
      message: problem.message,
      why: each.rule.why,
      advice: problem.fix ?? each.rule.safeAlternative,
    });
  }
  return raised;
}

export function syntaxFindings(
  checked: CheckedMigration,
  section: CheckedSection,
  active: readonly ActiveRule[],
  dialect: ValidationSettings['dialect'],
): Raised[] {
  const each = active.find(({ rule }) => rule.id === 'syntax-error');
  if (!each) return [];
  return section.sql.errors.map((error) => ({
    ruleId: each.rule.id,
    severity: each.severity,
    file: sectionOf(checked, section.name).file,
    span: error.span,
    statement: error.statement,
    migrationId: checked.migration.id,
    message: error.message,
    why: each.rule.why,
    advice:
      dialect === 'postgres' && isMysql(sectionOf(checked, section.name).file.text, error.statement)
        ? 'This is how MySQL writes it: airlock validate --dialect mysql, or dialect: mysql in migration.config.yml.'
        : each.rule.safeAlternative,
    migration: checked,
    section: section.name,
  }));
}

const MYSQL =
  /`|\bauto_increment\b|\bengine\s*=|^alter\s+table\s+\S+\s+(?:modify|change)\b|^alter\s.*\b(?:after\s+\w+|first)\s*$|^drop\s+index\s+\S+\s+on\s/is;

/** Of a statement that PostgreSQL refuses. */
function isMysql(text: string, { start, end }: Span): boolean {
  return MYSQL.test(
    text.slice(start, Math.min(end, start + LONGEST_LOOK)).replace(/^(?:\s|--.*\n|#.*\n)+/, ''),
  );
}

/** Characters of a statement that are looked at. */
const LONGEST_LOOK = 10_000;
