import { defineRule, type RuleExamples } from './rule.ts';
import { quoted } from './shared/names.ts';

export const rule = defineRule({
  id: 'reassign-owned',
  title: 'REASSIGN OWNED changes the owner of everything of a role',
  severity: 'warning',
  why: 'REASSIGN OWNED takes an ACCESS EXCLUSIVE lock on every table that the role owns in this database and holds all of them until the transaction ends: nobody can read or write them meanwhile. Code that alters or owns objects as the old role loses the right to, and functions that run as their owner (SECURITY DEFINER) run as the new one.',
  safeAlternative:
    'ALTER TABLE … OWNER TO for one table after the other, in a migration each, with a short lock_timeout. Where it is the way to remove a role, run it while nobody works with its tables.',
  sections: ['up'],
  reference: 'sql-reassign-owned',
  statements: {
    *'reassign-owned'(statement) {
      yield {
        message: `Every table of ${statement.roles.map(quoted).join(', ')} is locked against reads and writes until the transaction ends, and belongs to ${quoted(statement.to)} then; which ones is not known here.`,
      };
    },
  },
});

export const examples: RuleExamples = {
  bad: [
    {
      sql: 'REASSIGN OWNED BY reporting TO CURRENT_USER;',
      note: 'Needs a role reporting.',
    },
  ],
  good: [
    {
      history: ['CREATE TABLE reports (id bigint PRIMARY KEY);'],
      sql: 'ALTER TABLE reports OWNER TO CURRENT_USER;',
    },
  ],
};
