import { defineRule, type PlacedProblem, type RuleExamples } from './rule.ts';
import { qualified, quoted } from './shared/names.ts';
import { rowSecurityTouched, tablesWithPolicies } from './shared/row-security.ts';
import { hasUnread } from './shared/unread.ts';

export const rule = defineRule({
  id: 'rls-enabled-without-policy',
  title: 'Row level security without a policy',
  severity: 'error',
  why: 'With row level security on and no policy, PostgreSQL denies everything to every role but the owner, superusers and those with BYPASSRLS: SELECT gives no rows, without an error, UPDATE and DELETE find none, and INSERT fails.',
  safeAlternative: 'Create the policies in the same migration, before ENABLE ROW LEVEL SECURITY.',
  sections: ['up'],
  reference: 'ddl-rowsecurity',
  knownAs: { migrationpilot: ['MP057'] },
  change: (context) => {
    const problems: PlacedProblem[] = [];
    const enabled = rowSecurityTouched(context).filter((touched) => touched.enabled);
    if (enabled.length === 0) return problems;
    const withPolicies = tablesWithPolicies(context);
    const unreadHistory = context.before.incomplete;
    const unreadChange = hasUnread(context.changed);
    for (const { relation, migration, span, after } of enabled) {
      if (after && (!after.rowSecurity || after.policies.size > 0)) continue;
      if (!after && withPolicies.has(context.after.key(relation))) continue;
      // What could not be read may have made policies for a table that was there before; for a new one only the change can.
      if (unreadChange || (unreadHistory && !(after && !context.before.table(relation)))) continue;
      problems.push({
        migration,
        section: 'up',
        span,
        message: `${quoted(relation)} has row level security and no policy: everybody but its owner sees an empty table and cannot insert.`,
        advice: `Before it: CREATE POLICY … ON ${qualified(relation)} USING (…) WITH CHECK (…);`,
      });
    }
    return problems;
  },
});

export const examples: RuleExamples = {
  bad: [
    {
      history: ['CREATE TABLE documents (id bigint PRIMARY KEY, owner text NOT NULL);'],
      sql: 'ALTER TABLE documents ENABLE ROW LEVEL SECURITY;',
    },
    {
      sql: 'CREATE TABLE documents (id bigint PRIMARY KEY, owner text NOT NULL);\nALTER TABLE documents ENABLE ROW LEVEL SECURITY;',
    },
  ],
  good: [
    {
      history: ['CREATE TABLE documents (id bigint PRIMARY KEY, owner text NOT NULL);'],
      sql: 'CREATE POLICY documents_owner ON documents USING (owner = current_user);\nALTER TABLE documents ENABLE ROW LEVEL SECURITY;',
    },
    {
      history: [
        'CREATE TABLE documents (id bigint PRIMARY KEY, owner text NOT NULL);\nCREATE POLICY documents_owner ON documents USING (owner = current_user);',
      ],
      sql: 'ALTER TABLE documents ENABLE ROW LEVEL SECURITY;',
    },
    {
      history: ['CREATE TABLE documents (id bigint PRIMARY KEY, owner text NOT NULL);'],
      sql: 'ALTER TABLE documents ENABLE ROW LEVEL SECURITY;',
      then: ['CREATE POLICY documents_owner ON documents USING (owner = current_user);'],
      note: 'The policy comes with the same change.',
    },
  ],
};
