import type { Node, WithClause } from '@pgsql/types';
import type { Span } from '../source.ts';
import { afterWord, inParentheses, wordStart } from './places.ts';
import { as, options, type Tag, type TreeContext, tagOf } from './tree.ts';

/** A statement that stands inside another one. */
export interface InnerTree {
  readonly node: Node;
  readonly span: Span;
  /** Names of the CTEs around it, which are no relations. */
  readonly ctes: readonly string[];
}

/**
 * What runs as part of a statement: data changes in WITH (queries-with of the documentation), the statement that
 * EXPLAIN ANALYZE runs, the data change that PREPARE keeps for EXECUTE or that COPY writes out. Undefined for
 * nearly all statements.
 */
export function innerTrees(tag: Tag, node: Node, context: TreeContext): readonly InnerTree[] | undefined {
  switch (tag) {
    case 'SelectStmt':
      return ofClause(as('SelectStmt', node)?.withClause, context);
    case 'InsertStmt':
      return ofClause(as('InsertStmt', node)?.withClause, context);
    case 'UpdateStmt':
      return ofClause(as('UpdateStmt', node)?.withClause, context);
    case 'DeleteStmt':
      return ofClause(as('DeleteStmt', node)?.withClause, context);
    case 'MergeStmt':
      return ofClause(as('MergeStmt', node)?.withClause, context);
    case 'CreateTableAsStmt': {
      const query = as('CreateTableAsStmt', node)?.query;
      return query && innerTrees(tagOf(query), query, context);
    }
    case 'ExplainStmt':
      return explained(node, context);
    case 'PrepareStmt':
      return dataChange(as('PrepareStmt', node)?.query, context, afterWord(context.text, context.span, 'as'));
    case 'CopyStmt':
      return dataChange(as('CopyStmt', node)?.query, context, inParentheses(context.text, context.span));
    default:
      return undefined;
  }
}

const CHANGES: ReadonlySet<Tag> = new Set(['InsertStmt', 'UpdateStmt', 'DeleteStmt', 'MergeStmt']);

function ofClause(clause: WithClause | undefined, context: TreeContext): readonly InnerTree[] | undefined {
  if (!clause) return undefined;
  const found: InnerTree[] = [];
  const ctes: string[] = [];
  for (const each of clause.ctes ?? []) {
    const cte = as('CommonTableExpr', each);
    ctes.push(cte?.ctename ?? '');
    const node = cte?.ctequery;
    if (!node || !CHANGES.has(tagOf(node))) continue;
    const start = cte.location === undefined ? context.span.start : context.toOffset(cte.location);
    const after = afterWord(context.text, { start, end: context.span.end }, 'as');
    found.push({ node, span: (after && inParentheses(context.text, after)) ?? context.span, ctes });
  }
  return found.length === 0 ? undefined : found;
}

/** EXPLAIN without ANALYZE runs nothing (sql-explain). */
function explained(node: Node, context: TreeContext): readonly InnerTree[] | undefined {
  const tree = as('ExplainStmt', node);
  const analyze = options(tree?.options)['analyze']?.toLowerCase();
  if (!tree?.query || analyze === undefined || ['false', 'off', '0'].includes(analyze)) return undefined;
  const start = wordStart(context.text, context.span, NOT_EXPLAINED);
  return [
    { node: tree.query, span: { start: start ?? context.span.start, end: context.span.end }, ctes: [] },
  ];
}

const NOT_EXPLAINED: ReadonlySet<string> = new Set(['explain', 'analyze', 'analyse', 'verbose']);

/** A query that only reads is no change, wherever it is kept. */
function dataChange(
  node: Node | undefined,
  context: TreeContext,
  span: Span | undefined,
): readonly InnerTree[] | undefined {
  if (!node) return undefined;
  const tag = tagOf(node);
  if (CHANGES.has(tag)) return [{ node, span: span ?? context.span, ctes: [] }];
  return innerTrees(tag, node, context);
}
