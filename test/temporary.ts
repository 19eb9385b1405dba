import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';

/** Has something done at the end of a test, or of several that share it. */
export type AtEnd = (end: () => void | Promise<void>) => void;

/** A new directory that is gone when the test is over, or whatever `atEnd` waits for. */
export function temporaryDirectory(atEnd: AtEnd = onTestFinished): string {
  const directory = mkdtempSync(join(tmpdir(), 'sortition-test-'));
  atEnd(() => rmSync(directory, { recursive: true, force: true }));
  return directory;
}
