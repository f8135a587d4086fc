import { readFileSync } from 'node:fs';
import { PGlite } from '@electric-sql/pglite';

/** PGlite as it is used everywhere, running the statements of the file that is named. */
const database = await PGlite.create();
for (const sql of JSON.parse(readFileSync(process.argv[2] ?? '', 'utf8')) as string[])
  await database.exec(sql);
