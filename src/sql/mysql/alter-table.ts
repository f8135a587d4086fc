import type { Span } from '../source.ts';
import type { AlterTableAction, Relation } from '../statement.ts';
import { column, constraint, indexFacts } from './columns.ts';
import { token } from './lexer.ts';
import type { Made } from './made.ts';
import {
  child,
  children,
  columnName,
  items,
  lower,
  type MysqlContext,
  relationOf,
  type Tree,
  word,
} from './tree.ts';

/**
 * One ALTER TABLE gives one alter-table statement, and one more for each index, rename and dropped index in
 * it, because the facts have those as statements of their own (CREATE INDEX, RENAME, DROP).
 */
export function alterTable(tree: Tree, context: MysqlContext, ifExists: ReadonlySet<number>): Made[] {
  const table = relationOf(children(tree, 'table')[0], context);
  const parts = children(tree, 'expr');
  const places = actionSpans(context);
  const actions: AlterTableAction[] = [];
  const before: Made[] = [];
  const more: Made[] = [];
  for (const [index, part] of parts.entries()) {
    const span = (places.length === parts.length ? places[index] : undefined) ?? context.span;
    for (const made of action(part, span, table, context, ifExists.has(span.start))) {
      if ('action' in made) actions.push(made);
      // CHANGE renames and redefines: the actions call the column by its new name.
      else if (lower(part, 'action') === 'change') before.push(made);
      else more.push(made);
    }
  }
  const facts: Made = {
    facts: { kind: 'alter-table', table, objectType: 'table', ifExists: false, actions },
  };
  return [...before, ...(actions.length === 0 && more.length > 0 ? [] : [facts]), ...more];
}

/** The comma-separated actions after ALTER TABLE name. */
export function actionSpans(context: MysqlContext): readonly Span[] {
  return items(actionsFrom(context), context).list;
}

export function actionsFrom({ text, lexemes }: MysqlContext): number {
  let at = lexemes.findIndex((lexeme) => token(text, lexeme) === 'TABLE') + 2;
  while (token(text, lexemes[at]) === '.') at += 2;
  return at;
}

function action(
  part: Tree,
  span: Span,
  table: Relation,
  context: MysqlContext,
  guarded: boolean,
): (AlterTableAction | Made)[] {
  const name = columnName(child(part, 'column')) ?? '';
  switch (`${lower(part, 'action')} ${lower(part, 'resource')}`) {
    case 'add column':
      return [
        {
          action: 'add-column',
          span,
          column: column(part, span, context),
          ifNotExists: guarded || lower(part, 'if_not_exists') !== '',
        },
      ];
    case 'drop column':
      return [{ action: 'drop-column', span, column: name, ifExists: guarded, cascade: false }];
    case 'modify column':
      return redefinition(part, span, context);
    case 'change column': {
      const from = columnName(child(part, 'old_column')) ?? '';
      const renamed: Made[] =
        from === name
          ? []
          : [{ span, facts: { kind: 'rename', objectType: 'column', relation: table, from, to: name } }];
      return [...renamed, ...redefinition(part, span, context)];
    }
    case 'rename column': {
      const from = columnName(child(part, 'old_column')) ?? '';
      return [{ span, facts: { kind: 'rename', objectType: 'column', relation: table, from, to: name } }];
    }
    case 'rename table':
      return [
        {
          span,
          facts: {
            kind: 'rename',
            objectType: 'table',
            relation: table,
            from: table.name,
            to: word(part, 'table') ?? '',
          },
        },
      ];
    case 'add index':
      return [{ span, facts: indexFacts(part, span, table, context) }];
    case 'add constraint': {
      const definition = child(part, 'create_definitions');
      return definition
        ? [{ action: 'add-constraint', span, constraint: constraint(definition, span, context) }]
        : [];
    }
    case 'drop index':
      return [droppedIndex(word(part, 'index') ?? '', span, table, guarded)];
    case 'drop key': {
      const kind = lower(part, 'keyword');
      if (kind === 'key') return [droppedIndex(word(part, 'key') ?? '', span, table, guarded)];
      return [
        droppedConstraint(kind === 'primary key' ? 'PRIMARY' : (word(part, 'key') ?? ''), span, guarded),
      ];
    }
    case 'drop constraint':
      return [droppedConstraint(word(part, 'constraint') ?? '', span, guarded)];
    default:
      // ENGINE=…, ALGORITHM=…, LOCK=…, partitions: told by their own text.
      return [
        {
          action: 'other',
          span,
          name: context.text.slice(span.start, span.end).replace(/\s+/g, ' ').slice(0, 80),
        },
      ];
  }
}

/**
 * MODIFY and CHANGE give the whole definition anew: what is not written is taken off the column ("ALTER TABLE
 * Statement" of the MySQL manual), so the facts name nullability and default even when they are not written.
 */
function redefinition(part: Tree, span: Span, context: MysqlContext): AlterTableAction[] {
  const now = column(part, span, context);
  const actions: AlterTableAction[] = [];
  if (now.type)
    actions.push({
      action: 'alter-type',
      span,
      column: now.name,
      type: now.type,
      ...(now.collation === undefined ? {} : { collation: now.collation }),
    });
  actions.push({ action: now.notNull ? 'set-not-null' : 'drop-not-null', span, column: now.name });
  actions.push(
    now.default
      ? { action: 'set-default', span, column: now.name, default: now.default }
      : { action: 'drop-default', span, column: now.name },
  );
  for (const added of now.constraints)
    if (added.type !== 'not-null') actions.push({ action: 'add-constraint', span, constraint: added });
  return actions;
}

function droppedConstraint(name: string, span: Span, ifExists: boolean): AlterTableAction {
  return { action: 'drop-constraint', span, constraint: name, ifExists, cascade: false };
}

export function droppedIndex(name: string, span: Span, table: Relation, ifExists: boolean): Made {
  const objects = [{ name, span }];
  return {
    span,
    facts: {
      kind: 'drop',
      objectType: 'index',
      objects,
      ifExists,
      cascade: false,
      concurrently: false,
      onTable: table,
    },
  };
}
