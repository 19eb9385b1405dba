import { existsSync, mkdirSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { syncDirectory } from './whole-file.ts';

/**
 * Makes a directory and its missing parents, durably. Throws the system's error when that fails. It makes one level after the other, because
 * Node's recursive mkdir loops for ever below /proc, where no directory can be made in an existing one. Each level that it makes gets `mode`, less
 * what the process's umask takes away.
 */
export function makeDirectory(path: string, mode: number = 0o777): void {
  const directory = resolve(path);
  if (existsSync(directory)) return;
  makeDirectory(dirname(directory), mode);
  mkdirSync(directory, { mode });
  syncDirectory(dirname(directory));
}
