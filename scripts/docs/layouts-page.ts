import type { Layout, NativeTransaction } from '../../src/migration/layout.ts';
import { layouts } from '../../src/migration/layouts/registry.ts';

const TRANSACTIONS: Readonly<Record<NativeTransaction, string>> = {
  wrapped: 'one around each file',
  'all-in-one': 'one around all pending files',
  'simple-query': 'the file as one message: several statements share one',
  autocommit: 'none: each statement by itself',
};

function rows(): string[][] {
  return [...layouts.values()].map((layout: Layout) => [
    `\`${layout.id}\``,
    code(layout.pattern),
    layout.markers === undefined ? 'the whole file' : code(layout.markers),
    downs(layout),
    TRANSACTIONS[layout.nativeTransaction],
    layout.optOut === undefined ? 'no way' : code(layout.optOut),
    layout.write ? 'yes' : 'no',
  ]);
}

function downs({ downs: kind }: Layout): string {
  return kind === 'none' ? 'none' : kind === 'file' ? 'a file' : 'a section';
}

export function layoutsPage(): string {
  return `<!-- Written by scripts/docs.ts from src/migration/layouts/: do not edit. -->

# Layouts

Airlock reads migrations as they stand. The layout is detected from the folder, and can be named by \`layout:\` in
migration.config.yml or \`--layout\`. Where two fit, Airlock asks to be told.

${table(['layout', 'names', 'sections', 'downs', 'transaction of its own tool', 'opting out of it', '`airlock create`'], rows())}
`;
}

export function layoutsTable(): string {
  return [...layouts.values()].map((layout) => layout.title).join(', ');
}

function code(text: string): string {
  return `\`${text.replaceAll('|', '\\|')}\``;
}

function table(head: readonly string[], body: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...body.map(line)].join('\n');
}
