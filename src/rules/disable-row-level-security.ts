import { defineRule, type RuleExamples } from './rule.ts';
import { dropsToo } from './shared/made-here.ts';
import { identifier, qualified, quoted } from './shared/names.ts';

export const rule = defineRule({
  id: 'disable-row-level-security',
  title: 'Row level security switched off',
  severity: 'error',
  why: 'DISABLE ROW LEVEL SECURITY leaves the policies where they are and no longer applies them: every role that holds a privilege on the table reads and changes all of its rows from then on. NO FORCE does the same for the table’s owner, as which many applications connect. Both take an ACCESS EXCLUSIVE lock until the transaction ends.',
  safeAlternative:
    'Change the policies instead: CREATE POLICY … TO the role that needs more, or give one job a role with BYPASSRLS.',
  sections: ['up'],
  reference: 'ddl-rowsecurity',
  statements: {
    *'alter-table'(statement, context) {
      if (statement.objectType !== 'table' || context.isNew(statement.table)) return;
      if (dropsToo(context, statement.table, [])) return;
      const known = context.catalog.table(statement.table);
      // Never switched on, as far as all that made the table can be seen.
      if (known && !known.rowSecurity && !context.catalog.incomplete) return;
      for (const action of statement.actions) {
        if (action.action === 'disable-rls')
          yield {
            span: action.span,
            message: `Every role with a privilege on ${quoted(statement.table)} reaches all of its rows from then on${known && known.policies.size > 0 ? `; its policies (${[...known.policies.keys()].map(quoted).join(', ')}) do nothing any more` : ''}.`,
            advice: `Leave it on and let more through: CREATE POLICY … ON ${qualified(statement.table)} TO ${identifier('role')} USING (…);`,
          };
        if (action.action === 'no-force-rls')
          yield {
            span: action.span,
            message: `The owner of ${quoted(statement.table)} reaches all of its rows from then on, whatever the policies say.`,
            severity: 'warning',
          };
      }
    },
  },
});

export const examples: RuleExamples = {
  bad: [
    {
      history: [
        'CREATE TABLE documents (id bigint PRIMARY KEY, owner text NOT NULL);\nCREATE POLICY documents_owner ON documents USING (owner = current_user);\nALTER TABLE documents ENABLE ROW LEVEL SECURITY;',
      ],
      sql: 'ALTER TABLE documents DISABLE ROW LEVEL SECURITY;',
    },
    {
      history: [
        'CREATE TABLE documents (id bigint PRIMARY KEY, owner text NOT NULL);\nCREATE POLICY documents_owner ON documents USING (owner = current_user);\nALTER TABLE documents ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;',
      ],
      sql: 'ALTER TABLE documents NO FORCE ROW LEVEL SECURITY;',
      note: 'A warning: it is the owner alone.',
    },
  ],
  good: [
    {
      history: [
        'CREATE TABLE documents (id bigint PRIMARY KEY, owner text NOT NULL);\nCREATE POLICY documents_owner ON documents USING (owner = current_user);\nALTER TABLE documents ENABLE ROW LEVEL SECURITY;',
      ],
      sql: 'CREATE POLICY documents_auditor ON documents FOR SELECT TO pg_read_all_data USING (true);',
    },
    {
      history: ['CREATE TABLE documents (id bigint PRIMARY KEY, owner text NOT NULL);'],
      sql: 'ALTER TABLE documents DISABLE ROW LEVEL SECURITY;',
      note: 'It was never on.',
    },
  ],
};
