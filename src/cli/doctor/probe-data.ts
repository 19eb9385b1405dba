import {
  accessSync,
  closeSync,
  constants,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  rmdirSync,
  rmSync,
  statfsSync,
  statSync,
  writeSync,
} from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { isHash } from '../../core/hash.ts';
import { limits } from '../../core/limits.ts';
import { messageOf } from '../../core/words.ts';
import { lockOwner } from '../proc.ts';
import type { DataFacts, DiskFacts, SecretFacts } from './data.ts';

/** Linux: the number of tmpfs and of ramfs in statfs(2). */
const memoryFileSystems = [0x01021994, 0x858458f6];

/** Looks at DATA_DIR without opening the store: opening it would write to it. */
export function probeData(directory: string): DataFacts {
  const lockFile = join(directory, 'chain', 'LOCK');
  return {
    directory,
    state: stateOf(directory),
    hasChain: existsSync(join(directory, 'chain', 'CURRENT')),
    lockedBy: lockOwner(lockFile),
    secret: probeSecret(join(directory, 'master-secret')),
  };
}

/** Times some syncs and looks for space where DATA_DIR is, or will be. The file it writes is gone when it returns. */
export function probeDisk(directory: string): DiskFacts {
  const place = nearestDirectory(directory);
  let freeBytes: number | undefined;
  let isInMemory = false;
  try {
    const { type, bavail, bsize } = statfsSync(place);
    freeBytes = bavail * bsize;
    isInMemory = process.platform === 'linux' && memoryFileSystems.includes(type);
  } catch {
    // What the system does not say is not known.
  }
  try {
    return { syncsMs: timeSyncs(join(place, `.sortition-doctor-${process.pid}`)), freeBytes, isInMemory };
  } catch (error) {
    return { syncsMs: messageOf(error), freeBytes, isInMemory };
  }
}

function stateOf(directory: string): DataFacts['state'] {
  const mayWrite = constants.W_OK | constants.X_OK;
  if (!existsSync(directory)) return isMakeable(nearestDirectory(directory)) ? 'missing' : 'unmakeable';
  if (!statSync(directory).isDirectory()) return 'no directory';
  const store = join(directory, 'chain');
  const places = existsSync(store) ? [directory, store] : [directory];
  return places.every((place) => isAllowed(place, mayWrite | constants.R_OK)) ? 'writable' : 'not writable';
}

function probeSecret(file: string): SecretFacts {
  if (!existsSync(file)) return { state: 'missing', isOpen: false };
  try {
    const isWhole = isHash(readFileSync(file, 'utf8').trim());
    // Windows has no such modes.
    const isOpen = process.platform !== 'win32' && (statSync(file).mode & 0o077) !== 0;
    return { state: isWhole ? 'whole' : 'damaged', isOpen };
  } catch {
    return { state: 'unreadable', isOpen: false };
  }
}

function timeSyncs(file: string): readonly number[] {
  const descriptor = openSync(file, 'wx', 0o600);
  try {
    // Whatever happens to this process, the file will not stay. Windows keeps it until it is closed.
    if (process.platform !== 'win32') rmSync(file);
    const times: number[] = [];
    for (let count = 0; count < limits.probedSyncs; count++) {
      const beginMs = performance.now();
      writeSync(descriptor, 'x'.repeat(limits.probedSyncBytes));
      fsyncSync(descriptor);
      times.push(performance.now() - beginMs);
    }
    return times;
  } finally {
    closeSync(descriptor);
    rmSync(file, { force: true });
  }
}

function nearestDirectory(directory: string): string {
  const place = resolve(directory);
  if (existsSync(place) && statSync(place).isDirectory()) return place;
  return dirname(place) === place ? place : nearestDirectory(dirname(place));
}

/** Permissions do not tell: nothing can be made in /proc, or on what is read-only. */
function isMakeable(parent: string): boolean {
  const trial = join(parent, `.sortition-doctor-${process.pid}`);
  try {
    mkdirSync(trial);
    rmdirSync(trial);
    return true;
  } catch {
    return false;
  }
}

function isAllowed(place: string, mode: number): boolean {
  try {
    accessSync(place, mode);
    return true;
  } catch {
    return false;
  }
}
