import type { Span } from '../source.ts';
import type {
  Column,
  Constraint,
  Expression,
  IndexColumn,
  ReferentialAction,
  Relation,
  StatementFacts,
} from '../statement.ts';
import { columnNames, expression, impliedNotNull } from './expression.ts';
import { token } from './lexer.ts';
import {
  child,
  children,
  columnName,
  located,
  lower,
  type MysqlContext,
  relationOf,
  type Tree,
  word,
} from './tree.ts';
import { typeAt } from './types.ts';

const ACTIONS: Readonly<Record<string, ReferentialAction>> = {
  'no action': 'no-action',
  restrict: 'restrict',
  cascade: 'cascade',
  'set null': 'set-null',
  'set default': 'set-default',
};

/** `span`: the definition in the file, from the column's name or from ADD, MODIFY … on. */
export function column(tree: Tree, span: Span, context: MysqlContext): Column {
  const { lexemes } = context;
  const reference = child(tree, 'column');
  const name = columnName(reference) ?? '';
  const from = located(reference, context)?.start ?? span.start;
  const at = lexemes.findIndex((lexeme) => lexeme.start >= from);
  const type = typeAt(at + 1, context);
  const place = { start: from, end: span.end };
  const primary = 'primary_key' in tree || 'primary' in tree;
  const autoIncrement = tree.auto_increment !== undefined && tree.auto_increment !== null;
  const notNull = child(tree, 'nullable')?.type === 'not null' || primary || type.serial;
  const given = child(child(tree, 'default_val'), 'value');
  const generatedAs = child(child(tree, 'generated'), 'value') ?? child(child(tree, 'generated'), 'expr');
  const inline = (type: Constraint['type']): Constraint => bare(type, [name], place, true);
  const constraints: Constraint[] = [];
  if (primary) constraints.push(inline('primary-key'));
  else if (notNull) constraints.push(inline('not-null'));
  if (('unique' in tree && tree.unique !== null) || type.serial) constraints.push(inline('unique'));
  if (child(tree, 'reference_definition')) constraints.push(references(tree, inline('foreign-key'), context));
  for (const check of children(tree, 'check'))
    constraints.push({ ...constraint(check, place, context), inline: true });
  return {
    name,
    type,
    span: place,
    notNull,
    constraints,
    ...(given ? { default: defaultValue(given, place, context) } : {}),
    ...(generatedAs
      ? { generated: { kind: storage(place, context), expression: expression(generatedAs, place, context) } }
      : {}),
    ...(autoIncrement || type.serial ? { identity: 'by-default' as const } : {}),
    ...(child(tree, 'collate') ? { collation: word(child(child(tree, 'collate'), 'collate'), 'name') } : {}),
  };
}

function storage(place: Span, { text, lexemes }: MysqlContext): 'stored' | 'virtual' {
  const inColumn = lexemes.filter((lexeme) => lexeme.start >= place.start && lexeme.end <= place.end);
  return inColumn.some((lexeme) => ['STORED', 'PERSISTENT'].includes(token(text, lexeme)))
    ? 'stored'
    : 'virtual';
}

/** ON UPDATE CURRENT_TIMESTAMP is part of the location that the parser gives, and no part of the value. */
function defaultValue(tree: Tree, place: Span, context: MysqlContext): Expression {
  const found = expression(tree, defaultSpan(place, context), context);
  const onUpdate = context.text.slice(found.span.start, found.span.end).search(/\s+ON\s+UPDATE\s/i);
  return onUpdate === -1
    ? found
    : { ...found, span: { start: found.span.start, end: found.span.start + onUpdate } };
}

/** The literal after DEFAULT, which the parser gives no place. */
function defaultSpan(place: Span, { text, lexemes }: MysqlContext): Span {
  const at = lexemes.findIndex((lexeme) => lexeme.start >= place.start && token(text, lexeme) === 'DEFAULT');
  const first = lexemes[at + 1];
  if (at === -1 || !first) return place;
  const signed = ['-', '+'].includes(token(text, first));
  return { start: first.start, end: (signed ? lexemes[at + 2] : first)?.end ?? first.end };
}

function bare(type: Constraint['type'], columns: readonly string[], span: Span, inline: boolean): Constraint {
  return {
    type,
    columns,
    span,
    inline,
    notValid: false,
    deferrable: false,
    enforced: true,
    impliesNotNull: [],
  };
}

function references(tree: Tree, base: Constraint, context: MysqlContext): Constraint {
  const definition = child(tree, 'reference_definition');
  const action = children(definition, 'on_action').find((on) => lower(on, 'type') === 'on delete');
  const written = ACTIONS[lower(action, 'value')];
  return {
    ...base,
    references: {
      relation: relationOf(children(definition, 'table')[0], context),
      columns: columnNames(definition, 'definition'),
    },
    ...(written ? { onDelete: written } : {}),
  };
}

/** A constraint of CREATE TABLE's list or of ADD. */
export function constraint(tree: Tree, span: Span, context: MysqlContext): Constraint {
  const kind = lower(tree, 'constraint_type');
  const name = word(tree, 'constraint') ?? (kind.startsWith('unique') ? word(tree, 'index') : undefined);
  const named = name === undefined ? {} : { name };
  if (kind === 'primary key')
    return { ...bare('primary-key', columnNames(tree, 'definition'), span, false), ...named };
  if (kind === 'foreign key')
    return {
      ...references(tree, bare('foreign-key', columnNames(tree, 'definition'), span, false), context),
      ...named,
    };
  if (kind === 'check') {
    const [checked] = children(tree, 'definition');
    const found = checked && expression(checked, span, context);
    const check = bare('check', found?.columns ?? [], span, false);
    // The words were blanked for the parser, which does not know them everywhere.
    const enforced = !/\bNOT\s+ENFORCED\s*$/i.test(context.text.slice(span.start, span.end));
    return {
      ...check,
      ...named,
      enforced,
      impliesNotNull: impliedNotNull(checked),
      ...(found ? { expression: found } : {}),
    };
  }
  return { ...bare('unique', columnNames(tree, 'definition'), span, false), ...named };
}

export function indexColumns(trees: readonly Tree[], fallback: Span, context: MysqlContext): IndexColumn[] {
  return trees.map((tree) => {
    const name = columnName(tree);
    return name === undefined ? { expression: expression(tree, fallback, context) } : { column: name };
  });
}

/** An index written inside CREATE TABLE or ALTER TABLE, as the CREATE INDEX that it is. */
export function indexFacts(tree: Tree, span: Span, table: Relation, context: MysqlContext): StatementFacts {
  const index = word(tree, 'index');
  const [kind = ''] = lower(tree, 'keyword').split(' ');
  return {
    kind: 'create-index',
    table,
    columns: indexColumns(children(tree, 'definition'), span, context),
    include: [],
    unique: false,
    concurrently: false,
    ifNotExists: false,
    method: indexMethod(kind, child(tree, 'index_type')),
    ...(index === undefined ? {} : { index }),
  };
}

/** fulltext, spatial, hash … as MySQL calls them; btree where nothing was written, InnoDB's only other kind. */
export function indexMethod(kind: string, using: Tree | undefined): string {
  return kind === 'fulltext' || kind === 'spatial' ? kind : lower(using, 'type') || 'btree';
}
