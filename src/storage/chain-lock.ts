import { accessSync, constants, existsSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ClassicLevel } from 'classic-level';

/**
 * Whether a process has the database in `chain` open, as LevelDB's own lock tells: that goes with the process, however it ended.
 * Undefined where this user may not ask. Nothing in the directory changes, and whatever is damaged in it does not matter.
 */
export async function isLocked(chain: string): Promise<boolean | undefined> {
  const workplace = mkdtempSync(join(tmpdir(), 'sortition-'));
  try {
    if (!shareLock(chain, workplace)) return existsSync(join(chain, 'LOCK')) ? undefined : false;
    // There is nothing to open, but LevelDB takes the lock before it looks.
    await new ClassicLevel(workplace, { createIfMissing: false }).open();
    return false;
  } catch (error) {
    return isLockError(error);
  } finally {
    rmSync(workplace, { recursive: true, force: true });
  }
}

/** Lets a database that will be opened in `workplace` need the lock of the one in `chain`; false where this user may not have that. */
export function shareLock(chain: string, workplace: string): boolean {
  const lock = join(chain, 'LOCK');
  try {
    // LevelDB opens its lock for writing.
    accessSync(lock, constants.W_OK);
    symlinkSync(lock, join(workplace, 'LOCK'));
    return true;
  } catch {
    return false;
  }
}

/** True for what opening a database throws while another process has it. */
export function isLockError(error: unknown): boolean {
  const cause = error instanceof Error ? error.cause : undefined;
  return cause instanceof Error && 'code' in cause && cause.code === 'LEVEL_LOCKED';
}
