import { defineRule, type RuleExamples } from './rule.ts';
import { quoted } from './shared/names.ts';
import { oncePerSection, statementsOfKind } from './shared/section-memo.ts';

export const rule = defineRule({
  id: 'drop-owned',
  title: 'DROP OWNED drops everything of a role',
  severity: 'error',
  why: 'DROP OWNED drops every object that the role owns in this database, tables with all their rows included, and takes away every privilege that the role was granted here. Which objects that are differs from database to database, no statement names them, and no down can bring them back.',
  safeAlternative:
    'REASSIGN OWNED BY the role TO another one first: DROP OWNED then only takes the privileges away. What is to go, drop by name.',
  sections: ['up'],
  reference: 'sql-drop-owned',
  statements: {
    *'drop-owned'(statement, context) {
      const kept = reassigned(context.section);
      const losing = statement.roles.filter((role) => (kept.get(role) ?? Infinity) > context.index);
      if (losing.length > 0)
        yield {
          message: `Everything that ${losing.map(quoted).join(', ')} ${losing.length === 1 ? 'owns' : 'own'} in this database is dropped, tables with their rows included; what that is is not known here.`,
        };
    },
  },
});

export const examples: RuleExamples = {
  bad: [{ sql: 'DROP OWNED BY reporting;', note: 'Needs a role reporting.' }],
  good: [
    {
      sql: 'REASSIGN OWNED BY reporting TO CURRENT_USER;\nDROP OWNED BY reporting;',
      note: 'The role owns nothing any more: only its privileges go. Needs a role reporting.',
    },
  ],
};

/** Where the objects of each role first get another owner. */
const reassigned = oncePerSection((section) => {
  const found = new Map<string, number>();
  for (const { statement, index } of statementsOfKind(section, 'reassign-owned'))
    for (const role of statement.roles) if (!found.has(role)) found.set(role, index);
  return found;
});
