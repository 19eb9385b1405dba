import { closeSync, existsSync, openSync, writeSync } from 'node:fs';
import { resolve } from 'node:path';
import { messageOf } from '../../base/error-message.ts';
import { onOneLine } from '../../base/escape-for-display.ts';
import { commandLine } from '../start-command.ts';
import type { FoundEvidence } from './chain-checker.ts';

/**
 * Keeps evidence in a file of the working directory, for its owner alone until that person shows it to others. Returns what to tell the person, as
 * a printable sentence. No file is ever written over.
 */
export function keepEvidence({ chainId, index, text }: FoundEvidence): string {
  const name = `sortition-evidence-${chainId.slice(0, 8)}-${index}.json`;
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
