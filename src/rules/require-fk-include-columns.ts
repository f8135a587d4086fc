import { defineRule, type RuleExamples } from './rule.ts';
import { foreignKeysOf } from './shared/foreign-keys.ts';
import { quoted } from './shared/names.ts';
import { statementsOf } from './shared/section-memo.ts';

export const rule = defineRule({
  id: 'require-fk-include-columns',
  title: 'Foreign key without the columns that every one must have',
  severity: 'off',
  why: 'Where each row belongs to a tenant (or a shard), a foreign key that leaves out the tenant column lets a row point to a row of another tenant, and nothing in the database notices.',
  safeAlternative:
    'Put the column into the foreign key and into the key that it points to: FOREIGN KEY (tenant_id, user_id) REFERENCES users (tenant_id, id).',
  sections: ['up'],
  reference: 'ddl-constraints',
  knownAs: { 'eslint-plugin-postgresql': ['require-fk-include-columns'] },
  options: {
    columns: {
      default: [],
      description: 'Columns that a foreign key must contain when both tables have them.',
    },
  },
  *migration(context) {
    const { after, migration, options } = context;
    const required = Array.isArray(options['columns'])
      ? options['columns'].filter((each): each is string => typeof each === 'string')
      : [];
    if (required.length === 0) return;
    for (const { statement, nested } of statementsOf(migration.up)) {
      for (const key of foreignKeysOf(statement)) {
        const [own, other] = [after.table(key.table), after.table(key.references.relation)];
        const missing = required.filter(
          (column) =>
            !key.constraint.columns.includes(column) &&
            own?.columns.has(column) &&
            other?.columns.has(column),
        );
        if (missing.length === 0) continue;
        yield {
          migration,
          section: 'up',
          span: nested ? statement.span : key.constraint.span,
          message: `The foreign key from ${quoted(key.table)} to ${quoted(key.references.relation)} leaves out ${missing.map(quoted).join(', ')}, which both tables have.`,
        };
      }
    }
  },
});

export const examples: RuleExamples = {
  bad: [
    {
      history: ['CREATE TABLE users (id bigint PRIMARY KEY, tenant_id bigint NOT NULL);'],
      sql: 'CREATE TABLE orders (id bigint PRIMARY KEY, tenant_id bigint NOT NULL, user_id bigint REFERENCES users (id));',
      options: { columns: ['tenant_id'] },
    },
  ],
  good: [
    {
      history: ['CREATE TABLE users (id bigint, tenant_id bigint, PRIMARY KEY (tenant_id, id));'],
      sql: 'CREATE TABLE orders (id bigint PRIMARY KEY, tenant_id bigint NOT NULL, user_id bigint, FOREIGN KEY (tenant_id, user_id) REFERENCES users (tenant_id, id));',
      options: { columns: ['tenant_id'] },
    },
    {
      history: ['CREATE TABLE countries (code text PRIMARY KEY);'],
      sql: 'CREATE TABLE orders (id bigint PRIMARY KEY, tenant_id bigint NOT NULL, country text REFERENCES countries (code));',
      options: { columns: ['tenant_id'] },
      note: 'The other table does not have the column.',
    },
  ],
};
