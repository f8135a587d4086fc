export type JsonObject = { readonly [key: string]: unknown };

/**
 * The schema with the components it refers to and no others, so that it compiles in milliseconds.
 * `strict` refuses properties that the description does not name, wherever it leaves that open.
 */
export function selfContained(
  schema: JsonObject,
  components: Readonly<Record<string, Readonly<Record<string, unknown>>>>,
  strict: boolean,
): JsonObject {
  const schemas: Record<string, unknown> = {};
  function visit(value: unknown): unknown {
    if (Array.isArray(value)) return value.map(visit);
    if (typeof value !== 'object' || value === null) return value;
    const name = /^#\/components\/schemas\/(.+)$/.exec(String((value as JsonObject).$ref ?? ''))?.[1];
    if (name !== undefined && !(name in schemas)) {
      schemas[name] = true;
      schemas[name] = visit(components.schemas?.[name]);
    }
    const copy: Record<string, unknown> = {};
    // Examples hold data, not schemas.
    for (const [key, inner] of Object.entries(value)) {
      if (key !== 'example' && key !== 'examples') copy[key] = visit(inner);
    }
    const closes = strict && copy.type === 'object' && 'properties' in copy;
    if (closes && copy.additionalProperties === undefined) copy.additionalProperties = false;
    return copy;
  }
  const root = visit(schema) as JsonObject;
  return { ...root, components: { schemas } };
}
