import type { ObjectName } from '../sql/parts.ts';
import type { Statement } from '../sql/statement.ts';
import type { Connection } from './connection.ts';
import { literal } from './sql-text.ts';

/** Something that goes with its contents when a section runs. */
export interface Loss {
  readonly kind: 'table' | 'column' | 'rows';
  /** As the statement names it: `orders`, `orders.gift_note`. */
  readonly name: string;
  /** As far as the server has counted (pg_class.reltuples); undefined where it never did. */
  readonly rows?: number | undefined;
}

interface Goes extends Omit<Loss, 'rows'> {
  readonly table: ObjectName;
}

/**
 * What statements take away that holds rows now. Of what is made and dropped by code (DO, EXECUTE, functions) nothing is
 * known here.
 *
 * @throws DatabaseError, ConnectionLost
 */
export async function lossesOf(
  connection: Connection,
  statements: readonly Statement[],
): Promise<readonly Loss[]> {
  const going = statements.flatMap(goesWith);
  if (going.length === 0) return [];
  const rows = await connection.query(
    `SELECT at, CASE WHEN class.reltuples >= 0 THEN class.reltuples::int8 END AS rows,
       pg_catalog.pg_relation_size(class.oid) AS bytes
     FROM pg_catalog.unnest(${literal(going.map(({ table }) => quotedName(table)))}::text[]) WITH ORDINALITY AS named (name, at)
     JOIN pg_catalog.pg_class class ON class.oid = pg_catalog.to_regclass(named.name)
     WHERE class.relkind IN ('r', 'm', 'p') ORDER BY at`,
  );
  return rows.flatMap(({ at, rows: counted, bytes }) => {
    const goes = going[Number(at) - 1];
    const many = counted === null || counted === undefined ? undefined : Number(counted);
    // A partitioned table holds nothing itself.
    if (!goes || (Number(bytes) === 0 && !(many !== undefined && many > 0))) return [];
    return [{ kind: goes.kind, name: goes.name, ...(many === undefined ? {} : { rows: many }) }];
  });
}

function goesWith(statement: Statement): Goes[] {
  switch (statement.kind) {
    case 'drop':
      return statement.objectType === 'table' || statement.objectType === 'materialized-view'
        ? statement.objects.map((table) => ({ kind: 'table', name: nameOf(table), table }))
        : [];
    case 'truncate':
      return statement.tables.map((table) => ({ kind: 'rows', name: nameOf(table), table }));
    case 'delete':
      return [{ kind: 'rows', name: nameOf(statement.table), table: statement.table }];
    case 'alter-table':
      return statement.actions.flatMap((action) =>
        action.action === 'drop-column'
          ? [
              {
                kind: 'column',
                name: `${nameOf(statement.table)}.${action.column}`,
                table: statement.table,
              } as const,
            ]
          : [],
      );
    default:
      return [];
  }
}

function nameOf({ schema, name }: ObjectName): string {
  return schema === undefined ? name : `${schema}.${name}`;
}

function quotedName({ schema, name }: ObjectName): string {
  const parts = schema === undefined ? [name] : [schema, name];
  return parts.map((part) => `"${part.replaceAll('"', '""')}"`).join('.');
}
