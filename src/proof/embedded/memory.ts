import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';

/** Bytes of a process that stand in memory; undefined where that cannot be known (Windows), or it has ended. */
export async function residentMemory(pid: number): Promise<number | undefined> {
  const kilobytes = process.platform === 'linux' ? await fromProc(pid) : await fromPs(pid);
  return kilobytes === undefined || !Number.isFinite(kilobytes) ? undefined : kilobytes * 1024;
}

/** VmRSS, in kB whatever the page size is (proc_pid_status). */
async function fromProc(pid: number): Promise<number | undefined> {
  try {
    const found = /^VmRSS:\s*(\d+) kB$/m.exec(await readFile(`/proc/${pid}/status`, 'latin1'));
    return found ? Number(found[1]) : undefined;
  } catch (error) {
    // It has just ended, which `exit` is going to say.
    if (error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ESRCH'))
      return undefined;
    throw error;
  }
}

/** macOS and the BSDs have no /proc. */
async function fromPs(pid: number): Promise<number | undefined> {
  if (process.platform === 'win32') return undefined;
  try {
    const { stdout } = await promisify(execFile)('/bin/ps', ['-o', 'rss=', '-p', String(pid)], { env: {} });
    return Number.parseInt(stdout, 10);
  } catch {
    // ps fails for a process that has ended.
    return undefined;
  }
}
