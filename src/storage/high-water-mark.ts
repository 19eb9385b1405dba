import { constants, readFileSync } from 'node:fs';
import { messageOf } from '../base/error-message.ts';
import { taggedHash } from '../core/hash.ts';
import { ChainError, DamageError } from '../node/ports.ts';
import { type FileCalls, fileCalls, writeWholeFile } from '../platform/whole-file.ts';

/** The last block that may have been announced. */
export interface Mark {
  readonly index: number;
  readonly hash: string;
}

/**
 * Remembers, beside the database, how far the chain had come. A damaged database may lose its newest records without a word (LevelDB ends its
 * recovery where a log stops making sense); with this mark a chain that has become shorter is noticed.
 *
 * The file is made whole and durable once (`create`). After that a mark is written over the one before and not synced: blocks are, and this is
 * the second line of defence. So a mark costs no wait for the disk. A crash of the process loses nothing of it. After a power cut the file
 * has an older mark, by at most the half minute after which a system writes back what was not synced: as a lower bound that is
 * still true. It never has half of one, because its size does not change and all of it lies in the first sector of the file, which a disk
 * writes as a whole.
 */
export class HighWaterMark {
  readonly #file: string;
  readonly #calls: FileCalls;

  constructor(file: string, calls: FileCalls = fileCalls) {
    this.#file = file;
    this.#calls = calls;
  }

  /** The mark, undefined when there is none. Throws a DamageError when the file is damaged. */
  read(): Mark | undefined {
    const text = this.#text();
    return text === undefined ? undefined : readMark(text, this.#file);
  }

  /** Makes the file with its first mark, whole and durable. Throws the system's error when that cannot be. */
  create(mark: Mark): void {
    writeWholeFile(this.#file, textOf(mark), 0o644, this.#calls);
  }

  /**
   * Sets the mark in a file that `create` has made; where that was removed, it is made again. A mark takes no more room than the one
   * before, so a full disk does not hinder it.
   */
  write(mark: Mark): void {
    const descriptor = this.#open();
    if (descriptor === undefined) {
      this.create(mark);
      return;
    }
    try {
      this.#calls.writeSync(descriptor, textOf(mark), 0);
    } finally {
      this.#calls.closeSync(descriptor);
    }
  }

  #open(): number | undefined {
    try {
      // Without O_CREAT: a file that is made in place is an empty one for a while.
      return this.#calls.openSync(this.#file, constants.O_WRONLY);
    } catch (error) {
      if (isMissing(error)) return undefined;
      throw error;
    }
  }

  #text(): string | undefined {
    try {
      return readFileSync(this.#file, 'latin1');
    } catch (error) {
      if (isMissing(error)) return undefined;
      throw new ChainError(`${this.#file} cannot be read: ${messageOf(error)}`);
    }
  }
}

/**
 * Reads the text of the file named `file`. Nothing, or nothing but zeros, is no mark: earlier versions made the file in place, and that is what
 * a power cut, a full disk or a kill left of it. Throws a DamageError for any other text without a mark.
 */
export function readMark(text: string, file: string): Mark | undefined {
  if (/^\0*$/.test(text)) return undefined;
  const marks = text.split('\n').flatMap((line) => readLine(line) ?? []);
  const [mark] = marks.sort((one, other) => other.index - one.index);
  if (mark === undefined) {
    throw new DamageError(`${file} is damaged, so it is not known whether the chain beside it is complete`);
  }
  return mark;
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}

/** Twice, so that one flipped bit does not part a whole chain from its mark. */
function textOf(mark: Mark): string {
  const line = lineOf(mark);
  return `${line}\n${line}\n`;
}

/** `<index> <hash> <checksum>`, the index in twelve digits. */
function lineOf({ index, hash }: Mark): string {
  const content = `${String(index).padStart(12, '0')} ${hash}`;
  return `${content} ${taggedHash('tip', content).slice(0, 8)}`;
}

function readLine(line: string): Mark | undefined {
  const [, index, hash] = /^(\d{12}) ([0-9a-f]{64}) [0-9a-f]{8}$/.exec(line) ?? [];
  if (index === undefined || hash === undefined) return undefined;
  const mark = { index: Number(index), hash };
  return lineOf(mark) === line ? mark : undefined;
}
