import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import * as z from 'zod/mini';
import { resultSchema } from '../src/report/result.ts';

/** Where the schema is kept; a test compares it with `resultJsonSchema()`. */
export const schemaFile = fileURLToPath(new URL('../docs/result.schema.json', import.meta.url));

/** The JSON schema of the result document, as text. */
export function resultJsonSchema(): string {
  const schema = z.toJSONSchema(resultSchema);
  const { $schema, ...rest } = schema;
  const titled = {
    $schema,
    title: 'Airlock result',
    description: 'What `airlock validate --json` prints and what the Action gives as its `result` output.',
    ...rest,
  };
  return `${JSON.stringify(titled, undefined, 2)}\n`;
}

if (import.meta.main) {
  writeFileSync(schemaFile, resultJsonSchema());
  console.log('docs/result.schema.json written');
}
