import { inFolder } from './folder-files.ts';
import type { Layout, LayoutFolder, NewMigration } from './layout.ts';

/** The files of a new migration, paths relative to the repository; each text ends its last line. Undefined: the layout cannot be written. */
export function writeMigration(
  layout: Layout,
  folder: LayoutFolder,
  migration: NewMigration,
): readonly { readonly path: string; readonly text: string }[] | undefined {
  return layout.write?.(migration).map(({ path, text }) => ({
    path: inFolder(folder, path),
    text: text === '' || text.endsWith('\n') ? text : `${text}\n`,
  }));
}
