import { defineRule, type RuleExamples } from './rule.ts';
import { dropsToo } from './shared/made-here.ts';
import { quoted } from './shared/names.ts';
import { oncePerSection, statementsOfKind } from './shared/section-memo.ts';

export const rule = defineRule({
  id: 'drop-policy',
  title: 'Row security policy dropped',
  severity: 'warning',
  why: 'Rows that only this policy let through cannot be seen or changed any more, without an error: queries find fewer rows. With a restrictive policy (AS RESTRICTIVE) it is the other way round: rows that it kept back can be reached. DROP POLICY takes an ACCESS EXCLUSIVE lock on the table until the transaction ends.',
  safeAlternative:
    'ALTER POLICY changes roles and conditions in place. To replace a policy, create the new one in the same transaction.',
  sections: ['up'],
  reference: 'sql-droppolicy',
  statements: {
    *drop(statement, context) {
      const { onTable } = statement;
      if (statement.objectType !== 'policy' || !onTable) return;
      if (context.isNew(onTable) || dropsToo(context, onTable, [])) return;
      const table = context.catalog.table(onTable);
      // Policies of a table without row level security do nothing.
      if (table && !table.rowSecurity && !context.catalog.incomplete) return;
      if ((policiesMade(context.section).get(onTable.name) ?? -1) > context.index) return;
      for (const { name } of statement.objects) {
        const policy = table?.policies.get(name);
        if (!policy && statement.ifExists && table && !context.catalog.incomplete) continue;
        yield policy?.restrictive
          ? {
              message: `Rows of ${quoted(onTable)} that ${quoted(name)} kept back can be reached from then on: it is restrictive.`,
              severity: 'error',
            }
          : {
              message: `Rows of ${quoted(onTable)} that only ${quoted(name)} let through cannot be seen or changed any more${policy ? '' : '; if it is restrictive, rows that it kept back can be'}.`,
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
      sql: 'DROP POLICY documents_owner ON documents;',
    },
    {
      history: [
        'CREATE TABLE documents (id bigint PRIMARY KEY, secret boolean NOT NULL);\nCREATE POLICY documents_all ON documents USING (true);\nCREATE POLICY documents_open ON documents AS RESTRICTIVE USING (NOT secret);\nALTER TABLE documents ENABLE ROW LEVEL SECURITY;',
      ],
      sql: 'DROP POLICY documents_open ON documents;',
      note: 'An error: rows that the policy kept back can be reached.',
    },
  ],
  good: [
    {
      history: [
        'CREATE TABLE documents (id bigint PRIMARY KEY, owner text NOT NULL);\nCREATE POLICY documents_owner ON documents USING (owner = current_user);\nALTER TABLE documents ENABLE ROW LEVEL SECURITY;',
      ],
      sql: 'DROP POLICY documents_owner ON documents;\nCREATE POLICY documents_owner ON documents USING (owner = session_user);',
      note: 'The same migration makes another one.',
    },
    {
      history: [
        'CREATE TABLE documents (id bigint PRIMARY KEY, owner text NOT NULL);\nCREATE POLICY documents_owner ON documents USING (owner = current_user);',
      ],
      sql: 'DROP POLICY documents_owner ON documents;',
      note: 'The table has no row level security.',
    },
  ],
};

/** Where the last policy of each table is made. */
const policiesMade = oncePerSection((section) => {
  const made = new Map<string, number>();
  for (const { statement, index } of statementsOfKind(section, 'create-policy'))
    made.set(statement.table.name, index);
  return made;
});
