import { writeSync } from 'node:fs';
import { deprive, seal } from '../../../../src/proof/embedded/inside/deprive.ts';

/**
 * What a stranger could do who runs JavaScript in the chamber's process after all. Tells each try's end on standard
 * output: 'refused', or what came of it.
 */
deprive();
seal();
const port = Number(process.argv[2]);
const host = process.argv[3] ?? '';

const TRIES: Readonly<Record<string, () => unknown>> = {
  environment: () => {
    const names = Object.keys(process.env);
    if (names.length === 0) throw new Error('empty');
    return names;
  },
  'code from a string': () => Reflect.construct(Function, ['return 1'])(),
  'code from a string, by eval': () => {
    const indirect = Reflect.get(globalThis, 'eval') as (text: string) => unknown;
    return indirect('1');
  },
  'fs module': () => import('node:fs'.slice()),
  'net module': () => import('node:net'.slice()),
  'child_process module': () => import('node:child_process'.slice()),
  'worker_threads module': () => import('node:worker_threads'.slice()),
  'module module': () => import('node:module'.slice()),
  'built-in module': () => called('getBuiltinModule', 'node:net'),
  binding: () => called('binding', 'fs'),
  'linked binding': () => called('_linkedBinding', 'fs'),
  dlopen: () => called('dlopen', { exports: {} }, '/tmp/x.node'),
  kill: () => called('kill', process.ppid, 0),
  fetch: () => (Reflect.get(globalThis, 'fetch') as typeof fetch)(`http://${host}:${port}/`),
  WebSocket: () =>
    Reflect.construct(Reflect.get(globalThis, 'WebSocket') as never, [`ws://${host}:${port}/`]),
};

function called(method: string, ...values: readonly unknown[]): unknown {
  return (Reflect.get(process, method) as (...given: readonly unknown[]) => unknown).call(process, ...values);
}

const ends: Record<string, string> = {};
for (const [what, attempt] of Object.entries(TRIES))
  try {
    ends[what] = String(await attempt());
  } catch {
    ends[what] = 'refused';
  }
writeSync(1, JSON.stringify(ends));
process.exit();
