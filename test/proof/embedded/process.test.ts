import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { networkInterfaces, tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { build } from 'esbuild';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ConnectionLost } from '../../../src/engine/connection.ts';
import { launch, nodeTooOld } from '../../../src/proof/embedded/launch.ts';
import { openEmbedded } from '../../../src/proof/embedded/open.ts';

const run = promisify(execFile);

let folder: string;
let secret: string;
let server: Server;
let port: number;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'airlock-process-'));
  secret = join(mkdtempSync(join(tmpdir(), 'airlock-secret-')), 'secret.txt');
  writeFileSync(secret, 'secret');
  await build({
    entryPoints: ['broken-out', 'outside'].map((name) => `test/proof/embedded/programs/${name}.ts`),
    outdir: folder,
    outExtension: { '.js': '.mjs' },
    bundle: true,
    format: 'esm',
    platform: 'node',
    logLevel: 'error',
  });
  server = createServer((socket) => socket.end());
  await new Promise<void>((resolve) => server.listen(0, '0.0.0.0', resolve));
  const address = server.address();
  port = typeof address === 'object' && address ? address.port : 0;
});
afterAll(() => {
  server.close();
  rmSync(folder, { recursive: true, force: true });
  rmSync(join(secret, '..'), { recursive: true, force: true });
});

/** An address of this machine that a process without a network cannot reach, not even as its own. */
function host(): string {
  const all = Object.values(networkInterfaces()).flatMap((addresses) => addresses ?? []);
  return all.find(({ family, internal }) => family === 'IPv4' && !internal)?.address ?? '127.0.0.1';
}

/** Runs a test program as a chamber is run; what it tells of each of its tries. */
async function told(program: string): Promise<Record<string, string>> {
  const started = launch(join(folder, program));
  const words = [...started.arguments, String(port), host(), secret];
  const { stdout } = await run(started.command, words, { env: {} });
  return JSON.parse(stdout) as Record<string, string>;
}

describe("the chamber's process", () => {
  it('may do nothing to the machine, whatever runs in it', async () => {
    const { connect, ...ends } = await told('outside.mjs');
    expect(new Set(Object.values(ends))).toEqual(new Set(['refused']));
    expect(Object.keys(ends)).toHaveLength(7);
    const { withoutNetwork } = launch(join(folder, 'outside.mjs'));
    if (!withoutNetwork)
      console.warn('No network namespaces here: that a chamber cannot connect is not shown.');
    expect(connect).toBe(withoutNetwork ? 'refused' : 'connected');
  });

  it('leaves nothing of Node to a stranger who runs JavaScript in it', async () => {
    const ends = await told('broken-out.mjs');
    expect(Object.entries(ends).filter(([, end]) => end !== 'refused')).toEqual([]);
    expect(Object.keys(ends)).toHaveLength(15);
  });

  it('does not start where it is not locked', async () => {
    const unlocked = run(process.execPath, [join(folder, 'broken-out.mjs')], { env: {} });
    await expect(unlocked).rejects.toThrow('The chamber is not locked: code from strings, everything');
    const halfLocked = run(
      process.execPath,
      ['--disallow-code-generation-from-strings', join(folder, 'broken-out.mjs')],
      { env: {} },
    );
    await expect(halfLocked).rejects.toThrow('The chamber is not locked: everything');
  });
});

/** Opens a chamber whose program is this text: what a process says that was taken over. */
async function openRogue(name: string, javaScript: string, mostMemory = 2e9): Promise<unknown> {
  const program = join(folder, `${name}.mjs`);
  writeFileSync(
    program,
    `import { writeSync } from 'node:fs';
const frame = (text, bytes = 0) => { const body = Buffer.from(text); const head = Buffer.alloc(8); head.writeUInt32LE(body.length, 0); head.writeUInt32LE(bytes, 4); writeSync(1, Buffer.concat([head, body])); };
process.stdin.on('data', () => { ${javaScript} });
`,
  );
  return openEmbedded({ program, base: program, extensions: [], longestRequest: 2000, mostMemory }).catch(
    (error: unknown) => error,
  );
}

describe('a chamber that was taken over', () => {
  it.each([
    ['answers what nobody asked', `frame('{"id":99,"ran":[]}')`],
    ['answers twice', `frame('{"id":1,"ran":[]}'); frame('{"id":1,"ran":[]}')`],
    ['says what is no JSON', `frame('{"id":')`],
    ['says what is no answer', `frame('{"id":1,"ran":[],"extra":1}')`],
    ['gives values that are no texts', `frame('{"id":1,"ran":[{"command":"","rows":[{"a":{"b":1}}]}]}')`],
    ['writes what is no frame', `writeSync(1, Buffer.from('NODE_HANDLE'.repeat(100)))`],
    ['announces an answer without an end', `frame('{"id":1,"ran":[]}', 0xffffffff)`],
  ])('%s, and is dropped', async (name, javaScript) => {
    const error = await openRogue(name.replaceAll(' ', '-'), javaScript);
    expect(error).toBeInstanceOf(ConnectionLost);
    expect(error).toMatchObject({ because: 'untruthful' });
  });

  it('ends while it is asked, and says so', async () => {
    const error = await openRogue('ends', 'process.exit(3)');
    expect(error).toMatchObject({ because: 'ended', message: 'The chamber ended by itself (code 3).' });
  });

  it('takes memory and is killed', async () => {
    const error = await openRogue('memory', 'globalThis.kept = Buffer.alloc(500e6, 1)', 200e6);
    expect(error).toMatchObject({ because: 'memory' });
  });
});

describe('Node', () => {
  it.each(['18.20.0', '20.19.5', '22.14.0', '23.7.0'])(
    '%s cannot open a chamber, which is said',
    (version) => {
      expect(nodeTooOld(version)).toBe(
        `The embedded shadow database needs Node 22.15 or newer, and this is Node ${version}.`,
      );
    },
  );

  it.each(['22.15.0', '22.21.1', '23.8.0', '24.0.0', '26.1.0'])('%s can', (version) => {
    expect(nodeTooOld(version)).toBeUndefined();
  });
});
