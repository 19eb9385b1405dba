import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Where root may: mounts, networks and processes of their own, which the kernel takes away with the last process. */
const unshare = ['unshare', '--mount', '--net', '--pid', '--fork', '--kill-child', '--mount-proc'];

/** `ip netns` keeps its names in a directory, which is to be one of ours, too. */
const furnish = 'ip link set lo up && mkdir -p /run/netns && mount -t tmpfs none /run/netns && exec "$@"';

/**
 * Runs a command such that nothing of it is left behind, whatever ends it: no process that it started, no mount, no network, and no file below TMPDIR.
 * Resolves with its exit code, and with 130 when `stopping` was aborted, which ends it at once.
 */
export async function runEnclosed(command: readonly string[], stopping: AbortSignal): Promise<number> {
  const directory = mkdtempSync(join(tmpdir(), 'sortition-torture-'));
  try {
    const [file = '', ...words] = canUnshare() ? [...unshare, 'sh', '-c', furnish, 'sh', ...command] : command;
    return await runGroup(file, words, directory, stopping);
  } finally {
    // A process that was killed may end a moment later, in the middle of a write.
    rmSync(directory, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
  }
}

function runGroup(file: string, words: readonly string[], directory: string, stopping: AbortSignal): Promise<number> {
  // A group of processes of its own: a Ctrl-C in the terminal is for us alone, and one signal ends them all.
  const child = spawn(file, words, { stdio: 'inherit', detached: true, env: { ...process.env, TMPDIR: directory } });
  const end = (): void => {
    try {
      if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
    } catch {
      // They have ended by themselves.
    }
  };
  stopping.addEventListener('abort', end, { once: true });
  if (stopping.aborted) end();
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code) => {
      stopping.removeEventListener('abort', end);
      // What it has started and not waited for.
      end();
      resolve(stopping.aborted ? 130 : (code ?? 1));
    });
  });
}

function canUnshare(): boolean {
  const [file = '', ...words] = [...unshare, 'sh', '-c', furnish, 'sh', 'true'];
  return process.platform === 'linux' && spawnSync(file, words, { stdio: 'ignore' }).status === 0;
}
