import type { Layout, LayoutFolder, LayoutReading, LayoutSettings } from '../../src/migration/layout.ts';
import { LAYOUTS } from '../../src/migration/layouts/registry.ts';
import { type Section, sectionText } from '../../src/migration/migration.ts';
import { SourceFile } from '../../src/sql/source.ts';

/** A folder in memory that counts what is read of it. */
export function folderOf(
  files: Readonly<Record<string, string>>,
  directory = 'migrations',
): LayoutFolder & { readonly opened: string[] } {
  const opened: string[] = [];
  return {
    directory,
    paths: Object.keys(files).sort(),
    opened,
    read(path) {
      opened.push(path);
      const text = files[path];
      const full = directory === '' ? path : `${directory}/${path}`;
      return text === undefined
        ? { file: full, line: 1, reason: 'is not there' }
        : new SourceFile(full, text);
    },
  };
}

export function layoutNamed(id: string): Layout {
  const layout = LAYOUTS.find((candidate) => candidate.id === id);
  if (!layout) throw new Error(`no layout ${id}`);
  return layout;
}

export function readAs(
  id: string,
  files: Readonly<Record<string, string>>,
  settings: LayoutSettings = {},
): LayoutReading {
  return layoutNamed(id).read(folderOf(files), settings);
}

export function sql(section: Section | undefined): string | undefined {
  return section && sectionText(section).trim();
}

/** rule, file and line of each problem. */
export function placesOf(reading: LayoutReading): string[] {
  return reading.problems.map(
    ({ ruleId, file, span }) => `${ruleId} ${file.path}:${file.position(span.start).line}`,
  );
}

export function idsOf(reading: LayoutReading): string[] {
  return reading.migrations.map(({ id }) => id);
}
