import { existsSync, realpathSync, statSync } from 'node:fs';

/** A file that is to be replaced as a whole. */
export interface ReplaceableFile {
  readonly path: string;
  readonly mode: number;
}

/**
 * The file that a name on the command line stands for, when it can be replaced as a whole: it does not exist yet, or is an ordinary file.
 * Links are followed. Undefined for a pipe, a terminal or a device, which are written to as they are.
 */
export function replaceableFile(name: string): ReplaceableFile | undefined {
  if (!existsSync(name)) return { path: name, mode: 0o666 };
  const path = realpathSync(name);
  const status = statSync(path);
  return status.isFile() ? { path, mode: status.mode & 0o777 } : undefined;
}
