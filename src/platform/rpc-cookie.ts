import { randomBytes } from 'node:crypto';
import { rmSync, writeFileSync } from 'node:fs';

/** The user name of the cookie: the holder of the file needs no other name. */
const user = '__cookie__';

/**
 * The file with which programs of the same user authenticate at POST /rpc (SPEC 9): `__cookie__:` and random hex digits, new at each start, for
 * nobody else to read. One that a killed server left is replaced; it opens nothing any more. A power cut may take it, and then there is no server either.
 */
export class RpcCookie {
  readonly #file: string | undefined;
  readonly #text: string;
  #isWritten = false;

  /**
   * @param file undefined to tell it to this process alone
   * @param randomBytesCount how many random bytes it has
   */
  constructor(file: string | undefined, randomBytesCount: number) {
    this.#file = file;
    this.#text = `${user}:${randomBytes(randomBytesCount).toString('hex')}`;
  }

  /** User name and password, separated by a colon; undefined until they are written. */
  get credentials(): string | undefined {
    return this.#isWritten ? this.#text : undefined;
  }

  /** Writes the file. Throws the system's error. */
  write(): void {
    if (this.#file !== undefined) {
      rmSync(this.#file, { force: true });
      // A new file from the start: the mode of one that is there would stay.
      writeFileSync(this.#file, `${this.#text}\n`, { mode: 0o600, flag: 'wx' });
    }
    this.#isWritten = true;
  }

  /** Removes the file, if it was written. Where that fails, what stays in it opens nothing at the next start. */
  remove(): void {
    if (!this.#isWritten) return;
    this.#isWritten = false;
    if (this.#file === undefined) return;
    try {
      rmSync(this.#file, { force: true });
    } catch {
      // The directory is gone, or not writable any more.
    }
  }
}
