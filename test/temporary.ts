import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';

/** A new directory that is gone when the test is over, or whatever `atEnd` waits for. */
export function temporaryDirectory(atEnd: (remove: () => void | Promise<void>) => void = onTestFinished): string {
  const directory = mkdtempSync(join(tmpdir(), 'sortition-test-'));
  atEnd(() => rmSync(directory, { recursive: true, force: true }));
  return directory;
}
