import { resolveDependencies } from '../migration/dependencies.ts';
import { defineRule, type PlacedProblem, type RuleExamples } from './rule.ts';
import { metadataPlace } from './shared/metadata-place.ts';
import { quoted } from './shared/names.ts';

export const rule = defineRule({
  id: 'unknown-dependency',
  title: 'Dependency on a migration that does not exist',
  severity: 'error',
  why: 'The metadata says that this migration needs another one, and no migration of the folder has that id. It can never be run: what it waits for never comes.',
  safeAlternative: 'Name the id of a migration that is there, or take the entry out of "dependencies".',
  sections: ['up'],
  dialects: ['postgres', 'mysql'],
  change: ({ all, changed }) => {
    const problems: PlacedProblem[] = [];
    const byMigration = new Map(changed.map((checked) => [checked.migration, checked]));
    for (const { migration, dependency, suggestion } of resolveDependencies(
      all.map((checked) => checked.migration),
    ).unknown) {
      const checked = byMigration.get(migration);
      if (!checked) continue;
      problems.push({
        migration: checked,
        section: 'up',
        span: metadataPlace(migration, dependency),
        message: `No migration has the id ${quoted(dependency)} that this one depends on.${suggestion === undefined ? '' : ` Did you mean ${quoted(suggestion)}?`}`,
        ...(suggestion === undefined ? {} : { advice: `Write ${quoted(suggestion)} in "dependencies".` }),
      });
    }
    return problems;
  },
});

export const examples: RuleExamples = {
  bad: [
    {
      history: ['CREATE TABLE users (id bigint PRIMARY KEY);'],
      sql: 'ALTER TABLE users ADD COLUMN note text;',
      metadata: { dependencies: ['999'] },
      note: 'No migration has the id 999.',
    },
  ],
  good: [
    {
      history: ['CREATE TABLE users (id bigint PRIMARY KEY);'],
      sql: 'ALTER TABLE users ADD COLUMN note text;',
      metadata: { dependencies: ['001'] },
    },
  ],
};
