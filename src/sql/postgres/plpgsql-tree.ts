/**
 * One text that libpg-query found in a PL/pgSQL body. `statement`: SQL as it stands, INTO targets blanked out
 * by the parser (so SELECT … INTO is a query here, not the CREATE TABLE AS of plain SQL). `dynamic`: the
 * expression that gives the text of an EXECUTE.
 */
export interface Piece {
  readonly form: 'statement' | 'expression' | 'dynamic';
  /** `perform`: written PERFORM, given as SELECT. `command`: a bare COMMIT or ROLLBACK that has no text in the tree. */
  readonly via: 'text' | 'perform' | 'command';
  readonly text: string;
  /** From 1, in the body. Of the PL/pgSQL statement, so the text may start on a later line. */
  readonly line: number;
}

type Json = Readonly<Record<string, unknown>>;

/** RawParseMode of PostgreSQL's parser/parser.h: 0 is a whole statement, 2 an expression, 3 to 5 are assignments. */
const WHOLE_STATEMENT = 0;
const ASSIGNMENT = 3;

interface Visit {
  readonly node: unknown;
  /** The key under which the parent holds it, and the node that holds the parent's fields. */
  readonly key: string;
  readonly owner: string;
  readonly line: number;
}

/** All pieces by line; those of one line in the order of the tree. `tree` is what parsePlPgSQLSync gives. */
export function pieces(tree: unknown): Piece[] {
  const found: Piece[] = [];
  // A stack of its own: hostile bodies nest deeper than JavaScript recurses.
  const stack: Visit[] = [{ node: tree, key: '', owner: '', line: 1 }];
  for (let visit = stack.pop(); visit; visit = stack.pop()) {
    const { node, key, owner } = visit;
    if (Array.isArray(node)) {
      for (let index = node.length - 1; index >= 0; index--) stack.push({ ...visit, node: node[index] });
      continue;
    }
    if (!isJson(node)) continue;
    // Targets repeat what `datums` holds already.
    if (key === 'var' || key === 'target') continue;
    const line = typeof node.lineno === 'number' && node.lineno > 0 ? node.lineno : visit.line;
    if (key === 'PLpgSQL_expr') {
      const piece = expressionPiece(node, owner, line);
      if (piece) found.push(piece);
      continue;
    }
    if (key === 'PLpgSQL_stmt_commit' || key === 'PLpgSQL_stmt_rollback') {
      const text = key === 'PLpgSQL_stmt_commit' ? 'COMMIT' : 'ROLLBACK';
      found.push({ form: 'statement', via: 'command', text, line });
    }
    // `owner` names the statement and its field: PLpgSQL_stmt_dynexecute.query.
    for (const [name, child] of Object.entries(node).reverse())
      stack.push({ node: child, key: name, owner: name === 'PLpgSQL_expr' ? owner : `${key}.${name}`, line });
  }
  return found.sort((a, b) => a.line - b.line);
}

function expressionPiece(node: Json, owner: string, line: number): Piece | undefined {
  const text = node.query;
  const mode = typeof node.parseMode === 'number' ? node.parseMode : WHOLE_STATEMENT;
  if (typeof text !== 'string') return undefined;
  if (
    owner.endsWith('.dynquery') ||
    owner === 'PLpgSQL_stmt_dynexecute.query' ||
    owner === 'PLpgSQL_stmt_dynfors.query'
  )
    return { form: 'dynamic', via: 'text', text, line };
  if (owner === 'PLpgSQL_stmt_perform.expr') return { form: 'statement', via: 'perform', text, line };
  if (mode === WHOLE_STATEMENT) return { form: 'statement', via: 'text', text, line };
  return {
    form: 'expression',
    via: 'text',
    text: mode >= ASSIGNMENT ? assigned(text) : caseList(text),
    line,
  };
}

/** What stands right of `:=` or `=`. A subscript that compares (`a[b = c] := …`) gives a longer text, no shorter one. */
function assigned(text: string): string {
  return text.replace(/^[^=]*?:?=\s*/, '');
}

/** CASE x WHEN 1 THEN comes as `"__Case__Variable_5__" IN (1)`. */
function caseList(text: string): string {
  return /^"__Case__Variable_\d+__" IN \((.*)\)$/s.exec(text)?.[1] ?? text;
}

function isJson(value: unknown): value is Json {
  return typeof value === 'object' && value !== null;
}
