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
 * Records, next to the database, the last block of the chain. A damaged database may lose its newest records silently, because LevelDB ends its
 * recovery where a log stops making sense. The mark reveals that the chain has become shorter.
 *
 * The file is created durably once (`create`). After that a mark overwrites the one before and is not synced, so that it costs no wait for the
 * disk: the blocks are synced, and the mark is the second line of defence. A crash of the process loses no mark. After a power cut the file may
 * have a mark that is older by at most half a minute, the time after which a system writes back unsynced data. An older mark is still a true
 * lower bound. The file never has half a mark, because its size does not change and it fits into its first sector, which a disk writes as a
 * whole.
 */
export class HighWaterMark {
  readonly #file: string;
  readonly #calls: FileCalls;

  constructor(file: string, calls: FileCalls = fileCalls) {
    this.#file = file;
    this.#calls = calls;
  }

  /** The mark; undefined when the file does not exist or is empty. Throws a DamageError when the file is damaged. */
  read(): Mark | undefined {
    const text = this.#text();
    return text === undefined ? undefined : parseMark(text, this.#file);
  }

  /** Creates the file with its first mark, atomically and durably. Throws the system's error when that fails. */
  create(mark: Mark): void {
    writeWholeFile(this.#file, textOf(mark), 0o644, this.#calls);
  }

  /**
   * Overwrites the mark in the file that `create` made. Creates the file again if it was removed. A mark takes no more room than the one
   * before, so this works on a full disk.
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
      // Without O_CREAT, because a file that is created in place is empty for a moment.
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
 * Parses the text of the file named `file`. An empty text, or one of zeros only, has no mark: earlier versions created the file in place, and a
 * power cut, a full disk or a kill could leave it so. Throws a DamageError for any other text without a mark.
 */
export function parseMark(text: string, file: string): Mark | undefined {
  if (/^\0*$/.test(text)) return undefined;
  const marks = text.split('\n').flatMap((line) => parseLine(line) ?? []);
  const [mark] = marks.sort((one, other) => other.index - one.index);
  if (mark === undefined) {
    throw new DamageError(`${file} is damaged, so it is not known whether the chain beside it is complete`);
  }
  return mark;
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}

/** The line stands twice, so that one flipped bit does not make the mark of an intact chain unreadable. */
function textOf(mark: Mark): string {
  const line = lineOf(mark);
  return `${line}\n${line}\n`;
}

/** `<index> <hash> <checksum>`, the index in twelve digits. */
function lineOf({ index, hash }: Mark): string {
  const content = `${String(index).padStart(12, '0')} ${hash}`;
  return `${content} ${taggedHash('tip', content).slice(0, 8)}`;
}

function parseLine(line: string): Mark | undefined {
  const [, index, hash] = /^(\d{12}) ([0-9a-f]{64}) [0-9a-f]{8}$/.exec(line) ?? [];
  if (index === undefined || hash === undefined) return undefined;
  const mark = { index: Number(index), hash };
  return lineOf(mark) === line ? mark : undefined;
}
