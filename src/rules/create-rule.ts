import { defineRule, type RuleExamples } from './rule.ts';
import { quoted } from './shared/names.ts';

export const rule = defineRule({
  id: 'create-rule',
  title: 'Rewrite rule on a table or view',
  severity: 'off',
  why: 'A rule rewrites the query before it runs instead of acting on rows: volatile expressions may be evaluated more than once, the reported number of rows changes, and RETURNING works only where the rule provides it. CREATE RULE takes an ACCESS EXCLUSIVE lock on the table. A matter of style: some uses have no simpler form.',
  safeAlternative: 'A trigger, INSTEAD OF on a view.',
  claims: ['blocks-reads'],
  sections: ['up'],
  reference: 'rules-triggers',
  knownAs: { 'eslint-plugin-postgresql': ['no-rule'] },
  statements: {
    *'create-rule'(statement) {
      yield {
        message: `Rule ${quoted(statement.rule)} rewrites every query of its kind on ${quoted(statement.table)}.`,
      };
    },
  },
});

export const examples: RuleExamples = {
  bad: [
    {
      history: ['CREATE TABLE audit_log (id bigint PRIMARY KEY, entry text);'],
      sql: 'CREATE RULE audit_log_keep AS ON DELETE TO audit_log DO INSTEAD NOTHING;',
    },
  ],
  good: [
    {
      history: [
        'CREATE TABLE audit_log (id bigint PRIMARY KEY, entry text);\nCREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION $m$The audit log only grows.$m$; END $$;',
      ],
      sql: 'CREATE TRIGGER audit_log_keep BEFORE DELETE ON audit_log FOR EACH ROW EXECUTE FUNCTION refuse();',
    },
  ],
};
