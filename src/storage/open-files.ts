import { statSync } from 'node:fs';
import { join } from 'node:path';
import { ChainError, StoreError } from '../node/ports.ts';
import { reason } from '../platform/disk-full.ts';

/** LevelDB creates LOCK once, and CURRENT, the list of its files, at each opening. Neither is replaced while the database is open. */
const names = ['LOCK', 'CURRENT'];

/**
 * The files of the database that this process has open. When the directory is removed or moved, writes to open files still succeed, because the
 * system keeps such files until they are closed. So the server has to check that a later start would find what it writes.
 */
export class OpenFiles {
  readonly #chain: string;
  readonly #identities: readonly string[];

  private constructor(chain: string, identities: readonly string[]) {
    this.#chain = chain;
    this.#identities = identities;
  }

  /** Records the identities of the files of a database that has just been opened in the directory `chain`. */
  static of(chain: string): OpenFiles {
    return new OpenFiles(chain, identitiesIn(chain));
  }

  /**
   * Throws a ChainError when the files were replaced or are gone, and a StoreError when that cannot be checked. It does not go through the
   * thread pool: the system has both inodes in memory and takes some microseconds, a detour through a thread a tenth of a millisecond for each block.
   */
  verify(): void {
    const identities = identitiesIn(this.#chain);
    if (identities.join() === this.#identities.join()) return;
    throw new ChainError(
      `${this.#chain} was removed, moved or replaced while the server ran, so no block can be kept there any more`,
    );
  }
}

function identitiesIn(chain: string): readonly string[] {
  return names.map((name) => identityOf(join(chain, name)));
}

function identityOf(file: string): string {
  try {
    const { dev, ino } = statSync(file, { bigint: true });
    return `${dev} ${ino}`;
  } catch (error) {
    if (error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR')) {
      return 'none';
    }
    throw new StoreError(`${file} cannot be looked at: ${reason(error)}`, { cause: error });
  }
}
