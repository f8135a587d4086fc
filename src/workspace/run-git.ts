/** The environment as the door hands it in. */
export type GitEnvironment = Readonly<Record<string, string | undefined>>;

export interface GitRun {
  readonly root: string;
  readonly env: GitEnvironment;
  /** Milliseconds; default 10,000. */
  readonly timeout?: number | undefined;
  /** Bytes of output; default 64 MB. */
  readonly mostOutput?: number | undefined;
}

export type GitOutput =
  | { readonly ok: true; readonly stdout: Buffer }
  | {
      readonly ok: false;
      readonly kind: 'missing' | 'timeout' | 'too-large' | 'failed';
      readonly stderr: string;
    };

/**
 * Variables that git keeps. Everything else is dropped: GIT_DIR, GIT_WORK_TREE, GIT_INDEX_FILE and the like are
 * set inside hooks and would point at another repository or index, GIT_EXTERNAL_DIFF and GIT_TRACE* start programs
 * or write files, and secrets such as DATABASE_URL are none of git's business. Those of GIT_CONFIG_* stay, because
 * containers pass `safe.directory` that way (git-config, "ENVIRONMENT").
 */
const KEPT =
  /^(PATH|HOME|USERPROFILE|HOMEDRIVE|HOMEPATH|XDG_CONFIG_HOME|SYSTEMROOT|PATHEXT|TMPDIR|TEMP|TMP|GIT_CONFIG_(GLOBAL|SYSTEM|NOSYSTEM|COUNT|KEY_\d+|VALUE_\d+)|GIT_CEILING_DIRECTORIES|GIT_DISCOVERY_ACROSS_FILESYSTEM|GIT_EXEC_PATH)$/i;

/** Never a shell, never a pager, prompt, lock or hook; paths are taken literally. */
export async function runGit(
  args: readonly string[],
  { root, env, timeout, mostOutput }: GitRun,
): Promise<GitOutput> {
  // Loaded when git is asked, not when Airlock starts.
  const { execFile } = await import('node:child_process');
  const kept = Object.entries(env).filter(([name]) => KEPT.test(name));
  const options = {
    cwd: root,
    env: { ...Object.fromEntries(kept), LC_ALL: 'C', GIT_TERMINAL_PROMPT: '0', GIT_OPTIONAL_LOCKS: '0' },
    timeout: timeout ?? 10_000,
    killSignal: 'SIGKILL',
    maxBuffer: mostOutput ?? 64 * 1024 * 1024,
    encoding: 'buffer',
    windowsHide: true,
  } as const;
  const all = ['--no-pager', '--literal-pathspecs', '-c', 'core.fsmonitor=false', ...args];
  return new Promise((done) => {
    execFile('git', all, options, (error, stdout, stderr) => {
      if (!error) return done({ ok: true, stdout });
      const kind =
        error.code === 'ENOENT'
          ? 'missing'
          : error.code === 'ERR_CHILD_PROCESS_STDIO_MAXBUFFER'
            ? 'too-large'
            : error.killed
              ? 'timeout'
              : 'failed';
      done({ ok: false, kind, stderr: firstLine(stderr) });
    });
  });
}

/** For a message: one line, no control characters, and no password of a remote's address. */
function firstLine(stderr: Buffer): string {
  const line =
    stderr
      .toString('utf8')
      .split('\n')
      .find((text) => text.trim() !== '') ?? '';
  return line
    .replace(/\p{Cc}/gu, ' ')
    .replace(/:\/\/[^\s/@]*@/g, '://***@')
    .replace(/^fatal: /, '')
    .trim()
    .slice(0, 300);
}
