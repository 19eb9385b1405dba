import { closeSync, fsyncSync, openSync, renameSync, rmSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';

/** The calls of node:fs that a durable write consists of. Tests put a file system in their place that loses what was not synced. */
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
 * Writes a small file so that its name never stands for half of it: whatever happens, a reader finds what was there before or the whole of
 * `text`. When this returns, the file survives a power cut. Throws the system's error otherwise; a full disk leaves no draft behind.
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

/** The name under which a file is written before it is whole. */
export function draftOf(file: string): string {
  return `${file}.new`;
}

/** Gives a draft that is written and synced its name, durably. */
export function publishDraft(file: string, calls: FileCalls = fileCalls): void {
  calls.renameSync(draftOf(file), file);
  syncDirectory(dirname(file), calls);
}

/** Makes the names in a directory survive a power cut: a file that is synced may still have none. */
export function syncDirectory(directory: string, calls: FileCalls = fileCalls): void {
  withSynced(calls, calls.openSync(directory, 'r'), () => undefined);
}

/** A nearly full disk may take only a part. */
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
