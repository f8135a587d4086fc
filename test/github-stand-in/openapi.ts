import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import Ajv from 'ajv';
import { type JsonObject, selfContained } from './self-contained-schema.ts';

/**
 * GitHub's published description of its REST API (github/rest-api-description, packaged as
 * `@octokit/openapi`): every request that the stand-in gets, and every answer it gives, is held against it.
 */
interface Parameter {
  readonly name: string;
  readonly in: 'path' | 'query' | 'header';
  readonly required?: boolean;
  readonly schema?: JsonObject;
}
interface Operation {
  readonly operationId: string;
  readonly parameters?: readonly (Parameter | { readonly $ref: string })[];
  readonly requestBody?: {
    readonly required?: boolean;
    readonly content: Readonly<Record<string, { readonly schema: JsonObject }>>;
  };
  readonly responses: Readonly<Record<string, unknown>>;
}
interface OpenApi {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

export interface Match {
  readonly template: string;
  readonly parameters: Readonly<Record<string, string>>;
  readonly operation: Operation;
}

const file = createRequire(import.meta.url).resolve('@octokit/openapi/generated/api.github.com.json');
let document: OpenApi | undefined;
const common: Ajv.Options = {
  nullable: true,
  format: false,
  schemaId: 'auto',
  validateSchema: false,
  logger: false,
};
const ajv = new Ajv({ ...common, allErrors: true });
// Query strings carry numbers and booleans as text.
const queryAjv = new Ajv({ ...common, coerceTypes: true });
const validators = new Map<string, Ajv.ValidateFunction>();

function openApi(): OpenApi {
  document ??= JSON.parse(readFileSync(file, 'utf8')) as OpenApi;
  return document;
}

function resolve<T>(value: T | { readonly $ref: string }): T {
  const reference = (value as { $ref?: unknown }).$ref;
  if (typeof reference !== 'string') return value as T;
  let found: unknown = openApi();
  for (const part of reference.slice(2).split('/')) found = (found as Record<string, unknown>)[part];
  return found as T;
}

/** The operation that a request asks for: literal path segments win over parameters. */
export function match(method: string, path: string): Match | undefined {
  const segments = path.split('/');
  let best: (Match & { literal: number }) | undefined;
  for (const [template, operations] of Object.entries(openApi().paths)) {
    const operation = operations[method.toLowerCase()];
    const wanted = template.split('/');
    if (operation === undefined || wanted.length !== segments.length) continue;
    const parameters: Record<string, string> = {};
    let literal = 0;
    const fits = wanted.every((part, index) => {
      const given = segments[index] ?? '';
      const name = /^\{(.+)\}$/.exec(part)?.[1];
      if (name === undefined) literal += 1;
      else parameters[name] = decodeURIComponent(given);
      return name === undefined ? part === given : given !== '';
    });
    if (fits && literal > (best?.literal ?? -1)) best = { template, parameters, operation, literal };
  }
  return best;
}

function validator(
  key: string,
  schema: JsonObject,
  how: { readonly strict: boolean; readonly with?: Ajv.Ajv },
) {
  let found = validators.get(key);
  if (found === undefined) {
    found = (how.with ?? ajv).compile(selfContained(schema, openApi().components, how.strict));
    validators.set(key, found);
  }
  return found;
}

function problems(validate: Ajv.ValidateFunction, value: unknown, what: string): string[] {
  if (validate(value)) return [];
  return (validate.errors ?? []).map(
    (error) => `${what}${error.dataPath} ${error.message} ${JSON.stringify(error.params)}`,
  );
}

/** What is wrong with a request; empty when GitHub's description allows it. Unknown properties are wrong. */
export function checkRequest(found: Match, query: URLSearchParams, body: unknown): string[] {
  const { operation } = found;
  const declared = (operation.parameters ?? []).map((parameter) => resolve<Parameter>(parameter));
  const wrong: string[] = [];
  for (const [name, value] of query) {
    const parameter = declared.find((entry) => entry.in === 'query' && entry.name === name);
    if (parameter === undefined) wrong.push(`${operation.operationId}: unknown query parameter ${name}`);
    else if (parameter.schema !== undefined) {
      const schema: JsonObject = { type: 'object', properties: { value: parameter.schema } };
      const check = validator(`${operation.operationId}?${name}`, schema, { strict: false, with: queryAjv });
      wrong.push(...problems(check, { value }, `${operation.operationId} ?${name}`));
    }
  }
  for (const parameter of declared) {
    if (parameter.in === 'query' && parameter.required === true && !query.has(parameter.name)) {
      wrong.push(`${operation.operationId}: query parameter ${parameter.name} is missing`);
    }
  }
  const schema = operation.requestBody?.content['application/json']?.schema;
  if (schema === undefined) {
    if (body !== undefined) wrong.push(`${operation.operationId}: takes no body`);
  } else if (body === undefined) {
    if (operation.requestBody?.required === true) wrong.push(`${operation.operationId}: the body is missing`);
  } else {
    wrong.push(
      ...problems(validator(operation.operationId, schema, { strict: true }), body, operation.operationId),
    );
  }
  return wrong;
}

/** What is wrong with the stand-in's own answer: a stand-in that GitHub would not recognise proves nothing. */
export function checkResponse(found: Match, status: number, body: unknown): string[] {
  const { operation } = found;
  const response = operation.responses[String(status)];
  if (response === undefined) return [`${operation.operationId}: GitHub does not answer ${status}`];
  const content = resolve<{ content?: Record<string, { schema: JsonObject }> }>(
    response as { $ref: string },
  ).content;
  const schema = content?.['application/json']?.schema;
  if (schema === undefined) return [];
  const check = validator(`${operation.operationId}>${status}`, schema, { strict: false });
  return problems(check, body, `answer of ${operation.operationId}`);
}

/** A copy of the example answer that GitHub publishes under `components.examples`. */
export function example(name: string): Record<string, unknown> {
  const found = openApi().components.examples?.[name] as { value?: unknown } | undefined;
  const value = Array.isArray(found?.value) ? found.value[0] : found?.value;
  if (typeof value !== 'object' || value === null) throw new Error(`GitHub publishes no example "${name}"`);
  return structuredClone(value) as Record<string, unknown>;
}
