import type { Parser } from 'node-sql-parser/build/mysql.js';
import type { NotAnalysed, ParsedSql, Relation, Statement, SyntaxProblem } from '../statement.ts';
import { alterParts, type Read } from './alter-parts.ts';
import { certainError } from './certain-errors.ts';
import { functionsIn } from './expression.ts';
import { statementFacts } from './facts.ts';
import { token } from './lexer.ts';
import type { Made } from './made.ts';
import { plainStatement } from './plain.ts';
import { readable, shortened, withoutComments } from './readable.ts';
import { splitMysql } from './split.ts';
import { isTree, lower, type MysqlContext, relationOf, type Tree, walk, word } from './tree.ts';

interface Grammar {
  readonly database: 'MySQL' | 'MariaDB';
  readonly parser: Parser;
}

let grammars: readonly Grammar[] | undefined;

/** Loads node-sql-parser's two grammars (about 20 ms). Await it once before `parseMysql`. */
export async function loadMysqlParser(): Promise<void> {
  if (grammars) return;
  const [mysql, mariadb] = await Promise.all([
    import('node-sql-parser/build/mysql.js'),
    import('node-sql-parser/build/mariadb.js'),
  ]);
  grammars = [
    { database: 'MySQL', parser: new mysql.default.Parser() },
    { database: 'MariaDB', parser: new mariadb.default.Parser() },
  ];
}

/**
 * Statement facts of MySQL or MariaDB text between `start` and `end`. `loadMysqlParser` must have been awaited.
 * Each statement is parsed alone, by the MySQL grammar and, where that stops, the MariaDB one. `errors` holds what
 * is certainly wrong; what the parser merely does not read is in `notAnalysed`.
 */
export function parseMysql(text: string, start = 0, end = text.length): ParsedSql {
  const statements: Statement[] = [];
  const errors: SyntaxProblem[] = [];
  const notAnalysed: NotAnalysed[] = [];
  for (const { start: from, end: to, lexemes } of splitMysql(text, start, end)) {
    const span = { start: from, end: to };
    const context: MysqlContext = { text, span, lexemes };
    const error = certainError(context);
    if (error) {
      errors.push({
        message: error.message,
        span: { start: error.span.start, end: error.span.end },
        statement: span,
      });
      continue;
    }
    const short = shortened(context);
    const found = parse(short?.text ?? withoutComments(context), context);
    if ('tree' in found)
      statements.push(
        ...assemble(statementFacts(found.tree, context, found.guards), found.tree, context, short?.rows),
      );
    else {
      const plain = plainStatement(context);
      const parts = plain ? undefined : alterParts(context, (alone, own) => success(parse(alone, own)));
      if (plain ?? parts) statements.push(...assemble(plain ?? parts?.made ?? [], undefined, context));
      notAnalysed.push(...(parts?.notAnalysed ?? []));
      // The one thing that the parser checks beyond its grammar; every server refuses it too.
      if (found.reason.startsWith("column count doesn't match"))
        errors.push({ message: found.reason, span, statement: span });
      else if (!plain && !parts)
        notAnalysed.push({ span, reason: `node-sql-parser could not read this statement: ${found.reason}` });
    }
  }
  return { statements, errors, notAnalysed };
}

type Parsed = { readonly tree: Tree; readonly guards: ReadonlySet<number> };

function success(found: Parsed | { readonly reason: string }): ReturnType<Read> {
  return 'tree' in found ? found : undefined;
}

function parse(statement: string, context: MysqlContext): Parsed | { readonly reason: string } {
  if (!grammars) throw new Error('loadMysqlParser() must be awaited before parsing.');
  let reason: string | undefined;
  const plain = { text: statement, guards: new Set<number>() };
  const shorter = statement.length < context.span.end - context.span.start;
  for (const form of [() => plain, ...(shorter ? [] : [() => readable(statement, context)])]) {
    const { text, guards } = form();
    if (reason !== undefined && text === statement) break;
    for (const { database, parser } of grammars) {
      try {
        const { ast } = parser.parse(text, {
          database,
          trimQuery: false,
          parseOptions: { includeLocations: true },
        });
        const tree: unknown = Array.isArray(ast) ? ast[0] : ast;
        if (isTree(tree)) return { tree, guards };
        reason ??= 'it gave no tree';
      } catch (error) {
        reason ??= stopped(error, context);
      }
    }
  }
  return { reason: reason ?? 'it gave no tree' };
}

/** The parser's own message lists every token it would have taken, hundreds of them; where it stopped says more. */
function stopped(error: unknown, { text, span, lexemes }: MysqlContext): string {
  const location = isTree(error) && isTree(error.location) ? error.location.start : undefined;
  const offset = isTree(location) ? location.offset : undefined;
  if (typeof offset === 'number') {
    const at = lexemes.find((lexeme) => lexeme.end > span.start + offset);
    return at ? `it stopped at "${text.slice(at.start, at.end).slice(0, 40)}"` : 'it stopped at the end';
  }
  const [first = ''] = (error instanceof Error ? error.message : String(error)).split('\n');
  return first.replace(/^Error:\s*/, '').slice(0, 200);
}

function assemble(
  made: readonly Made[],
  tree: Tree | undefined,
  context: MysqlContext,
  rows?: number,
): Statement[] {
  const all = tree ? relations(tree, context) : [];
  const functions = tree && lower(tree, 'keyword') !== 'index' ? functionsIn(tree) : [];
  const node = tree ? [lower(tree, 'type'), lower(tree, 'keyword')].join(' ').trim() : leadingWords(context);
  return made.map(({ facts, span }, index) => {
    const counted = rows !== undefined && facts.kind === 'insert' ? { ...facts, rows } : facts;
    const own = index === 0 && all.length > 0 ? all : targets(facts);
    // MySQL refuses nothing inside a transaction: DDL commits it silently.
    return {
      span: span ?? context.span,
      node,
      relations: own,
      functions: index === 0 ? functions : [],
      needsAutocommit: false,
      ...counted,
    };
  });
}

function leadingWords({ text, lexemes }: MysqlContext): string {
  return lexemes
    .slice(0, 2)
    .map((lexeme) => token(text, lexeme))
    .join(' ')
    .trim()
    .toLowerCase();
}

function targets(facts: Made['facts']): Relation[] {
  if (facts.kind === 'drop' && facts.onTable) return [facts.onTable];
  if (facts.kind === 'drop')
    return facts.objectType === 'table' || facts.objectType === 'view' ? [...facts.objects] : [];
  if ('tables' in facts) return [...facts.tables];
  if (facts.kind === 'rename') return facts.relation && facts.objectType !== 'index' ? [facts.relation] : [];
  return 'table' in facts && facts.table ? [facts.table] : [];
}

/** Every table that stands in a tree, names of WITH and of triggers left out. */
function relations(tree: Tree, context: MysqlContext): Relation[] {
  const found = new Map<number, Relation>();
  const named = new Set<string>();
  for (const node of walk(tree)) {
    const name =
      isTree(node.name) && isTree(node.stmt)
        ? word(node, 'name')
        : isTree(node.trigger)
          ? word(node.trigger, 'table')
          : undefined;
    if (name !== undefined) named.add(name);
    const isRelation = 'db' in node && (typeof node.table === 'string' || typeof node.view === 'string');
    if (!isRelation) continue;
    const relation = relationOf(node, context);
    if (!named.has(relation.name)) found.set(relation.span.start, found.get(relation.span.start) ?? relation);
  }
  return [...found.values()].sort((a, b) => a.span.start - b.span.start);
}
