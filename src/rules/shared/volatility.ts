import type { Catalog } from '../../sql/catalog/catalog.ts';
import { builtinVolatility } from '../../sql/postgres/builtin-functions.ts';
import { displayName, type Expression, type ObjectName, type Volatility } from '../../sql/statement.ts';

/** Functions of PostgreSQL's own extensions that stand in defaults (uuid-ossp, pgcrypto of its documentation), and of pg_uuidv7. */
const OF_EXTENSIONS: Readonly<Record<string, Volatility>> = {
  uuid_generate_v1: 'volatile',
  uuid_generate_v1mc: 'volatile',
  uuid_generate_v4: 'volatile',
  uuid_generate_v7: 'volatile',
  gen_random_bytes: 'volatile',
  gen_salt: 'volatile',
  uuid_generate_v3: 'immutable',
  uuid_generate_v5: 'immutable',
  uuid_nil: 'immutable',
};

const RANK: Readonly<Record<Volatility, number>> = { immutable: 0, stable: 1, unknown: 2, volatile: 3 };

export interface Judged {
  readonly volatility: Volatility;
  /** The function that makes it so: "random". */
  readonly by?: string | undefined;
}

/** How volatile an expression is, with what the catalog knows of functions that are not PostgreSQL's own. */
export function volatilityOf(expression: Expression, catalog: Catalog): Judged {
  let worst: Judged = { volatility: expression.functions.length === 0 ? expression.volatility : 'immutable' };
  for (const name of expression.functions) {
    const volatility = functionVolatility(name, catalog);
    if (RANK[volatility] > RANK[worst.volatility]) worst = { volatility, by: displayName(name) };
  }
  // CURRENT_TIMESTAMP and the like are no calls, so the functions alone do not tell everything.
  if (expression.volatility !== 'unknown' && RANK[expression.volatility] > RANK[worst.volatility])
    return { volatility: expression.volatility };
  return worst;
}

function functionVolatility(name: ObjectName, catalog: Catalog): Volatility {
  if (catalog.hasFunction(name)) return catalog.functionVolatility(name);
  const own =
    name.schema === undefined || name.schema === 'pg_catalog' ? builtinVolatility(name.name) : 'unknown';
  if (own !== 'unknown') return own;
  return Object.hasOwn(OF_EXTENSIONS, name.name) ? (OF_EXTENSIONS[name.name] ?? 'unknown') : 'unknown';
}
