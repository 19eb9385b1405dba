import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/**
 * Vectors and worked chains that are no part of this repository: the folder that SORTITION_SHARED names, or `shared` beside the clone. Undefined
 * where there is none; tests that want it are skipped then, and say so.
 */
export const sharedFolder: string | undefined = [
  process.env['SORTITION_SHARED'],
  fileURLToPath(new URL('../../shared', import.meta.url)),
].find((folder) => folder !== undefined && existsSync(join(folder, 'examples')));

/** Stands in the name of a test that cannot run without the folder. */
export const sharedWord: string = sharedFolder === undefined ? '(skipped: no folder shared beside this clone) ' : '';

/** The text of a file of that folder; '' where there is none. */
export function readSharedText(path: string): string {
  return sharedFolder === undefined ? '' : readFileSync(join(sharedFolder, path), 'utf8');
}
