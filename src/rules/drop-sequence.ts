import type { Catalog } from '../sql/catalog/catalog.ts';
import { defineRule, type RuleExamples } from './rule.ts';
import { quoted } from './shared/names.ts';
import { oncePerSection, statementsOfKind } from './shared/section-memo.ts';

export const rule = defineRule({
  id: 'drop-sequence',
  title: 'Sequence dropped',
  severity: 'warning',
  why: 'Code that still calls nextval() on the sequence fails, and where it stood is lost: one that a down makes anew begins at 1 and gives numbers a second time. While a column’s default draws from it, DROP SEQUENCE without CASCADE fails.',
  safeAlternative:
    'Take it out of all running code first. Note down last_value in the migration, so that the down can go on from there with setval().',
  sections: ['up'],
  reference: 'sql-dropsequence',
  statements: {
    *drop(statement, context) {
      if (statement.objectType !== 'sequence') return;
      const made = sequencesMade(context.section);
      for (const sequence of statement.objects) {
        if ((made.get(sequence.name) ?? Infinity) < context.index) continue;
        const owner = ownerOf(context.catalog.sequence(sequence)?.ownedBy, context.catalog);
        // Nothing draws from it any more: what is left of a serial column that became something else.
        if (owner && !owner.draws) continue;
        yield {
          span: sequence.span,
          message: `Code that still draws numbers from ${quoted(sequence)} fails, and where it stood is lost.${owner && !statement.cascade ? ` The default of ${quoted(owner.column)} draws from it, so this fails.` : ''}`,
          ...(owner && !statement.cascade ? { claims: ['fails'] } : {}),
        };
      }
    },
  },
});

export const examples: RuleExamples = {
  bad: [
    { history: ['CREATE SEQUENCE invoice_numbers;'], sql: 'DROP SEQUENCE invoice_numbers;' },
    {
      history: ['CREATE TABLE orders (id serial PRIMARY KEY);'],
      sql: 'DROP SEQUENCE orders_id_seq;',
      note: 'This fails: the column’s default draws from it.',
    },
  ],
  good: [
    {
      history: ['CREATE TABLE orders (id serial PRIMARY KEY);'],
      sql: 'ALTER TABLE orders ALTER COLUMN id DROP DEFAULT;\nDROP SEQUENCE orders_id_seq;',
      note: 'The column that it belongs to has no use for it any more.',
    },
    {
      sql: 'CREATE SEQUENCE import_numbers;\nDROP SEQUENCE import_numbers;',
      note: 'The same migration made it.',
    },
    {
      sql: 'CREATE SEQUENCE invoice_numbers;',
      down: 'DROP SEQUENCE invoice_numbers;',
      note: 'A down takes back what its up made.',
    },
  ],
};

/** Where each sequence is made, by its name alone: one that is made in the file is not in use yet. */
const sequencesMade = oncePerSection((section) => {
  const made = new Map<string, number>();
  for (const { statement, index } of statementsOfKind(section, 'create-sequence'))
    if (!statement.ifNotExists) made.set(statement.sequence.name, index);
  return made;
});

/** The column that a sequence belongs to, and whether its default is the sequence's next number. */
function ownerOf(
  ownedBy: string | undefined,
  catalog: Catalog,
): { readonly column: string; readonly draws: boolean } | undefined {
  const [schema = '', name = '', column = ''] = ownedBy?.split('.') ?? [];
  const facts = catalog.table({ schema, name })?.columns.get(column);
  if (!facts) return undefined;
  const draws =
    facts.type?.serial === true ||
    facts.identity !== undefined ||
    facts.default?.functions.some((each) => each.name === 'nextval') === true;
  return { column: `${name}.${column}`, draws };
}
