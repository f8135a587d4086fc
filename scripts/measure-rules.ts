/**
 * Runs the bad examples of the rules on every PostgreSQL that Airlock is for, and on PGlite, and keeps what happened:
 *
 *   node scripts/measure-rules.ts [rule…]    writes docs/measured.json and src/proof/verdict/measured-data.ts
 *
 * Ends with 1 when a finding claims what did not happen. Programs of the servers are downloaded by npm once.
 */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DEFAULTS } from '../src/configuration/configuration.ts';
import { openShadow } from '../src/open-shadow.ts';
import type { OpenFor } from '../src/prove-folder.ts';
import { examples } from '../src/rules/examples.ts';
import { registry } from '../src/rules/registry.ts';
import { buildChamber } from './build.ts';
import { measureExample } from './measure/measure-example.ts';
import {
  DATA,
  DOCUMENT,
  dataModule,
  documentText,
  type Measurement,
  measuredDocument,
  readMeasured,
  wrongClaims,
} from './measure/measured-document.ts';
import { startServer, type VERSIONS } from './measure/servers.ts';

const wanted = new Set(process.argv.slice(2));
const rules = [...registry.values()].filter(
  ({ id, firedBy, dialects }) =>
    firedBy === undefined &&
    (dialects ?? ['postgres']).includes('postgres') &&
    (wanted.size === 0 || wanted.has(id)),
);

const measurements: Measurement[] = [];

async function measureAll(on: string, version: string, open: OpenFor): Promise<void> {
  for (const [at, { id }] of rules.entries()) {
    for (const [example, each] of (examples.get(id)?.bad ?? []).entries())
      measurements.push({ rule: id, example, on, version, outcome: await measureExample(id, each, open) });
    if (at % 20 === 19) console.log(`${on}: ${at + 1} of ${rules.length} rules`);
  }
}

async function onServer(major: keyof typeof VERSIONS): Promise<void> {
  const server = await startServer(major);
  try {
    await measureAll(major, server.version, server.open);
  } finally {
    await server.close();
  }
}

async function onPGlite(): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'airlock-measure-'));
  try {
    await buildChamber(folder);
    let version = '';
    await measureAll('PGlite', '', async (furnishing) => {
      const opened = await openShadow({
        wanted: { ...DEFAULTS.shadow, kind: 'embedded' },
        program: join(folder, 'chamber.js'),
        furnishing,
        env: {},
      });
      if (opened.ok) version = opened.shadow.session.server.text;
      return opened;
    });
    for (const each of measurements) if (each.on === 'PGlite') each.version = version;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

await Promise.all([onServer('15').then(() => onServer('16')), onServer('17').then(() => onServer('18'))]);
await onPGlite();

const document = measuredDocument(measurements, wanted.size === 0 ? undefined : readMeasured());
await writeFile(DOCUMENT, documentText(document));
await writeFile(DATA, dataModule(document));
const wrong = wrongClaims(document);
for (const each of wrong) console.error(each);
console.log(`${measurements.length} runs of ${rules.length} rules, ${wrong.length} claims that are wrong`);
process.exit(wrong.length > 0 ? 1 : 0);
