import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type PostgresServer, startPostgres } from '../../postgres/server.ts';
import { type Ended, run } from '../cli/run-cli.ts';
import { BOOKS, FAILS, openScene, type Scene } from '../database/scene.ts';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));

let server: PostgresServer;
beforeAll(async () => {
  server = await startPostgres();
});
afterAll(() => server.stop());

/** A checkout in which the package is installed, and a program that uses it. */
async function sceneWith(
  program: string,
  files: Readonly<Record<string, string>> = BOOKS,
): Promise<Scene & { start(env?: Readonly<Record<string, string>>): Promise<Ended> }> {
  const scene = await openScene(server.connectionString, {
    ...files,
    'package.json': '{ "type": "module" }',
    'program.ts': program,
  });
  mkdirSync(join(scene.folder, 'node_modules'));
  symlinkSync(ROOT, join(scene.folder, 'node_modules/pg-airlock'));
  return {
    ...scene,
    start: (env = {}) =>
      run(process.execPath, [join(scene.folder, 'program.ts')], {
        cwd: scene.folder,
        env: { DATABASE_URL: scene.url, ...env },
      }),
  };
}

/** As the guide writes it. */
const LISTENING = `import { createEngine, metricsCollector } from 'pg-airlock';

metricsCollector.on('migration:complete', ({ results, duration }) => {
  console.log('complete', results[0]?.status, results[0]?.name, results.length, duration > 0);
});
metricsCollector.on('migration:failed', ({ error, migration }) => {
  console.log('failed', error.message, migration.name);
});

const engine = createEngine();
`;

/** As a strict program that uses the package. */
function compile(folder: string): Promise<Ended> {
  const settings = {
    noEmit: true,
    strict: true,
    module: 'nodenext',
    target: 'es2023',
    skipLibCheck: false,
    types: ['node'],
    typeRoots: [join(ROOT, 'node_modules/@types')],
  };
  writeFileSync(
    join(folder, 'tsconfig.json'),
    JSON.stringify({ compilerOptions: settings, files: ['program.ts'] }),
  );
  return run(join(ROOT, 'node_modules/.bin/tsc'), ['-p', '.'], { cwd: folder });
}

/** The first program of docs/library.md. */
function documented(): string {
  const page = readFileSync(join(ROOT, 'docs/library.md'), 'utf8');
  const program = /^```ts\n([\s\S]*?)^```/m.exec(page)?.[1];
  if (program === undefined) throw new Error('docs/library.md has no program');
  return program;
}

describe.concurrent('the library', () => {
  it('does what its page says', async () => {
    const { start, folder, write } = await sceneWith(documented());
    write('migration.config.yml', 'directory: migrations\nenvironments:\n  staging: {}\n');
    const good = await start();
    expect(good.code, good.err).toBe(0);
    expect(good.out).toMatch(/^2 in \d+ ms, the first: applied create_books\n$/);
    write('migrations/20260103120000_fail.sql', FAILS);
    const bad = await start();
    expect(bad.err).toContain('fail failed: division by zero (22012)');
    expect(bad.err).toContain(
      'exit code 3: migration-failed correct the file, then airlock up --env staging again',
    );
    expect((await compile(folder)).out).toBe('');
  });

  it('tells listeners of a run that came to its end', async () => {
    const { start } = await sceneWith(
      `${LISTENING}const { ok, exitCode, result } = await engine.up();\nconsole.log(ok, exitCode, result.reasonCode, result.applied);\n`,
    );
    const { code, out, err } = await start();
    expect(code, err).toBe(0);
    expect(out).toBe(
      "complete applied create_books 2 true\ntrue 0 applied [ '20260101120000', '20260102120000' ]\n",
    );
  });

  it('tells listeners of a migration that fails, and gives the failure back as a value', async () => {
    const { start } = await sceneWith(
      `${LISTENING}const { ok, exitCode, result, messages } = await engine.up();\nconsole.log(ok, exitCode, result.failed, messages.at(-1));\n`,
      { ...BOOKS, 'migrations/20260103120000_fail.sql': FAILS },
    );
    const { code, out, err } = await start();
    expect(code, err).toBe(0);
    expect(out).toContain('failed division by zero (22012)');
    expect(out).toContain(' fail\n');
    expect(out).toContain('false 3 20260103120000 ');
    expect(out).not.toContain('complete');
  });

  it('is not harmed by listeners that throw, at once or later', async () => {
    const scene =
      await sceneWith(`${LISTENING}for (const name of ['run:start', 'migration:start', 'migration:statement', 'migration:end', 'migration:complete'] as const) {
  metricsCollector.on(name, () => { throw new Error('thrown in ' + name); });
  metricsCollector.on(name, async () => { throw new Error('rejected in ' + name); });
}
metricsCollector.on('migration:complete', () => console.log('told all the same'));
console.log((await engine.up()).exitCode);
`);
    const { code, out, err } = await scene.start();
    expect(code, err).toBe(0);
    expect(out).toContain('told all the same\n0\n');
    expect(err).toContain('a listener of migration:statement failed: thrown in migration:statement');
    expect(err).toContain('a listener of migration:complete failed: rejected in migration:complete');
    expect(await scene.column('SELECT status FROM _migration_history')).toEqual(['applied', 'applied']);
  });

  it('plans, looks, and takes back', async () => {
    const { start } =
      await sceneWith(`${LISTENING}const told = async (ended: Promise<{ exitCode: number; result: { reasonCode: string } }>) => {
  const { exitCode, result } = await ended;
  console.log(exitCode, result.reasonCode);
};
console.log((await engine.plan({ steps: 1 })).result.plan?.migrations.length);
await told(engine.up({ dryRun: true }));
await told(engine.up({ steps: 1 }));
await told(engine.up({ target: '20260102120000' }));
await told(engine.status());
await told(engine.health());
await told(engine.verify());
await told(engine.down({ steps: 2 }));
await told(engine.analyze('--force'));
await told(createEngine({ environment: 'nowhere', databaseUrl: 'postgres://a:b@127.0.0.1:1/x' }).status());
`);
    const { code, out, err } = await start();
    expect(code, err).toBe(0);
    expect(out.split('\n').filter(Boolean)).toEqual([
      '1',
      '0 planned',
      'complete applied create_books 1 true',
      '0 applied',
      'complete applied add_title 1 true',
      '0 applied',
      '0 clean',
      '0 clean',
      '0 clean',
      'complete rolled-back add_title 2 true',
      '0 rolled-back',
      '2 usage',
      '7 database-unreachable',
    ]);
  });

  it('stops where its signal says so', async () => {
    const { start, column } = await sceneWith(
      `${LISTENING}const controller = new AbortController();
metricsCollector.on('migration:end', () => controller.abort());
const { exitCode, result } = await createEngine({ signal: controller.signal }).up();
console.log(exitCode, result.reasonCode, result.pending);
`,
    );
    const { out, err } = await start();
    expect(out, err).toContain("130 interrupted [ '20260102120000' ]");
    expect(out).toContain('failed interrupted. add_title');
    expect(await column('SELECT migration_id FROM _migration_history')).toEqual(['20260101120000']);
  });

  it('has types that a strict program compiles with', async () => {
    const { folder, write } = await sceneWith(LISTENING);
    const good = await compile(folder);
    expect(good.code, good.out).toBe(0);
    write('program.ts', `${LISTENING}metricsCollector.on('migration:finished', () => 1);\n`);
    const bad = await compile(folder);
    expect(bad.code).not.toBe(0);
    expect(bad.out).toContain('\'"migration:finished"\'');
  });
});

interface Metric {
  readonly name: string;
  readonly sum?: {
    readonly dataPoints: readonly { readonly asDouble: number; readonly attributes: unknown }[];
  };
  readonly histogram?: {
    readonly dataPoints: readonly {
      readonly count: number;
      readonly sum: number;
      readonly attributes: unknown;
    }[];
  };
}

interface Received {
  readonly path: string | undefined;
  readonly metrics: readonly Metric[];
  readonly service: unknown;
}

/** Receives OTLP over HTTP, and answers as it is told. */
async function receiver(status = 200): Promise<{ url: string; received: Received[]; stop(): Promise<void> }> {
  const received: Received[] = [];
  const http = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => {
      const body = JSON.parse(Buffer.concat(parts).toString('utf8'));
      received.push({
        path: request.url,
        metrics: body.resourceMetrics[0].scopeMetrics[0].metrics,
        service: body.resourceMetrics[0].resource.attributes,
      });
      response.writeHead(status, { 'content-type': 'application/json' }).end('{}');
    });
  });
  await new Promise<void>((done) => http.listen(0, '127.0.0.1', done));
  const address = http.address();
  if (!address || typeof address === 'string') throw new Error('the system gave no port');
  return {
    url: `http://127.0.0.1:${address.port}`,
    received,
    stop: () => new Promise((done) => http.close(() => done())),
  };
}

describe.concurrent('METRICS_ENDPOINT', () => {
  it('receives what a run did by OTLP over HTTP, from the command line', async () => {
    const { url, received, stop } = await receiver();
    const scene = await openScene(server.connectionString, BOOKS);
    const up = await scene.run(['up'], { METRICS_ENDPOINT: url });
    expect(up.code, up.err).toBe(0);
    expect(up.err).toBe('');
    await stop();
    expect(received).toHaveLength(1);
    const [{ path, metrics, service } = { path: '', metrics: [], service: [] }] = received;
    expect(path).toBe('/v1/metrics');
    expect(service).toContainEqual({ key: 'service.name', value: { stringValue: 'pg-airlock' } });
    const named = new Map(metrics.map((metric) => [metric.name, metric]));
    expect(named.get('airlock.migrations')?.sum?.dataPoints).toMatchObject([
      {
        asDouble: 2,
        attributes: expect.arrayContaining([{ key: 'airlock.status', value: { stringValue: 'applied' } }]),
      },
    ]);
    const took = named.get('airlock.migration.duration')?.histogram?.dataPoints;
    expect(took).toHaveLength(2);
    expect(took?.[0]).toMatchObject({
      count: 1,
      attributes: expect.arrayContaining([
        { key: 'airlock.migration.name', value: { stringValue: 'create_books' } },
      ]),
    });
    expect(took?.[0]?.sum).toBeGreaterThan(0);
    expect(took?.[0]?.sum).toBeLessThan(5);
    expect(named.get('airlock.runs')?.sum?.dataPoints).toMatchObject([
      {
        asDouble: 1,
        attributes: expect.arrayContaining([{ key: 'airlock.outcome', value: { stringValue: 'complete' } }]),
      },
    ]);
  });

  it('that refuses or is not there is named, and changes nothing', async () => {
    const { url, stop } = await receiver(400);
    const scene = await openScene(server.connectionString, BOOKS);
    const refused = await scene.run(['up', '--steps', '1'], { METRICS_ENDPOINT: `${url}/elsewhere` });
    await stop();
    expect(refused.code).toBe(0);
    expect(refused.err).toContain('warning: the metrics were not taken by METRICS_ENDPOINT: ');
    const absent = await scene.run(['up'], { METRICS_ENDPOINT: 'http://127.0.0.1:1' });
    expect(absent.code).toBe(0);
    expect(absent.err).toContain('warning: the metrics were not taken by METRICS_ENDPOINT: ');
    const none = await scene.run(['down'], { METRICS_ENDPOINT: 'metrics' });
    expect(none.code).toBe(0);
    expect(none.err).toContain('METRICS_ENDPOINT is no http or https address');
  });
});
