import { accessSync, constants, existsSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ClassicLevel } from 'classic-level';

/**
 * Whether a process has the database in `chain` open, according to LevelDB's own lock, which the system releases however the process ends.
 * Undefined where this user may not test the lock. Nothing in the directory changes, and damaged files in it do not matter.
 */
export async function isLocked(chain: string): Promise<boolean | undefined> {
  const copy = mkdtempSync(join(tmpdir(), 'sortition-'));
  try {
    if (!shareLock(chain, copy)) return existsSync(join(chain, 'LOCK')) ? undefined : false;
    // There is no database to open, but LevelDB takes the lock before it finds that out.
    await new ClassicLevel(copy, { createIfMissing: false }).open();
    return false;
  } catch (error) {
    return isLockError(error);
  } finally {
    rmSync(copy, { recursive: true, force: true });
  }
}

/** Makes a database that will be opened in `copy` take the lock of the one in `chain`. Returns false where this user may not take that lock. */
export function shareLock(chain: string, copy: string): boolean {
  const lock = join(chain, 'LOCK');
  try {
    // LevelDB opens its lock for writing.
    accessSync(lock, constants.W_OK);
    symlinkSync(lock, join(copy, 'LOCK'));
    return true;
  } catch {
    return false;
  }
}

/** True for the error that opening a database throws while another process has it open. */
export function isLockError(error: unknown): boolean {
  const cause = error instanceof Error ? error.cause : undefined;
  return cause instanceof Error && 'code' in cause && cause.code === 'LEVEL_LOCKED';
}
