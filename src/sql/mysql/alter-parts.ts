import type { Span } from '../source.ts';
import type { AlterTableAction, NotAnalysed, Relation } from '../statement.ts';
import { actionSpans, actionsFrom, alterTable } from './alter-table.ts';
import { expression } from './expression.ts';
import { identifier, type Lexeme, token } from './lexer.ts';
import type { Made } from './made.ts';
import { child, children, type MysqlContext, nameSpan, type Tree } from './tree.ts';

export type Read = (
  text: string,
  context: MysqlContext,
) => { tree: Tree; guards: ReadonlySet<number> } | undefined;

/**
 * ALTER TABLE that the parser refuses as a whole, action by action, so that one it does not know leaves the
 * others readable. Undefined when it is no ALTER TABLE.
 */
export function alterParts(
  context: MysqlContext,
  read: Read,
): { made: Made[]; notAnalysed: NotAnalysed[] } | undefined {
  const { text, lexemes, span } = context;
  if (token(text, lexemes[0]) !== 'ALTER' || token(text, lexemes[1]) !== 'TABLE') return undefined;
  const from = actionsFrom(context);
  const head = lexemes.slice(0, from);
  const names = lexemes
    .slice(2, from)
    .filter((lexeme) => token(text, lexeme) !== '.')
    .map((lexeme) => identifier(text, lexeme));
  const name = names.at(-1) ?? '';
  const place = nameSpan(names, head[2]?.start ?? span.start, context);
  const table: Relation = names.length > 1 ? { schema: names[0], name, span: place } : { name, span: place };
  const actions: AlterTableAction[] = [];
  const before: Made[] = [];
  const more: Made[] = [];
  const notAnalysed: NotAnalysed[] = [];
  const headEnd = head.at(-1)?.end ?? span.start;
  for (const part of actionSpans(context)) {
    const inside = lexemes.filter((lexeme) => lexeme.start >= part.start && lexeme.end <= part.end);
    const own: MysqlContext = {
      text,
      span: { start: span.start, end: part.end },
      lexemes: [...head, ...inside],
    };
    const alone =
      text.slice(span.start, headEnd) + ' '.repeat(part.start - headEnd) + text.slice(part.start, part.end);
    const tree = read(alone, own);
    const made = tree
      ? alterTable(tree.tree, own, tree.guards)
      : unreadAction(inside, part, table, own, read);
    if (!made)
      notAnalysed.push({
        span: part,
        reason: `node-sql-parser could not read this action of ALTER TABLE: ${text.slice(part.start, part.end).slice(0, 60)}`,
      });
    for (const one of made ?? []) {
      if (one.facts.kind === 'alter-table') actions.push(...one.facts.actions);
      else if (token(text, inside[0]) === 'CHANGE') before.push(one);
      else more.push(one);
    }
  }
  const main: Made = { facts: { kind: 'alter-table', table, objectType: 'table', ifExists: false, actions } };
  return {
    made: [...before, ...(actions.length === 0 && more.length > 0 ? [] : [main]), ...more],
    notAnalysed,
  };
}

/** Actions on the table's storage, of which the facts hold no more than their text. */
const STORAGE = new Set([
  'CONVERT',
  'DISABLE',
  'ENABLE',
  'ORDER',
  'FORCE',
  'PARTITION',
  'REMOVE',
  'REORGANIZE',
  'REBUILD',
  'DISCARD',
  'IMPORT',
]);

/** Actions that the parser lacks and whose form is plain. */
function unreadAction(
  inside: readonly Lexeme[],
  span: Span,
  table: Relation,
  context: MysqlContext,
  read: Read,
): Made[] | undefined {
  const { text } = context;
  const words = inside.map((lexeme) => token(text, lexeme));
  const name = (at: number): string => {
    const lexeme = inside[at];
    return lexeme ? identifier(text, lexeme) : '';
  };
  const alter = (action: AlterTableAction): Made[] => [
    { facts: { kind: 'alter-table', table, objectType: 'table', ifExists: false, actions: [action] } },
  ];
  const [first = '', second = ''] = words;
  if (first === 'RENAME') {
    const isIndex = second === 'INDEX' || second === 'KEY';
    if (isIndex)
      return [
        {
          span,
          facts: {
            kind: 'rename',
            objectType: 'index',
            relation: { name: name(2), span },
            from: name(2),
            to: name(4),
          },
        },
      ];
    return [
      {
        span,
        facts: {
          kind: 'rename',
          objectType: 'table',
          relation: table,
          from: table.name,
          to: name(inside.length - 1),
        },
      },
    ];
  }
  if (first === 'DROP' && (second === 'CONSTRAINT' || second === 'CHECK'))
    return alter({ action: 'drop-constraint', span, constraint: name(2), ifExists: false, cascade: false });
  if (first === 'ALTER') {
    const at = second === 'COLUMN' ? 2 : 1;
    if (words[at + 1] === 'DROP' && words[at + 2] === 'DEFAULT')
      return alter({ action: 'drop-default', span, column: name(at) });
    const value = inside[at + 3];
    if (words[at + 1] === 'SET' && words[at + 2] === 'DEFAULT' && value) {
      const asked = 'SELECT '.padStart(value.start - context.span.start) + text.slice(value.start, span.end);
      const given = child(children(read(asked, context)?.tree, 'columns')[0], 'expr');
      const place = { start: value.start, end: span.end };
      return (
        given &&
        alter({ action: 'set-default', span, column: name(at), default: expression(given, place, context) })
      );
    }
  }
  return STORAGE.has(first)
    ? alter({ action: 'other', span, name: text.slice(span.start, span.end).slice(0, 80) })
    : undefined;
}
