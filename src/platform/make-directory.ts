import { existsSync, mkdirSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { syncDirectory } from './whole-file.ts';

/**
 * Makes a directory, and those above it that are missing, durably; throws the system's error where that cannot be. One level after the other:
 * Node's own way to make several spins for ever below /proc, where nothing can be made in a directory that is there.
 */
export function makeDirectory(path: string): void {
  const place = resolve(path);
  if (existsSync(place)) return;
  makeDirectory(dirname(place));
  mkdirSync(place);
  syncDirectory(dirname(place));
}
