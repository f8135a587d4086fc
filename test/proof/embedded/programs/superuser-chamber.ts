import { deprive, seal } from '../../../../src/proof/embedded/inside/deprive.ts';
import { loadAssets, openDatabase } from '../../../../src/proof/embedded/inside/open-database.ts';
import { serve } from '../../../../src/proof/embedded/inside/serve.ts';

/** The chamber without its first wall: SQL runs as the superuser, and only the process holds it. */
deprive();
const folder = new URL('.', import.meta.url);
serve(
  async ({ base, extensions }, bytes) => {
    const database = await openDatabase(base ?? bytes, extensions, folder, await loadAssets(folder));
    seal();
    return database;
  },
  () => process.exit(),
);
