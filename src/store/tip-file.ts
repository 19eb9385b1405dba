import { closeSync, constants, openSync, readFileSync, writeSync } from 'node:fs';
import { taggedHash } from '../core/hash.ts';
import { messageOf } from '../core/words.ts';
import { ChainError, DamageError } from '../engine/ports.ts';

/** The last block that may have been announced. */
export interface TipMark {
  readonly index: number;
  readonly hash: string;
}

/**
 * Remembers, beside the database, how far the chain had come. A damaged database may lose its newest records without a word (LevelDB ends its
 * recovery where a log stops making sense); with this mark a chain that has become shorter is noticed.
 *
 * It is written in place and not synced: blocks are, and this is the second line of defence. A crash of the process loses nothing of it;
 * after a power cut it may be some blocks behind, which harms nobody.
 */
export class TipFile {
  readonly #file: string;

  constructor(file: string) {
    this.#file = file;
  }

  /** The mark, undefined when there is none. Throws a DamageError when the file is damaged. */
  read(): TipMark | undefined {
    const text = this.#text();
    if (text === undefined) return undefined;
    const marks = text.split('\n').flatMap((line) => readLine(line) ?? []);
    const [mark] = marks.sort((one, other) => other.index - one.index);
    if (mark === undefined) {
      throw new DamageError(`${this.#file} is damaged, so it is not known whether the chain beside it is complete`);
    }
    return mark;
  }

  /** Sets the mark. All marks have the same length, so a full disk does not hinder it. */
  write(mark: TipMark): void {
    const line = writeLine(mark);
    const descriptor = openSync(this.#file, constants.O_WRONLY | constants.O_CREAT, 0o644);
    try {
      // Twice, so that one flipped bit does not part a whole chain from its mark.
      writeSync(descriptor, `${line}\n${line}\n`, 0);
    } finally {
      closeSync(descriptor);
    }
  }

  #text(): string | undefined {
    try {
      return readFileSync(this.#file, 'latin1');
    } catch (error) {
      if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
      throw new ChainError(`${this.#file} cannot be read: ${messageOf(error)}`);
    }
  }
}

/** `<index> <hash> <checksum>`, the index in twelve digits. */
function writeLine({ index, hash }: TipMark): string {
  const content = `${String(index).padStart(12, '0')} ${hash}`;
  return `${content} ${taggedHash('tip', content).slice(0, 8)}`;
}

function readLine(line: string): TipMark | undefined {
  const [, index, hash] = /^(\d{12}) ([0-9a-f]{64}) [0-9a-f]{8}$/.exec(line) ?? [];
  if (index === undefined || hash === undefined) return undefined;
  const mark = { index: Number(index), hash };
  return writeLine(mark) === line ? mark : undefined;
}
