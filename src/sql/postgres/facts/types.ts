import type { Constraint, StatementFacts } from '../../statement.ts';
import { constraint, placed, tableConstraint } from '../columns.ts';
import { as, type Body, objectName, strings, type TreeContext } from '../tree.ts';
import { typeName } from '../types.ts';

export function createEnum(tree: Body<'CreateEnumStmt'>): StatementFacts {
  return { kind: 'create-enum', type: objectName(strings(tree.typeName)), labels: strings(tree.vals) };
}

export function alterEnum(tree: Body<'AlterEnumStmt'>): StatementFacts {
  const type = objectName(strings(tree.typeName));
  const common = { kind: 'alter-enum', type, ifNotExists: tree.skipIfNewValExists === true } as const;
  if (tree.oldVal !== undefined)
    return { ...common, change: 'rename-value', value: tree.oldVal, newValue: tree.newVal ?? '' };
  return {
    ...common,
    change: 'add-value',
    value: tree.newVal ?? '',
    ...(tree.newValNeighbor === undefined
      ? {}
      : { neighbor: tree.newValNeighbor, before: tree.newValIsAfter !== true }),
  };
}

export function createDomain(tree: Body<'CreateDomainStmt'>, context: TreeContext): StatementFacts {
  const constraints: Constraint[] = [];
  for (const { part, place } of placed(tree.constraints, context, context.span.end)) {
    const made = constraint(part, context, place);
    if (made) constraints.push(made);
  }
  return {
    kind: 'create-domain',
    domain: objectName(strings(tree.domainname)),
    type: typeName(tree.typeName, context),
    constraints,
  };
}

const DOMAIN_CHANGES = {
  C: 'add-constraint',
  X: 'drop-constraint',
  V: 'validate-constraint',
  O: 'set-not-null',
  N: 'drop-not-null',
  T: 'set-default',
} as const;

export function alterDomain(tree: Body<'AlterDomainStmt'>, context: TreeContext): StatementFacts {
  const letter = tree.subtype as keyof typeof DOMAIN_CHANGES | undefined;
  const change = letter === undefined ? undefined : DOMAIN_CHANGES[letter];
  if (change === undefined) return { kind: 'other' };
  const rule = as('Constraint', tree.def);
  const made = rule && tableConstraint(rule, context);
  return {
    kind: 'alter-domain',
    domain: objectName(strings(tree.typeName)),
    change: change === 'set-default' && !tree.def ? 'drop-default' : change,
    ...(made ? { constraint: made } : {}),
    ...(tree.name === undefined ? {} : { constraintName: tree.name }),
  };
}

export function createComposite(tree: Body<'CompositeTypeStmt'>): StatementFacts {
  const range = tree.typevar;
  return {
    kind: 'create-type',
    type: {
      ...(range?.schemaname === undefined ? {} : { schema: range.schemaname }),
      name: range?.relname ?? '',
    },
    form: 'composite',
  };
}

export function createRange(tree: Body<'CreateRangeStmt'>): StatementFacts {
  return { kind: 'create-type', type: objectName(strings(tree.typeName)), form: 'range' };
}

/** CREATE TYPE (base and shell), and CREATE AGGREGATE, OPERATOR, COLLATION …, which have no facts of their own. */
export function define(tree: Body<'DefineStmt'>): StatementFacts {
  if (tree.kind !== 'OBJECT_TYPE') return { kind: 'other' };
  return {
    kind: 'create-type',
    type: objectName(strings(tree.defnames)),
    form: tree.definition ? 'base' : 'shell',
  };
}
