import { defineRule, type RuleExamples } from './rule.ts';
import { settingsOf } from './shared/session-settings.ts';

export const rule = defineRule({
  id: 'require-application-name',
  title: 'No application_name',
  severity: 'off',
  why: 'Whoever looks into pg_stat_activity or the server log while a migration blocks others sees the name that its session gave itself. Without application_name it looks like any other session, and the wrong one may be ended.',
  safeAlternative: "SET application_name = 'migration …' at the start of the file.",
  sections: ['up'],
  reference: 'runtime-config-logging',
  knownAs: { pgfence: ['missing-application-name'] },
  *migration(context) {
    const { up } = context.migration;
    const at = up.sql.statements.findIndex(({ kind }) => kind !== 'set' && kind !== 'transaction');
    const first = up.sql.statements[at];
    if (
      !first ||
      settingsOf(up, 'application_name').some(({ statement, index }) => !statement.reset && index < at)
    )
      return;
    yield {
      migration: context.migration,
      section: 'up',
      span: first.span,
      message: 'The session of this migration has no application_name of its own by its first statement.',
    };
  },
});

export const examples: RuleExamples = {
  bad: [
    {
      history: ['CREATE TABLE users (id bigint PRIMARY KEY);'],
      sql: 'ALTER TABLE users ADD COLUMN email text;',
    },
  ],
  good: [
    {
      history: ['CREATE TABLE users (id bigint PRIMARY KEY);'],
      sql: "SET application_name = 'migration 42';\nALTER TABLE users ADD COLUMN email text;",
    },
  ],
};
