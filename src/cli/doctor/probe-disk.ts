import { closeSync, existsSync, fsyncSync, openSync, rmSync, statfsSync, statSync, writeSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { messageOf } from '../../base/error-message.ts';
import type { DiskFacts } from './facts.ts';
import { limits } from './limits.ts';

/** Linux: the number of tmpfs and of ramfs in statfs(2). */
const memoryFileSystems = [0x01021994, 0x858458f6];

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

/** The directory, or the nearest one above it that is there. */
export function nearestDirectory(directory: string): string {
  const place = resolve(directory);
  if (existsSync(place) && statSync(place).isDirectory()) return place;
  return dirname(place) === place ? place : nearestDirectory(dirname(place));
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
