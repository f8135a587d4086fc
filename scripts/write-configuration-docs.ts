import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod/mini';
import { commands } from '../src/commands/list.ts';
import { documentation, isInForce } from '../src/configuration/documentation.ts';
import { configurationSchema } from '../src/configuration/schema.ts';
import { OTHER_VARIABLES, SETTINGS, settingFlag, settingVariable } from '../src/configuration/variables.ts';

const PAGE = 'docs/configuration.md';
const SCHEMA = 'docs/migration.config.schema.json';

/** What the schema and the keys' documentation make of the two files; nothing is written. `page` is the page as it stands. */
export function configurationDocs(page: string): { readonly [PAGE]: string; readonly [SCHEMA]: string } {
  const tables = { ...keyTables(), ...variableTables() };
  return {
    [PAGE]: Object.entries(tables).reduce((text, [name, rows]) => replaceGenerated(text, name, rows), page),
    [SCHEMA]: `${JSON.stringify(editorSchema(), null, 2)}\n`,
  };
}

interface JsonSchema {
  readonly [keyword: string]: unknown;
  readonly type?: unknown;
  readonly enum?: readonly unknown[];
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly additionalProperties?: JsonSchema | boolean;
  readonly items?: JsonSchema;
  readonly anyOf?: readonly JsonSchema[];
  readonly fallback?: unknown;
  readonly description?: string;
  readonly usedBy?: string;
  readonly written?: string;
}

function jsonSchema(): JsonSchema {
  return z.toJSONSchema(configurationSchema, {
    io: 'input',
    target: 'draft-07',
    metadata: documentation,
  }) as JsonSchema;
}

/** Draft 7 is what the YAML language server reads best. Our own keywords are taken out. */
function editorSchema(): unknown {
  const { $schema, ...rest } = jsonSchema();
  const title = 'Airlock: migration.config.yml';
  return withoutOwnKeywords({ $schema, title, ...rest });
}

function withoutOwnKeywords(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutOwnKeywords);
  if (typeof value !== 'object' || value === null) return value;
  const { usedBy, written: _written, fallback, ...keywords } = value as JsonSchema;
  // A key of the file may have the name of one of ours; only a documented schema has both.
  const kept =
    usedBy === undefined ? value : { ...keywords, ...(fallback !== undefined && { default: fallback }) };
  return Object.fromEntries(Object.entries(kept).map(([name, entry]) => [name, withoutOwnKeywords(entry)]));
}

/** Rows of what a command obeys today, and of what is only checked. The last column but one says who reads it. */
function split(
  names: readonly [inForce: string, later: string],
  head: readonly string[],
  rows: readonly (readonly string[])[],
): Record<string, string> {
  const isToday = (row: readonly string[]): boolean => isInForce({ usedBy: row.at(-2) ?? '' });
  const [inForce, later] = names;
  return {
    [inForce]: table([...head, 'Read by', 'Meaning'], rows.filter(isToday)),
    [later]: table(
      [...head, 'Waits for', 'Meaning'],
      rows.filter((row) => !isToday(row)),
    ),
  };
}

function keyTables(): Record<string, string> {
  return split(['keys', 'later keys'], ['Key', 'Value', 'Default'], [...keyRows(jsonSchema(), '')]);
}

/** One row a documented key, sections before what is in them. */
function* keyRows(schema: JsonSchema, prefix: string): Generator<string[]> {
  for (const [name, inner] of Object.entries(schema.properties ?? {})) {
    const path = `${prefix}${name}`;
    if (inner.usedBy !== undefined) {
      const fallback =
        inner.fallback === undefined ? '' : code(JSON.stringify(inner.fallback).replace(/^"(.*)"$/, '$1'));
      yield [code(path), inner.written ?? typeText(inner), fallback, inner.usedBy, inner.description ?? ''];
    }
    for (const section of inner.anyOf ?? [inner]) yield* keyRows(section, `${path}.`);
    if (typeof inner.additionalProperties === 'object')
      yield* keyRows(inner.additionalProperties, `${path}.<name>.`);
  }
}

function typeText(schema: JsonSchema): string {
  if (schema.enum) return schema.enum.map((choice) => code(String(choice))).join(', ');
  if (schema.anyOf) return schema.anyOf.map(typeText).join(' or ');
  switch (schema.type) {
    case 'string':
      return 'text';
    case 'boolean':
      return '`true`, `false`';
    case 'integer':
    case 'number':
      return 'number';
    case 'array':
      return schema.items ? `list of ${typeText(schema.items)}` : 'list';
    default:
      return 'mapping';
  }
}

function variableTables(): Record<string, string> {
  const flags = new Set(commands.flatMap((command) => Object.keys(command.flags).map((name) => `--${name}`)));
  const keys = jsonSchema().properties ?? {};
  const settings = SETTINGS.map((setting) => {
    const flag = settingFlag(setting);
    const usedBy = keys[setting]?.usedBy ?? '';
    const before = flags.has(flag)
      ? `The flag ${code(flag)} goes before it.`
      : 'No command has a flag for it.';
    return [code(settingVariable(setting)), usedBy, `As ${code(setting)}. ${before}`];
  });
  const others = OTHER_VARIABLES.map(({ name, usedBy, meaning }) => [code(name), usedBy, meaning]);
  return split(['variables', 'later variables'], ['Variable'], [...settings, ...others]);
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

function code(text: string): string {
  return `\`${text}\``;
}

function replaceGenerated(page: string, name: string, content: string): string {
  const begin = `<!-- generated: ${name} -->`;
  const end = `<!-- end of ${name} -->`;
  const [start, stop] = [page.indexOf(begin), page.indexOf(end)];
  if (start === -1 || stop < start)
    throw new Error(`${PAGE} has no place for ${name}: write ${begin} and ${end} where it belongs`);
  return `${page.slice(0, start + begin.length)}\n${content}\n${page.slice(stop)}`;
}

if (import.meta.main) {
  const root = join(import.meta.dirname, '..');
  const docs = configurationDocs(readFileSync(join(root, PAGE), 'utf8'));
  for (const [path, text] of Object.entries(docs)) writeFileSync(join(root, path), text);
  console.log(`wrote ${Object.keys(docs).join(' and ')}`);
}
