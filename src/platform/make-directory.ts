import { existsSync, mkdirSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { syncDirectory } from './whole-file.ts';

/**
 * Makes a directory and its missing parents, durably. Throws the system's error when that fails. It makes one level after the other, because
 * Node's recursive mkdir loops for ever below /proc, where no directory can be made in an existing one.
 */
export function makeDirectory(path: string): void {
  const directory = resolve(path);
  if (existsSync(directory)) return;
  makeDirectory(dirname(directory));
  mkdirSync(directory);
  syncDirectory(dirname(directory));
}
