import { closeSync, fsyncSync, openSync, renameSync, rmSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';

/** The calls of node:fs that a durable write consists of. Tests replace them by a file system that loses unsynced data. */
export interface FileCalls {
  openSync(path: string, flags: string | number, mode?: number): number;
  writeSync(descriptor: number, text: string, position?: number): number;
  fsyncSync(descriptor: number): void;
  closeSync(descriptor: number): void;
  renameSync(from: string, to: string): void;
  rmSync(path: string, options: { force: boolean }): void;
}

/** The file system of this machine. */
export const fileCalls: FileCalls = { openSync, writeSync, fsyncSync, closeSync, renameSync, rmSync };

/**
 * Replaces a small file atomically: a reader finds either the old content or the whole of `text`. When this returns, the file survives a power
 * cut. Throws the system's error when it fails; a full disk leaves no draft behind.
 */
export function writeWholeFile(file: string, text: string, mode: number, calls: FileCalls = fileCalls): void {
  const draft = draftOf(file);
  try {
    withSynced(calls, calls.openSync(draft, 'w', mode), (descriptor) => writeAll(calls, descriptor, text));
    publishDraft(file, calls);
  } catch (error) {
    calls.rmSync(draft, { force: true });
    throw error;
  }
}

/** The name under which a file is written before it is complete. */
export function draftOf(file: string): string {
  return `${file}.new`;
}

/** Renames a synced draft to its final name, durably. */
export function publishDraft(file: string, calls: FileCalls = fileCalls): void {
  calls.renameSync(draftOf(file), file);
  syncDirectory(dirname(file), calls);
}

/** Syncs the names in a directory. A synced file may still lose its name in a power cut. */
export function syncDirectory(directory: string, calls: FileCalls = fileCalls): void {
  withSynced(calls, calls.openSync(directory, 'r'), () => undefined);
}

/** Throws when only a part was written, as on a nearly full disk. */
function writeAll(calls: FileCalls, descriptor: number, text: string): void {
  if (calls.writeSync(descriptor, text) < Buffer.byteLength(text)) {
    throw new Error('no space left on device: only a part was written');
  }
}

function withSynced(calls: FileCalls, descriptor: number, write: (descriptor: number) => void): void {
  try {
    write(descriptor);
    calls.fsyncSync(descriptor);
  } finally {
    calls.closeSync(descriptor);
  }
}
