import { spawnSync } from 'node:child_process';
import { dirname, sep } from 'node:path';

/** How a chamber's process is started. */
export interface Launch {
  readonly command: string;
  readonly arguments: readonly string[];
  /** Whether it has a network namespace of its own, in which there is nothing. */
  readonly withoutNetwork: boolean;
}

/** Why no chamber can be opened by this Node, or undefined. `version` as process.versions.node. */
export function nodeTooOld(version: string): string | undefined {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  // What is used of 22.15 (zstd, module hooks, --permission) came to the 23 line with 23.8.
  const enough = major > 23 || (major === 23 && minor >= 8) || (major === 22 && minor >= 15);
  return enough
    ? undefined
    : `The embedded shadow database needs Node 22.15 or newer, and this is Node ${version}.`;
}

/**
 * Node's permission model: the program's own folder may be read, and nothing else may be done
 * (Node.js documentation, "Permissions"); no code from strings; on Linux no network, and an end when the parent ends.
 */
export function launch(program: string): Launch {
  const around = process.platform === 'linux' ? linuxWrappers() : NO_WRAPPERS;
  const node = [
    process.execPath,
    '--permission',
    `--allow-fs-read=${dirname(program)}${sep}`,
    '--disallow-code-generation-from-strings',
    '--no-addons',
    // Megabytes of JavaScript's own heap; the database's memory is not in it.
    '--max-old-space-size=512',
    // The optimising compiler costs more than it brings in a process of seconds.
    '--liftoff-only',
    '--no-warnings',
    program,
  ];
  const [command = process.execPath, ...rest] = [...around.words, ...node];
  return { command, arguments: rest, withoutNetwork: around.withoutNetwork };
}

interface Wrappers {
  readonly words: readonly string[];
  readonly withoutNetwork: boolean;
}

const NO_WRAPPERS: Wrappers = { words: [], withoutNetwork: false };
let found: Wrappers | undefined;

/** Programs of util-linux that bind the next one; each only where it works without privileges. Tried once. */
function linuxWrappers(): Wrappers {
  if (found) return found;
  const network = NETWORKS.find(works);
  const others = OTHERS.filter(works);
  found = { words: [...(network ?? []), ...others.flat()], withoutNetwork: network !== undefined };
  return found;
}

function works([command, ...words]: readonly string[]): boolean {
  if (command === undefined) return false;
  return spawnSync(command, [...words, '/bin/true'], { env: {}, stdio: 'ignore' }).status === 0;
}

/** unshare(1): as root, or in a user namespace of one's own where the system lets everybody have one. */
const NETWORKS: readonly (readonly string[])[] = [
  ['/usr/bin/unshare', '--net', '--'],
  ['/usr/bin/unshare', '--map-root-user', '--net', '--'],
];

const OTHERS: readonly (readonly string[])[] = [
  // A statement without an end would go on after a parent that was killed.
  ['/usr/bin/setpriv', '--pdeathsig', 'KILL', '--'],
  // Seconds of processor time, bytes of files and of core dumps.
  ['/usr/bin/prlimit', '--cpu=3600', '--fsize=0', '--core=0', '--'],
];
