import type * as z from 'zod/mini';
// By name: through the namespace a bundle would carry all of zod and its translations.
import { $ZodArray, $ZodObject, $ZodOptional, $ZodPipe, $ZodRecord, $ZodUnion } from 'zod/v4/core';
import { configurationSchema } from './schema.ts';
import { environmentSchema } from './schema-environments.ts';
import { didYouMean, either, shown } from './values.ts';

/** A problem at a path of the file's data. */
export interface DataProblem {
  readonly path: readonly PropertyKey[];
  readonly at: 'key' | 'value';
  readonly message: string;
}

type Issue = z.core.$ZodIssue;

/** What zod found, in words a person can act on. `schema` and `data` are those that gave the issues. */
export function dataProblems(
  issues: readonly Issue[],
  schema: z.core.$ZodType,
  data: unknown,
): DataProblem[] {
  return issues.flatMap((issue) => problems(issue, issue.path, schema, data));
}

function problems(
  issue: Issue,
  path: readonly PropertyKey[],
  schema: z.core.$ZodType,
  data: unknown,
): DataProblem[] {
  const value = valueAt(data, path);
  const say = (message: string): DataProblem[] => [
    { path, at: 'value', message: `${pathText(path)}${message}` },
  ];
  switch (issue.code) {
    case 'unrecognized_keys':
      return unknownKeys(issue.keys, path, schema);
    case 'invalid_key':
      return [
        { path, at: 'key', message: `${pathText(path)}${issue.issues[0]?.message ?? 'is not a valid name'}` },
      ];
    case 'invalid_union': {
      const branches = issue.errors.filter((errors) => !errors.some((error) => isOtherShape(error, value)));
      const [branch] = branches;
      if (branch && branches.length === 1) {
        return branch.flatMap((inner) => problems(inner, [...path, ...inner.path], schema, data));
      }
      return say(
        expected(
          issue.errors
            .flat()
            .filter((error) => error.path.length === 0)
            .map(shapeOf),
          value,
        ),
      );
    }
    case 'invalid_value':
      return say(wrongChoice(issue.values.map(String), value));
    case 'invalid_type':
      return say(expected([issue.expected], value));
    case 'too_small':
      return say(tooSmall(issue, value));
    case 'too_big':
      return say(
        issue.origin === 'array'
          ? `has more than ${issue.maximum} entries`
          : `${shown(value)} is more than ${issue.maximum}`,
      );
    case 'invalid_format':
      return say(
        issue.message === 'Invalid input'
          ? `${shown(value)} is not valid`
          : `${shown(value)} ${issue.message}`,
      );
    default:
      return say(issue.message);
  }
}

/** The branch of a union was meant for another kind of value altogether. */
function isOtherShape(issue: Issue, value: unknown): boolean {
  if (issue.path.length > 0) return false;
  if (issue.code === 'invalid_type') return true;
  return issue.code === 'invalid_value' && typeof value !== typeof issue.values[0];
}

function shapeOf(issue: Issue): string {
  if (issue.code === 'invalid_type') return issue.expected;
  return issue.code === 'invalid_value' ? issue.values.join(', ') : 'another value';
}

function expected(shapes: readonly string[], value: unknown): string {
  const wanted = either([...new Set(shapes.map((shape) => SHAPES.get(shape) ?? shape))]);
  if (value === undefined) return `is missing; write ${wanted}`;
  if (value === null) return `has no value; write ${wanted}, or leave the key out`;
  return `${shown(value)} is not ${wanted}`;
}

const SHAPES: ReadonlyMap<string, string> = new Map([
  ['string', 'text'],
  ['number', 'a number'],
  ['int', 'a whole number'],
  ['boolean', 'true or false'],
  ['array', 'a list'],
  ['tuple', 'a list'],
  ['object', 'a mapping'],
  ['record', 'a mapping'],
]);

function wrongChoice(choices: readonly string[], value: unknown): string {
  if (value === undefined || value === null) return expected([either(choices)], value);
  if (value === false && choices.includes('off')) return 'false is not a severity; write off';
  return `${shown(value)} is not ${either(choices)}${typeof value === 'string' ? didYouMean(value, choices) : ''}`;
}

function tooSmall(issue: z.core.$ZodIssueTooSmall, value: unknown): string {
  if (issue.origin === 'string') return 'is empty; write some text, or leave the key out';
  return issue.origin === 'array'
    ? `needs at least ${issue.minimum} entries`
    : `${shown(value)} is less than ${issue.minimum}`;
}

const MOST_UNKNOWN_KEYS = 99;

function unknownKeys(
  names: readonly string[],
  path: readonly PropertyKey[],
  schema: z.core.$ZodType,
): DataProblem[] {
  const known = keysAt(schema, path);
  const found = names.slice(0, MOST_UNKNOWN_KEYS).map((name): DataProblem => {
    const at = [...path, name];
    return { path: at, at: 'key', message: `${pathText(at)}${unknownKey(path, name, known)}` };
  });
  const next = names[MOST_UNKNOWN_KEYS];
  if (next === undefined) return found;
  const rest = names.length - MOST_UNKNOWN_KEYS;
  return [
    ...found,
    { path: [...path, next], at: 'key', message: `${pathText(path)}${rest} more unknown keys from here on` },
  ];
}

const ADDRESSES = /^(database)?_?(url|uri|dsn|connection(string)?|host|password|user(name)?)$/i;

function unknownKey(path: readonly PropertyKey[], name: string, known: readonly string[]): string {
  if (ADDRESSES.test(name) && !known.includes(name)) {
    const variable =
      path[0] === 'environments' && path.length > 1
        ? `${String(path[1]).replaceAll('-', '_').toUpperCase()}_DATABASE_URL`
        : 'DATABASE_URL';
    return `addresses and passwords do not belong in this file; set the variable ${variable}`;
  }
  const near = didYouMean(name, known);
  if (near !== '') return `is not a known key${near}`;
  if (path.length > 0 && keysAt(configurationSchema, []).includes(name))
    return 'is not known here; it stands at the top level of the file';
  if (path[0] !== 'environments' && Object.hasOwn(environmentSchema.shape, name))
    return `is not known here; it stands under environments: <name>:`;
  return known.length === 0
    ? 'is not a known key'
    : `is not a known key; known are ${either([...known].sort())}`;
}

/** Keys that the schema knows at a path. */
function keysAt(schema: z.core.$ZodType, path: readonly PropertyKey[]): string[] {
  const [part, ...rest] = path;
  return objectsIn(schema).flatMap(({ def }) => {
    if (def.type === 'object') {
      if (part === undefined) return Object.keys(def.shape);
      const inner = def.shape[String(part)];
      return inner ? keysAt(inner, rest) : [];
    }
    if (part === undefined) return [];
    return keysAt(def.type === 'record' ? def.valueType : def.element, rest);
  });
}

interface Inside {
  readonly def: z.core.$ZodObjectDef | z.core.$ZodRecordDef | z.core.$ZodArrayDef;
}

/** The mappings and lists that a schema may stand for, past what wraps them. */
function objectsIn(schema: z.core.$ZodType): Inside[] {
  if (schema instanceof $ZodOptional) return objectsIn(schema._zod.def.innerType);
  if (schema instanceof $ZodPipe) return objectsIn(schema._zod.def.in);
  if (schema instanceof $ZodUnion) return schema._zod.def.options.flatMap(objectsIn);
  if (schema instanceof $ZodObject || schema instanceof $ZodRecord || schema instanceof $ZodArray) {
    return [{ def: schema._zod.def }];
  }
  return [];
}

/** `environments.production.maxDuration: `, parts that are no plain words in quotes; empty for the file itself. */
export function pathText(path: readonly PropertyKey[]): string {
  if (path.length === 0) return '';
  const parts = path.map((part, at) => {
    if (typeof part === 'number') return `[${part + 1}]`;
    const name = /^[\w-]{1,80}$/.test(String(part)) ? String(part) : shown(String(part));
    return at === 0 ? name : `.${name}`;
  });
  return `${parts.join('')}: `;
}

export function valueAt(data: unknown, path: readonly PropertyKey[]): unknown {
  let value = data;
  for (const part of path) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, part)) return undefined;
    value = Reflect.get(value, part);
  }
  return value;
}
