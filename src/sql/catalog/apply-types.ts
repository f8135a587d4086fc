import type { Statement, StatementOf } from '../statement.ts';
import { knownRoutine } from './calls.ts';
import type { CatalogType } from './catalog.ts';
import type { SchemaCatalog } from './schema-catalog.ts';

/** Types, domains and functions. */
export function applyType(catalog: SchemaCatalog, statement: Statement, migrationId: string): void {
  switch (statement.kind) {
    case 'create-enum':
      catalog.setType({
        ...catalog.placeOf(statement.type),
        form: 'enum',
        labels: statement.labels.map((label) => ({ label, addedBy: migrationId })),
        constrained: false,
        addedBy: migrationId,
      });
      break;
    case 'create-type':
      catalog.setType({
        ...catalog.placeOf(statement.type),
        form: statement.form === 'composite' ? 'composite' : 'other',
        labels: [],
        constrained: false,
        addedBy: migrationId,
      });
      break;
    case 'create-domain':
      catalog.setType({
        ...catalog.placeOf(statement.domain),
        form: 'domain',
        labels: [],
        base: catalog.resolvedType(statement.type) ?? statement.type,
        constrained: statement.constraints.length > 0,
        addedBy: migrationId,
      });
      break;
    case 'alter-domain': {
      const domain = catalog.type(statement.domain);
      if (domain && (statement.change === 'add-constraint' || statement.change === 'set-not-null'))
        catalog.setType({ ...domain, constrained: true });
      break;
    }
    case 'alter-enum': {
      const type = catalog.type(statement.type);
      if (type) catalog.setType({ ...type, labels: labelsAfter(type, statement, migrationId) });
      break;
    }
    case 'create-function': {
      const { routines } = catalog;
      routines.setVolatility(statement.routine, statement.volatility);
      const made = knownRoutine(statement, routines.schemaOf(statement.routine), catalog.file);
      if (made) routines.define(made);
      break;
    }
    case 'alter-function':
      if (statement.volatility !== undefined && catalog.hasFunction(statement.routine))
        catalog.routines.setVolatility(statement.routine, statement.volatility);
      break;
    default:
  }
}

function labelsAfter(
  type: CatalogType,
  statement: StatementOf<'alter-enum'>,
  migrationId: string,
): CatalogType['labels'] {
  const { value, newValue = '', neighbor } = statement;
  if (statement.change === 'rename-value')
    return type.labels.map((each) => (each.label === value ? { ...each, label: newValue } : each));
  if (type.labels.some(({ label }) => label === value)) return type.labels;
  const added = { label: value, addedBy: migrationId };
  const at = neighbor === undefined ? -1 : type.labels.findIndex(({ label }) => label === neighbor);
  if (at === -1) return [...type.labels, added];
  return type.labels.toSpliced(statement.before ? at : at + 1, 0, added);
}
