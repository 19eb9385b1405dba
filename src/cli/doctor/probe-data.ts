import { accessSync, constants, existsSync, mkdirSync, readFileSync, rmdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { isHash } from '../../core/hash.ts';
import { ChainError, UnreleasedError } from '../../node/ports.ts';
import { lockOwner } from '../../platform/process-info.ts';
import { ReadOnlyStore } from '../../storage/read-only-store.ts';
import type { DataFacts, SecretFacts } from './facts.ts';
import { nearestDirectory } from './probe-disk.ts';

/** Looks at DATA_DIR without opening the store, but a copy of it: opening it would write to it. */
export async function probeData(directory: string): Promise<DataFacts> {
  const lockFile = join(directory, 'chain', 'LOCK');
  return {
    directory,
    state: stateOf(directory),
    hasChain: ReadOnlyStore.isAt(directory),
    isUnreleased: await isUnreleased(directory),
    lockedBy: lockOwner(lockFile),
    secret: probeSecret(join(directory, 'master-secret')),
  };
}

/** Whether the chain is of a version that was never released. One that cannot be read is for `verify` to check. */
async function isUnreleased(directory: string): Promise<boolean> {
  if (!ReadOnlyStore.isAt(directory)) return false;
  try {
    await (await ReadOnlyStore.open(directory)).close();
    return false;
  } catch (error) {
    if (error instanceof ChainError) return error instanceof UnreleasedError;
    throw error;
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
