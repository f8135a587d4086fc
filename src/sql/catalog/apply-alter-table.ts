import type { AlterTableAction, StatementOf } from '../statement.ts';
import { alterColumn } from './alter-column.ts';
import { addColumn } from './apply-columns.ts';
import { addConstraint } from './apply-constraints.ts';
import { attachPartition, detachPartition, disinherit, inherit } from './apply-partitions.ts';
import type { CatalogTable } from './catalog.ts';
import { childrenOf } from './children.ts';
import { dropColumn, dropConstraint } from './drop-column.ts';
import type { SchemaCatalog } from './schema-catalog.ts';

/** The server's order within one ALTER TABLE (AlterTablePass in its sources): what drops goes first. */
const PASSES: readonly (readonly AlterTableAction['action'][])[] = [
  ['drop-column', 'drop-constraint', 'drop-not-null', 'drop-identity', 'drop-expression'],
  ['alter-type'],
  ['add-column'],
];

export function applyAlterTable(
  catalog: SchemaCatalog,
  statement: StatementOf<'alter-table'>,
  migrationId: string,
): void {
  const key = catalog.key(statement.table);
  if (statement.objectType === 'index') attachIndex(catalog, key, statement.actions);
  if (!catalog.tableByKey(key)) return;
  const only = statement.table.only === true;
  const pass = ({ action }: AlterTableAction): number => {
    const found = PASSES.findIndex((actions) => actions.includes(action));
    return found === -1 ? PASSES.length : found;
  };
  const ordered =
    statement.actions.length > 1
      ? [...statement.actions].sort((one, other) => pass(one) - pass(other))
      : statement.actions;
  for (const action of ordered) {
    // Anew for each: attaching a partition and the like puts another object in its place.
    const table = catalog.changeByKey(key);
    if (table) apply(catalog, table, action, migrationId, only);
  }
}

function apply(
  catalog: SchemaCatalog,
  table: CatalogTable,
  action: AlterTableAction,
  migrationId: string,
  only: boolean,
): void {
  switch (action.action) {
    case 'add-column':
      if (action.ifNotExists && table.columns.has(action.column.name)) break;
      addColumn(catalog, table, action.column, migrationId, only);
      break;
    case 'drop-column':
      dropColumn(catalog, table, action.column, action.cascade, only);
      break;
    case 'add-constraint':
      addConstraint(catalog, table, action.constraint, migrationId, only);
      break;
    case 'drop-constraint':
      dropConstraint(catalog, table, action.constraint, action.cascade, only);
      break;
    case 'validate-constraint':
      validate(catalog, table, action.constraint, migrationId);
      break;
    case 'alter-constraint': {
      const constraint = table.constraints.get(action.constraint);
      if (!constraint) break;
      const { deferrable = constraint.deferrable, enforced = constraint.enforced } = action;
      // Enforcing it again checks the rows.
      table.constraints.set(constraint.name, {
        ...constraint,
        deferrable,
        enforced,
        validated: action.enforced ?? constraint.validated,
      });
      break;
    }
    case 'attach-partition':
      attachPartition(catalog, table, action.partition, action.isDefault, migrationId);
      break;
    case 'detach-partition':
      detachPartition(catalog, table, action.partition);
      break;
    case 'inherit':
      inherit(catalog, table, action.parent, migrationId);
      break;
    case 'no-inherit':
      disinherit(catalog, table, action.parent);
      break;
    case 'enable-rls':
      table.rowSecurity = true;
      break;
    case 'disable-rls':
      table.rowSecurity = false;
      break;
    case 'set-logged':
    case 'set-unlogged':
      catalog.setTable({ ...table, persistence: action.action === 'set-logged' ? 'permanent' : 'unlogged' });
      break;
    case 'set-access-method':
      catalog.setTable({ ...table, accessMethod: action.method === '' ? undefined : action.method });
      break;
    case 'replica-identity':
      table.replicaIdentity = typeof action.identity === 'string' ? action.identity : action.identity.index;
      break;
    default:
      alterColumn(catalog, table, action, migrationId, only);
  }
}

/** VALIDATE CONSTRAINT, which goes on to the children's. */
function validate(catalog: SchemaCatalog, table: CatalogTable, name: string, migrationId: string): void {
  const constraint = table.constraints.get(name);
  if (!constraint) return;
  constraint.validated = true;
  constraint.validatedBy = migrationId;
  const [column] = constraint.columns;
  if (constraint.type === 'not-null') {
    const own = table.columns.get(column ?? '');
    if (own) own.notNull = true;
  }
  for (const key of childrenOf(table)) {
    const child = catalog.changeByKey(key);
    for (const each of [...(child?.constraints.values() ?? [])]) {
      const isPart =
        constraint.type === 'foreign-key'
          ? each.parentConstraint === name
          : each.type === constraint.type &&
            each.inheritance !== undefined &&
            (each.type === 'not-null' ? each.columns[0] === column : each.name === name);
      if (child && isPart) validate(catalog, child, each.name, migrationId);
    }
  }
}

/** ALTER INDEX … ATTACH PARTITION. */
function attachIndex(catalog: SchemaCatalog, key: string, actions: readonly AlterTableAction[]): void {
  for (const action of actions) {
    if (action.action !== 'attach-index-partition') continue;
    const part = catalog.index(action.index);
    if (part && catalog.indexByKey(key)) catalog.setIndex({ ...part, partitionOf: key });
  }
}
