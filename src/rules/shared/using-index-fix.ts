import { keyName } from '../../sql/catalog/generated-names.ts';
import type { AlterTableAction, StatementOf } from '../../sql/statement.ts';
import type { Fix, StatementContext } from '../rule.ts';
import { fileWords, isAlone, isUsedLater, removal } from './moves.ts';
import { identifier, qualified, shortened } from './names.ts';

type AddConstraint = Extract<AlterTableAction, { readonly action: 'add-constraint' }>;

/** The name that the constraint has or, with the table known, is going to get. */
function nameOf(
  action: AddConstraint,
  statement: StatementOf<'alter-table'>,
  context: StatementContext,
): string {
  const table = context.catalog.table(statement.table);
  const { constraint } = action;
  if (constraint.name !== undefined) return constraint.name;
  if (table) return keyName(context.catalog, table, constraint);
  return shortened(
    constraint.type === 'primary-key'
      ? `${statement.table.name}_pkey`
      : `${statement.table.name}_${constraint.columns.join('_')}_key`,
  );
}

/** The two steps that come to the same constraint without blocking anybody for the build. */
export function usingIndexSteps(
  action: AddConstraint,
  statement: StatementOf<'alter-table'>,
  context: StatementContext,
): { readonly name: string; readonly build: string; readonly attach: string } {
  const name = nameOf(action, statement, context);
  const kind = action.constraint.type === 'primary-key' ? 'PRIMARY KEY' : 'UNIQUE';
  const columns = action.constraint.columns.map(identifier).join(', ');
  return {
    name,
    build: `CREATE UNIQUE INDEX CONCURRENTLY ${identifier(name)} ON ${qualified(statement.table)} (${columns});`,
    attach: `ALTER TABLE ${qualified(statement.table)} ADD CONSTRAINT ${identifier(name)} ${kind} USING INDEX ${identifier(name)};`,
  };
}

/** Both steps as migrations of their own, where the constraint is plain and nothing later in the file needs it. */
export function usingIndexFix(
  action: AddConstraint,
  statement: StatementOf<'alter-table'>,
  context: StatementContext,
): Fix | undefined {
  const table = context.catalog.table(statement.table);
  if (
    context.nested ||
    context.section.name !== 'up' ||
    statement.actions.length !== 1 ||
    isUsedLater(statement.table.name, context)
  )
    return undefined;
  if (table?.kind !== 'table') return undefined;
  // INCLUDE, NULLS NOT DISTINCT, WITH, DEFERRABLE: the index would have to be built differently.
  const text = context.text.slice(action.span.start, action.span.end);
  if (!/^add\s+(?:constraint\s+(?:"[^"]+"|\w+)\s+)?(?:unique|primary\s+key)\s*\([^()]+\)$/i.test(text))
    return undefined;
  const { name, build, attach } = usingIndexSteps(action, statement, context);
  // A down that the migration has already drops the constraint, and the index with it, when its turn comes.
  const downs = context.migration.down
    ? { build: {}, attach: {} }
    : {
        build: {
          down: `DROP INDEX CONCURRENTLY IF EXISTS ${qualified({ schema: statement.table.schema, name })};`,
        },
        attach: { down: `ALTER TABLE ${qualified(statement.table)} DROP CONSTRAINT ${identifier(name)};` },
      };
  const second = { name: fileWords('add', name), up: attach, noTransaction: false, ...downs.attach };
  const title = 'Build the index concurrently, then make it the constraint';
  if (isAlone(context)) {
    const edit = { ...removal(statement, context.text), text: build };
    return { title, edits: [edit], newMigrations: [second], noTransaction: true };
  }
  const first = { name: fileWords('build', name), up: build, noTransaction: true, ...downs.build };
  return { title, edits: [removal(statement, context.text)], newMigrations: [first, second] };
}
