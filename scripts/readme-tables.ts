import { readFileSync, writeFileSync } from 'node:fs';
import { inputDefinitions } from '../src/action/inputs.ts';
import { outputDefinitions } from '../src/action/outputs.ts';
import { permissionDefinitions } from '../src/action/permissions.ts';

/**
 * The README's tables about the Action, from the definitions that the code reads. Each replaces what stands between
 * `<!-- name -->` and `<!-- /name -->`.
 */
const tables: Readonly<Record<string, () => string>> = {
  'action-inputs': () =>
    table(
      ['input', 'default', 'meaning'],
      inputDefinitions.map(({ name, default: value, description, values }) => {
        const choices = values
          ?.filter((choice) => choice !== '')
          .map(code)
          .join(', ');
        return [
          code(name),
          value === '' ? '' : code(value),
          choices ? `${description} One of ${choices}.` : description,
        ];
      }),
    ),
  'action-outputs': () =>
    table(
      ['output', 'meaning'],
      outputDefinitions.map(({ name, description }) => [code(name), description]),
    ),
  'action-permissions': () =>
    table(
      ['permission', 'for', 'without it'],
      permissionDefinitions.map(({ permission, needed, without }) => [code(permission), needed, without]),
    ),
};

/** The README's text with fresh tables. Pure; a missing marker is an error, a table must not vanish unseen. */
export function withActionTables(readme: string): string {
  let text = readme;
  for (const [name, render] of Object.entries(tables)) {
    const place = new RegExp(`(<!-- ${name} -->)[\\s\\S]*?(<!-- /${name} -->)`);
    if (!place.test(text)) throw new Error(`README.md has no place <!-- ${name} -->…<!-- /${name} -->`);
    text = text.replace(place, (_, start: string, end: string) => `${start}\n${render()}\n${end}`);
  }
  return text;
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

function code(text: string): string {
  return `\`${text}\``;
}

if (import.meta.main) {
  const readme = new URL('../README.md', import.meta.url);
  writeFileSync(readme, withActionTables(readFileSync(readme, 'utf8')));
}
