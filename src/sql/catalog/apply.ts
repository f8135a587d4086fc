import type { Relation, Statement, StatementOf } from '../statement.ts';
import { applyAlterTable } from './apply-alter-table.ts';
import { applyCalls } from './apply-calls.ts';
import { drop } from './apply-drop.ts';
import { createIndex } from './apply-indexes.ts';
import { rename, setSchema } from './apply-rename.ts';
import { createTable } from './apply-tables.ts';
import { applyType } from './apply-types.ts';
import { withoutWhatIsThere } from './guarded.ts';
import { noteHorizon } from './horizon.ts';
import { addKey, newTable, setPolicy } from './new-table.ts';
import type { SchemaCatalog } from './schema-catalog.ts';

/** Applies one statement to the catalog, as the server would if it succeeds. */
export function applyStatement(catalog: SchemaCatalog, statement: Statement, migrationId: string): void {
  if (statement.inner) for (const inner of statement.inner) applyStatement(catalog, inner, migrationId);
  noteHorizon(catalog, statement, migrationId);
  switch (statement.kind) {
    case 'create-table':
      createTable(catalog, statement, migrationId);
      break;
    case 'create-table-as':
      createTableAs(catalog, statement, migrationId);
      break;
    case 'create-view':
    case 'create-materialized-view':
      createView(catalog, statement, migrationId);
      break;
    case 'alter-table':
      applyAlterTable(catalog, statement, migrationId);
      break;
    case 'create-index':
      createIndex(catalog, statement, migrationId);
      break;
    case 'drop':
      drop(catalog, statement);
      break;
    case 'rename':
      rename(catalog, statement);
      break;
    case 'set-schema':
      setSchema(catalog, statement);
      break;
    case 'insert':
      if (statement.source === 'select') markPopulated(catalog, statement.table);
      break;
    case 'refresh-materialized-view':
      if (statement.withData) markPopulated(catalog, statement.view);
      break;
    case 'copy':
      if (statement.direction === 'from' && statement.table) markPopulated(catalog, statement.table);
      break;
    case 'do':
      for (const inner of statement.body.statements) {
        const missing = withoutWhatIsThere(catalog, inner);
        if (missing) applyStatement(catalog, missing, migrationId);
      }
      if (statement.body.dynamic.length > 0 || statement.body.notAnalysed !== undefined)
        catalog.incomplete = true;
      break;
    case 'set':
      catalog.set(statement);
      break;
    case 'transaction':
      catalog.transaction(statement);
      break;
    default:
      applyOther(catalog, statement, migrationId);
  }
  if (!catalog.routines.isEmpty)
    applyCalls(catalog, statement, (inner) => applyStatement(catalog, inner, migrationId));
}

function applyOther(catalog: SchemaCatalog, statement: Statement, migrationId: string): void {
  switch (statement.kind) {
    case 'create-trigger':
      addKey(catalog.change(statement.table), 'triggers', statement.trigger);
      break;
    case 'create-policy':
      setPolicy(catalog.change(statement.table), statement.policy, {
        command: statement.command,
        restrictive: statement.restrictive,
      });
      break;
    case 'create-sequence':
      createSequence(catalog, statement);
      break;
    case 'alter-sequence':
      alterSequence(catalog, statement);
      break;
    case 'create-schema':
      catalog.addSchema(statement.schema);
      // CREATE SCHEMA … CREATE TABLE …: what stands in it is not read.
      if (statement.relations.length > 0) catalog.incomplete = true;
      break;
    case 'create-extension':
      catalog.addExtension(statement.extension);
      break;
    case 'create-publication':
      catalog.addPublication(statement.name);
      break;
    default:
      // Which objects went is known to the database only.
      if (statement.kind === 'drop-owned') catalog.incomplete = true;
      applyType(catalog, statement, migrationId);
  }
}

function createTableAs(
  catalog: SchemaCatalog,
  statement: StatementOf<'create-table-as'>,
  migrationId: string,
): void {
  const place = catalog.placeOf(statement.table, statement.persistence === 'temporary');
  if (statement.ifNotExists && catalog.hasRelation(place.key)) return;
  catalog.removeTable(place.key);
  const table = newTable(place, 'table', migrationId, statement.persistence);
  const accessMethod = statement.accessMethod ?? catalog.defaultAccessMethod;
  catalog.setTable({ ...table, complete: false, populated: statement.withData, accessMethod });
}

function createView(
  catalog: SchemaCatalog,
  statement: StatementOf<'create-view'> | StatementOf<'create-materialized-view'>,
  migrationId: string,
): void {
  const isView = statement.kind === 'create-view';
  const place = catalog.placeOf(statement.view, isView && statement.persistence === 'temporary');
  const old = catalog.tableByKey(place.key);
  if (!isView && statement.ifNotExists && catalog.hasRelation(place.key)) return;
  const made = newTable(place, isView ? 'view' : 'materialized-view', migrationId);
  const view = {
    ...made,
    // OR REPLACE leaves the view what it was, with another query.
    ...(isView && statement.orReplace && old ? { addedBy: old.addedBy, triggers: old.triggers } : {}),
    complete: false,
    populated: isView || statement.withData,
  };
  for (const relation of statement.relations) {
    if (relation.span.start === statement.view.span.start) continue;
    const key = catalog.key(relation);
    const isSystems = relation.schema === undefined && relation.name.startsWith('pg_');
    addKey(view, 'reads', isSystems && !catalog.hasRelation(key) ? `pg_catalog.${relation.name}` : key);
  }
  if (old) catalog.removeTable(old.key);
  catalog.setTable(view);
}

function createSequence(catalog: SchemaCatalog, statement: StatementOf<'create-sequence'>): void {
  const { key, ...place } = catalog.placeOf(statement.sequence, statement.persistence === 'temporary');
  if (statement.ifNotExists && catalog.hasRelation(key)) return;
  const ownedBy = ownerKey(catalog, statement.ownedBy);
  catalog.setSequence(key, { ...place, ...(ownedBy === undefined ? {} : { ownedBy }) });
}

function alterSequence(catalog: SchemaCatalog, statement: StatementOf<'alter-sequence'>): void {
  const key = catalog.key(statement.sequence);
  const sequence = catalog.sequence({ name: key, key });
  if (sequence && statement.ownedBy !== undefined)
    catalog.setSequence(key, { ...sequence, ownedBy: ownerKey(catalog, statement.ownedBy) });
}

/** `[schema.]table.column` as OWNED BY has it, with the table's key; NONE is nobody. */
function ownerKey(catalog: SchemaCatalog, written: string | undefined): string | undefined {
  const parts = written?.split('.') ?? [];
  const [column, name, schema] = parts.reverse();
  return name === undefined ? undefined : `${catalog.key({ schema, name })}.${column}`;
}

function markPopulated(catalog: SchemaCatalog, table: Relation): void {
  const own = catalog.change(table);
  if (own) own.populated = true;
}
