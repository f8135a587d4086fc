import { defineRule, type PlacedProblem, type RuleExamples } from './rule.ts';
import { quoted } from './shared/names.ts';
import { rowSecurityTouched } from './shared/row-security.ts';
import { hasUnread } from './shared/unread.ts';

const COMMANDS = ['select', 'insert', 'update', 'delete'] as const;

export const rule = defineRule({
  id: 'rls-policy-completeness',
  title: 'Row security policies that leave out a command',
  severity: 'info',
  why: 'With row level security on, a command that no policy allows is denied: SELECT, UPDATE and DELETE then act on no rows, without an error, and INSERT fails. UPDATE and DELETE that read columns need a SELECT policy beside their own.',
  safeAlternative: 'Write a policy for each command that is used, or one FOR ALL.',
  sections: ['up'],
  reference: 'sql-createpolicy',
  knownAs: { migrationpilot: ['MP079'] },
  change: (context) => {
    const problems: PlacedProblem[] = [];
    const unread = context.after.incomplete || hasUnread(context.changed);
    if (unread) return problems;
    for (const { relation, migration, span, after } of rowSecurityTouched(context)) {
      if (!after?.rowSecurity || after.policies.size === 0) continue;
      const allowed = new Set([...after.policies.values()].map(({ command }) => command));
      const missing = allowed.has('all') ? [] : COMMANDS.filter((command) => !allowed.has(command));
      if (missing.length === 0) continue;
      problems.push({
        migration,
        section: 'up',
        span,
        message: `No policy of ${quoted(relation)} allows ${missing.map((command) => command.toUpperCase()).join(', ')}: only its owner can.`,
      });
    }
    return problems;
  },
});

export const examples: RuleExamples = {
  bad: [
    {
      history: ['CREATE TABLE documents (id bigint PRIMARY KEY, owner text NOT NULL);'],
      sql: 'CREATE POLICY documents_read ON documents FOR SELECT USING (owner = current_user);\nALTER TABLE documents ENABLE ROW LEVEL SECURITY;',
    },
  ],
  good: [
    {
      history: ['CREATE TABLE documents (id bigint PRIMARY KEY, owner text NOT NULL);'],
      sql: 'CREATE POLICY documents_owner ON documents USING (owner = current_user);\nALTER TABLE documents ENABLE ROW LEVEL SECURITY;',
    },
    {
      history: ['CREATE TABLE documents (id bigint PRIMARY KEY, owner text NOT NULL);'],
      sql: 'CREATE POLICY documents_read ON documents FOR SELECT USING (owner = current_user);',
      note: 'Without ENABLE ROW LEVEL SECURITY policies do nothing.',
    },
  ],
};
