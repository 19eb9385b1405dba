import { readdirSync, readFileSync, readlinkSync, statSync } from 'node:fs';
import { escapeForDisplay } from '../base/escape-for-display.ts';

// Facts that Linux reports in /proc. Elsewhere, and where this user may not read them, they are undefined.

/** A process of this machine. Its name is escaped for display. */
export interface ProcessFacts {
  readonly pid: number;
  readonly name: string;
}

/** A process as messages name it: `process 1234 (node)`. */
export function processText({ pid, name }: ProcessFacts): string {
  return `process ${pid} (${name})`;
}

/**
 * The process that holds a lock on a file (proc_locks(5)). It is found by the inode alone, because on some file systems the device differs from
 * that of stat. Not positive when the process has no number here, as in another container.
 */
export function lockOwner(file: string): number | undefined {
  try {
    const { ino } = statSync(file);
    for (const line of readFileSync('/proc/locks', 'utf8').split('\n')) {
      const [, pid, inode] =
        /^\d+: (?:POSIX|OFDLCK|FLOCK)\s+\S+\s+WRITE\s+(-?\d+)\s+[0-9a-f]+:[0-9a-f]+:(\d+)\s/.exec(line) ?? [];
      if (inode === String(ino)) return Number(pid);
    }
  } catch {
    // Not Linux, or no such file.
  }
  return undefined;
}

/** The process that listens on a TCP port of this machine (proc_net(5): state 0A is listening). */
export function portOwner(port: number): ProcessFacts | undefined {
  const sockets = new Set<string>();
  for (const table of ['/proc/net/tcp', '/proc/net/tcp6']) {
    for (const line of lines(table)) {
      const [, local = '', , state, , , , , , inode] = line.trim().split(/\s+/);
      const isHere = Number.parseInt(local.split(':')[1] ?? '', 16) === port;
      if (isHere && state === '0A' && inode !== undefined) sockets.add(`socket:[${inode}]`);
    }
  }
  if (sockets.size === 0) return undefined;
  const pid = entries('/proc')
    .filter((name) => /^[0-9]+$/.test(name))
    .find((name) =>
      entries(`/proc/${name}/fd`).some((descriptor) => sockets.has(target(`/proc/${name}/fd/${descriptor}`))),
    );
  return pid === undefined
    ? undefined
    : { pid: Number(pid), name: escapeForDisplay(lines(`/proc/${pid}/comm`)[0] ?? '') };
}

function lines(file: string): readonly string[] {
  try {
    return readFileSync(file, 'latin1').split('\n');
  } catch {
    return [];
  }
}

function entries(directory: string): readonly string[] {
  try {
    return readdirSync(directory);
  } catch {
    return [];
  }
}

function target(link: string): string {
  try {
    return readlinkSync(link);
  } catch {
    return '';
  }
}
