import { deprive, seal } from './proof/embedded/inside/deprive.ts';
import { loadAssets, openDatabase } from './proof/embedded/inside/open-database.ts';
import { becomeOwner } from './proof/embedded/inside/owner.ts';
import { serve } from './proof/embedded/inside/serve.ts';

/**
 * The process that holds an embedded chamber: PostgreSQL in WebAssembly, and around it nothing worth having.
 * It is started with an empty environment under Node's permission model (DESIGN, "Untrusted SQL stays in the chamber");
 * whoever breaks out of the database finds a process that can read its own program and say something to its parent.
 */
deprive();
const folder = new URL('.', import.meta.url);
// At once: what the database is going to hold may take some time to be known.
const assets = loadAssets(folder);
serve(
  async ({ base, extensions }, bytes) => {
    const database = await openDatabase(base ?? bytes, extensions, folder, await assets);
    seal();
    await becomeOwner(database);
    return database;
  },
  () => process.exit(),
);
