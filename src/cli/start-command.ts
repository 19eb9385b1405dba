import { relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { onOneLine } from '../base/escape-for-display.ts';

/**
 * What a person types in this directory to start the program: `node dist/main.js` in a clone. npx would do too, but takes seconds before it
 * starts Node at all.
 */
function programLine(directory: string = process.cwd()): string {
  const file = fileURLToPath(new URL('../../dist/main.js', import.meta.url));
  const near = relative(directory, file);
  // Node takes slashes on Windows, too, and there a shell would take a backslash away.
  const shorter = (near.length < file.length ? near : file).replaceAll('\\', '/');
  return `node ${quoted(shorter)}`;
}

/** What a person types for a command with these arguments. */
export function commandLine(...args: readonly string[]): string {
  return [programLine(), ...args.map(quoted)].join(' ');
}

/** The command that saves the undamaged part of a data directory. */
export function repairLine(directory: string): string {
  return commandLine('repair', directory, 'NEW-DIRECTORY');
}

/** What to do about damage, as the end of a message. */
export function cureText(repair: string): string {
  return `To keep what is whole: ${repair}`;
}

/** A word as a shell takes it for one, printable. */
export function quoted(word: string): string {
  return /^[\w./:,@%+-]+$/.test(word) ? word : `'${onOneLine(word).replaceAll("'", "'\\''")}'`;
}
