import type { Catalog } from '../sql/catalog/catalog.ts';
import type { ObjectName } from '../sql/statement.ts';
import { type CheckedMigration, defineRule, type RuleExamples } from './rule.ts';
import { foreignKeysOf, referencedColumns } from './shared/foreign-keys.ts';
import { quoted } from './shared/names.ts';
import { statementsOf } from './shared/section-memo.ts';

export const rule = defineRule({
  id: 'fk-nondeterministic-collation',
  title: 'Foreign key between different collations, one of them non-deterministic',
  severity: 'info',
  why: 'A non-deterministic collation takes different texts for equal ("ada" and "ADA"). If only one side of a foreign key has it, the two sides disagree on which rows belong together. PostgreSQL 18 refuses such a foreign key (error 42P21); before, it is accepted, and the dump of such a database cannot be restored on 18.',
  safeAlternative: 'Give both columns the same collation.',
  sections: ['up'],
  reference: 'collation',
  knownAs: { migrationpilot: ['MP083'] },
  *change(context) {
    const loose = nondeterministic(context.all);
    if (loose.size === 0) return;
    const { after } = context;
    for (const migration of context.changed) {
      for (const { statement, nested } of statementsOf(migration.up)) {
        for (const key of foreignKeysOf(statement)) {
          const targets = referencedColumns(key, after);
          for (const [position, name] of key.constraint.columns.entries()) {
            const own = collationOf(key.table, name, after);
            const other = collationOf(key.references.relation, targets[position], after);
            if (
              own === undefined ||
              other === undefined ||
              own === other ||
              !(loose.has(own) || loose.has(other))
            )
              continue;
            const refused = (context.target.major ?? 0) >= 18;
            yield {
              migration,
              section: 'up',
              span: nested ? statement.span : key.constraint.span,
              message: `${quoted(name)} has the collation ${quoted(own)} and ${quoted(targets[position] ?? '')} of ${quoted(key.references.relation)} has ${quoted(other)}, of which one is non-deterministic${refused ? ': PostgreSQL 18 refuses the foreign key' : ''}.`,
              ...(refused ? { severity: 'error' } : {}),
              // A branch of a block may not be taken.
              ...(refused && !nested ? { claims: ['fails'] } : {}),
            };
          }
        }
      }
    }
  },
});

export const examples: RuleExamples = {
  bad: [
    {
      history: [
        "CREATE COLLATION ignore_case (provider = icu, locale = 'und-u-ks-level2', deterministic = false);\nCREATE TABLE users (name text COLLATE ignore_case PRIMARY KEY);",
      ],
      sql: 'CREATE TABLE orders (id bigint PRIMARY KEY, user_name text REFERENCES users (name));',
      target: { major: 16 },
      note: 'On PostgreSQL 18 this fails.',
    },
  ],
  good: [
    {
      history: [
        "CREATE COLLATION ignore_case (provider = icu, locale = 'und-u-ks-level2', deterministic = false);\nCREATE TABLE users (name text COLLATE ignore_case PRIMARY KEY);",
      ],
      sql: 'CREATE TABLE orders (id bigint PRIMARY KEY, user_name text COLLATE ignore_case REFERENCES users (name));',
    },
    {
      history: ['CREATE TABLE users (name text COLLATE "C" PRIMARY KEY);'],
      sql: 'CREATE TABLE orders (id bigint PRIMARY KEY, user_name text REFERENCES users (name));',
      note: 'Deterministic collations agree on what is equal.',
    },
  ],
};

/** Names of the collations that some migration created as non-deterministic. CREATE COLLATION has no facts, so its text is read. */
function nondeterministic(all: readonly CheckedMigration[]): ReadonlySet<string> {
  const names = new Set<string>();
  for (const { migration, up } of all) {
    for (const { statement, nested } of statementsOf(up)) {
      if (statement.node !== 'DefineStmt' || nested) continue;
      const text = migration.up.file.text.slice(
        statement.span.start,
        Math.min(statement.span.end, statement.span.start + LONGEST_DEFINITION),
      );
      const [, name] =
        /^create\s+collation\s+(?:if\s+not\s+exists\s+)?(?:\w+\.)?("[^"]+"|\w+)/i.exec(text) ?? [];
      if (name !== undefined && /\bdeterministic\s*=\s*'?(?:false|off|no|0)\b/i.test(text))
        names.add(name.startsWith('"') ? name.slice(1, -1) : name.toLowerCase());
    }
  }
  return names;
}

/** Characters; a CREATE COLLATION is one line. */
const LONGEST_DEFINITION = 1000;

/** "default" where the column has none of its own. Undefined: the column is not known. */
function collationOf(table: ObjectName, column: string | undefined, catalog: Catalog): string | undefined {
  const known = column === undefined ? undefined : catalog.table(table)?.columns.get(column);
  return known && (known.collation ?? 'default');
}
