import { registerHooks } from 'node:module';

/**
 * Takes from this process what a stranger's SQL could want of it, should it ever come to run JavaScript here
 * (a library that SQL wrote and loads may carry some: EM_JS and EM_ASM of Emscripten's documentation).
 * What holds is how the process was started, which is checked; the rest is a second wall.
 */
export function deprive(): void {
  const open = stillAllowed();
  if (open.length > 0)
    throw new Error(`The chamber is not locked: ${open.join(', ')} would be possible in it.`);
  for (const name of GLOBALS) Reflect.deleteProperty(globalThis, name);
  for (const name of OF_PROCESS) refused(process, name);
  refused(globalThis, 'eval');
  Object.defineProperty(process, 'env', { value: Object.freeze({}), writable: false, configurable: false });
  // What the database writes to its console is nobody's business, and standard output carries the answers.
  for (const name of ['debug', 'error', 'info', 'log', 'trace', 'warn'] as const)
    console[name] = () => undefined;
}

/** From here on no module is loaded any more; the one exception gives random numbers, which are asked for late. */
export function seal(): void {
  registerHooks({
    resolve(specifier, context, next) {
      if (specifier === 'node:crypto') return next(specifier, context);
      throw new Error(`The chamber loads no modules: ${specifier}`);
    },
  });
}

function stillAllowed(): string[] {
  const open: string[] = [];
  try {
    new Function('return 1');
    open.push('code from strings');
  } catch (error) {
    if (!(error instanceof EvalError)) throw error;
  }
  const { permission } = process;
  if (permission === undefined) return [...open, 'everything'];
  for (const scope of ['fs.write', 'child', 'worker', 'addon', 'wasi'])
    if (permission.has(scope)) open.push(scope);
  if (permission.has('fs.read')) open.push('fs.read');
  return open;
}

/** What reaches other machines or other threads (globals of the Node.js documentation). */
const GLOBALS = [
  'BroadcastChannel',
  'EventSource',
  'MessageChannel',
  'WebSocket',
  'Worker',
  'fetch',
  'localStorage',
  'sessionStorage',
] as const;

/** Ways from `process` to modules, native code, other processes and the machine (process of the Node.js documentation). */
const OF_PROCESS = [
  '_debugProcess',
  '_kill',
  '_linkedBinding',
  'abort',
  'binding',
  'chdir',
  'dlopen',
  'execve',
  'getBuiltinModule',
  'kill',
  'loadEnvFile',
  'report',
] as const;

function refused(owner: object, name: string): void {
  Object.defineProperty(owner, name, {
    value: () => {
      throw new Error(`The chamber has no ${name}.`);
    },
    writable: false,
    configurable: false,
  });
}
