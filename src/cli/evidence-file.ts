import { closeSync, existsSync, openSync, writeSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { messageOf } from '../base/error-message.ts';
import { onOneLine } from '../base/escape-for-display.ts';
import { commandLine } from './start-command.ts';

/** What convicts an authority. */
export interface FoundEvidence {
  readonly chainId: string;
  readonly index: number;
  /** Of an evidence file, without its LF. */
  readonly text: string;
}

/**
 * Keeps evidence in a file of a directory, the working directory where none is said, for its owner alone until that person shows it to others. Returns what to tell the person, as
 * a printable sentence. No file is ever written over.
 */
export function keepEvidence({ chainId, index, text }: FoundEvidence, directory = ''): string {
  const name = join(directory, `sortition-evidence-${chainId.slice(0, 8)}-${index}.json`);
  const judge = `anybody can judge it: ${commandLine('verify', '--evidence', name)}`;
  if (existsSync(name)) return `Evidence against its authority lies in ${onOneLine(resolve(name))} already; ${judge}`;
  try {
    const file = openSync(name, 'wx', 0o600);
    try {
      writeSync(file, `${text}\n`);
    } finally {
      closeSync(file);
    }
  } catch (error) {
    return `Evidence against its authority could not be kept in ${onOneLine(resolve(name))}: ${onOneLine(messageOf(error))}`;
  }
  return `Evidence against its authority is in ${onOneLine(resolve(name))}; ${judge}`;
}
