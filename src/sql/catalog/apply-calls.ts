import type { ObjectName, Statement } from '../statement.ts';
import { callsIn, callsInText, routinesCalled } from './calls.ts';
import { withoutWhatIsThere } from './guarded.ts';
import type { KnownRoutine } from './routines.ts';
import type { SchemaCatalog } from './schema-catalog.ts';

/** Statements of bodies that the calls of one file apply; after these nothing is known for certain. */
const MOST = 20_000;

/** Applies what the routines do that a statement calls, and those that they call: each body once, behind one another. */
export function applyCalls(
  catalog: SchemaCatalog,
  statement: Statement,
  apply: (statement: Statement) => void,
): void {
  const { routines } = catalog;
  const called = callsIn(statement);
  if (called.length === 0) return;
  if (routines.waiting) {
    wait(catalog, called, routines.waiting);
    return;
  }
  const waiting: KnownRoutine[] = [];
  wait(catalog, called, waiting);
  if (waiting.length === 0) return;
  routines.waiting = waiting;
  const { file } = catalog;
  const seen = new Set<unknown>();
  for (const routine of waiting) {
    if (seen.has(routine.body)) continue;
    seen.add(routine.body);
    const { changes, calls, isDynamic } = effectsOf(routine);
    routines.applied += changes.length + (calls.length > 0 ? 1 : 0);
    if (isDynamic || routines.applied > MOST) catalog.incomplete = true;
    if (routines.applied > MOST) break;
    // A routine that the body makes stands where the body does.
    catalog.file = routine.file;
    for (const change of changes) {
      const missing = withoutWhatIsThere(catalog, change);
      if (missing) apply(missing);
    }
    wait(catalog, calls, waiting);
  }
  catalog.file = file;
  routines.waiting = undefined;
}

function wait(catalog: SchemaCatalog, names: readonly ObjectName[], waiting: KnownRoutine[]): void {
  for (const name of names)
    for (const routine of routinesCalled(catalog.routines, name)) waiting.push(routine);
}

interface Effects {
  readonly changes: readonly Statement[];
  readonly calls: readonly ObjectName[];
  /** It builds a statement that may change a table. */
  readonly isDynamic: boolean;
}

/** By body: most calls are of few routines. */
const known = new WeakMap<object, Effects>();

function effectsOf({ body, file }: KnownRoutine): Effects {
  const before = known.get(body);
  if (before) return before;
  const texts = file ? body.dynamic.map(({ start, end }) => file.text.slice(start, end)) : [];
  const effects = {
    changes: body.statements.filter(changesSchema),
    calls: [...body.statements.flatMap(callsIn), ...texts.flatMap(callsInText)],
    isDynamic: texts.some((text) => !LEAVES_TABLES.test(text)),
  };
  known.set(body, effects);
  return effects;
}

/** A text that begins like this makes no table, column, constraint or index. */
const LEAVES_TABLES =
  /^\s*(?:(?:pg_catalog\.)?format\s*\(\s*)?[eE]?'\s*(?:select|values|show|insert|update|delete|truncate|lock|set|grant|revoke|comment|analyze|refresh|notify|create\s+(?:or\s+replace\s+)?(?:constraint\s+)?trigger|drop\s+trigger)\b[^;]*$/i;

/** The catalog is another one after it. */
export function changesSchema(statement: Statement): boolean {
  switch (statement.kind) {
    case 'select':
    case 'update':
    case 'delete':
    case 'merge':
    case 'call':
      return false;
    case 'insert':
      return statement.source === 'select';
    default:
      return true;
  }
}
