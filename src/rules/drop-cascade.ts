import type { Catalog } from '../sql/catalog/catalog.ts';
import type { Relation, StatementOf } from '../sql/statement.ts';
import { defineRule, type RuleExamples } from './rule.ts';
import { columnMadeHere, isNewType, schemaMadeHere } from './shared/made-here.ts';
import { quoted } from './shared/names.ts';

export const rule = defineRule({
  id: 'drop-cascade',
  title: 'CASCADE drops whatever depends on the object',
  severity: 'error',
  why: 'With CASCADE the server drops everything that depends on the object and everything that depends on that: views, foreign keys of other tables, columns, functions. It says so in a NOTICE only, what goes differs from database to database, and no down can know what to bring back.',
  safeAlternative: 'Leave CASCADE out: the error names what depends on the object. Drop those by name first.',
  sections: ['up'],
  reference: 'ddl-depend',
  knownAs: {
    pgfence: ['drop-schema-cascade'],
    migrationpilot: ['MP022'],
    'pg-migration-lint': ['PGM202'],
    'eslint-plugin-postgresql': ['no-drop-schema-cascade', 'no-drop-table-cascade'],
  },
  statements: {
    *drop(statement, context) {
      if (!statement.cascade) return;
      const inUse = statement.objects.filter(
        (object) =>
          !(
            context.isNew(object) ||
            isNewType(context, object) ||
            (statement.objectType === 'schema' && schemaMadeHere(context, object.name))
          ),
      );
      if (inUse.length === 0) return;
      const known = dependents(statement, inUse, context.catalog);
      yield {
        message: `CASCADE drops whatever depends on ${inUse.map(quoted).join(', ')}${known.length === 0 ? ', and what that is is not known here' : `: ${shown(known)}, and whatever else does`}.`,
      };
    },
    *'drop-owned'(statement) {
      if (statement.cascade)
        yield {
          message: `CASCADE drops whatever depends on anything that ${statement.roles.map(quoted).join(', ')} owns, whoever owns that, and what it is is not known here.`,
          advice: 'Leave CASCADE out: the error names what depends on the objects. Drop those by name first.',
        };
    },
    *'alter-table'(statement, context) {
      if (context.isNew(statement.table)) return;
      for (const action of statement.actions) {
        if ((action.action !== 'drop-column' && action.action !== 'drop-constraint') || !action.cascade)
          continue;
        if (action.action === 'drop-column' && columnMadeHere(context, statement.table, action.column))
          continue;
        const type =
          action.action === 'drop-constraint'
            ? context.catalog.constraint(statement.table, action.constraint)?.type
            : undefined;
        // Only keys have dependents: the foreign keys that point to them.
        if (type !== undefined && type !== 'primary-key' && type !== 'unique') continue;
        const keys = action.action === 'drop-constraint' ? foreignKeys(statement.table, context.catalog) : [];
        const views =
          action.action === 'drop-column'
            ? context.catalog
                .dependentViews(statement.table)
                .map((view) => `the view ${quoted(view.name)} if it uses the column`)
            : [];
        const known = [...keys, ...views];
        const name = action.action === 'drop-column' ? action.column : action.constraint;
        yield {
          span: action.span,
          message: `CASCADE drops whatever depends on ${quoted(name)} of ${quoted(statement.table)}${known.length === 0 ? ', and what that is is not known here' : `: ${shown(known)}`}.`,
        };
      }
    },
  },
});

export const examples: RuleExamples = {
  bad: [
    { sql: 'DROP OWNED BY reporting CASCADE;', note: 'Needs a role reporting.' },
    {
      history: [
        'CREATE TABLE users (id bigint PRIMARY KEY);\nCREATE VIEW active_users AS SELECT id FROM users;',
      ],
      sql: 'DROP TABLE users CASCADE;',
    },
    {
      history: [
        'CREATE TABLE users (id bigint PRIMARY KEY, email text);\nCREATE VIEW emails AS SELECT email FROM users;',
      ],
      sql: 'ALTER TABLE users DROP COLUMN email CASCADE;',
    },
  ],
  good: [
    { sql: 'DROP OWNED BY reporting;', note: 'drop-owned speaks of it.' },
    {
      history: [
        'CREATE TABLE users (id bigint PRIMARY KEY);\nCREATE VIEW active_users AS SELECT id FROM users;',
      ],
      sql: 'DROP VIEW active_users;\nDROP TABLE users;',
    },
    {
      sql: 'CREATE TABLE import_rows (id bigint PRIMARY KEY);\nDROP TABLE import_rows CASCADE;',
      note: 'Nothing but this migration can depend on it.',
    },
  ],
};

function dependents(
  statement: StatementOf<'drop'>,
  objects: readonly Relation[],
  catalog: Catalog,
): string[] {
  return objects.flatMap((object) => {
    switch (statement.objectType) {
      case 'table':
      case 'view':
      case 'materialized-view':
      case 'foreign-table':
        return [
          ...catalog.dependentViews(object).map((view) => `the view ${quoted(view.name)}`),
          ...foreignKeys(object, catalog),
        ];
      case 'type':
      case 'domain':
        return catalog
          .columnsOfType(object)
          .map(({ table, column }) => `the column ${quoted(`${table}.${column}`)}`);
      case 'schema':
        return [...catalog.tables()]
          .filter((table) => table.schema === object.name)
          .map((table) => quoted({ schema: table.schema, name: table.name }));
      default:
        return [];
    }
  });
}

function foreignKeys(table: Relation, catalog: Catalog): string[] {
  return catalog
    .referencing(table)
    .map((constraint) => `the foreign key ${quoted(constraint.name)} of ${quoted(constraint.table)}`);
}

function shown(names: readonly string[]): string {
  return names.length <= 5
    ? names.join(', ')
    : `${names.slice(0, 5).join(', ')} and ${names.length - 5} more`;
}
