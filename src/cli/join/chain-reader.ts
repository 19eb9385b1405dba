import { limits } from '../../core/limits.ts';
import type { ServerEvent } from './server-event.ts';

const LF = 0x0a;
const CR = 0x0d;
const QUOTE = 0x22;
const COMMA = 0x2c;
const OPEN_LIST = 0x5b;
const BACKSLASH = 0x5c;
const CLOSE_LIST = 0x5d;
const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;

/**
 * Takes a chain apart while it comes, block by block, so that its length does not matter: no more than one block is kept, and of
 * that no more than `limits.blockBytesMax`. It begins behind the opening bracket and ends with the LF of the line.
 */
export class ChainReader {
  #state: 'first' | 'block' | 'next' | 'between' | 'end' | 'broken' = 'first';
  #text = '';
  #depth = 0;
  #isInString = false;
  #isEscaped = false;

  /** Reads from `offset`; returns where it stopped, behind the LF, or at the chunk's end when the line goes on. */
  read(chunk: Buffer, offset: number, hear: (event: ServerEvent) => void): { offset: number; isOver: boolean } {
    let place = offset;
    while (place < chunk.length) {
      if (this.#state === 'block') {
        place = this.#readBlock(chunk, place, hear);
        continue;
      }
      const byte = chunk[place];
      place += 1;
      if (byte === LF) {
        if (this.#state === 'end') hear({ kind: 'chain' });
        else this.#break('its line ends before the chain does', hear);
        return { offset: place, isOver: true };
      }
      this.#readBetween(byte, hear);
    }
    return { offset: place, isOver: false };
  }

  /** The connection ended in the middle of the chain. */
  finish(hear: (event: ServerEvent) => void): void {
    this.#break('the connection ended in the middle of it', hear);
  }

  #readBetween(byte: number | undefined, hear: (event: ServerEvent) => void): void {
    if (this.#state === 'broken' || (this.#state === 'end' && byte === CR)) return;
    if ((this.#state === 'first' || this.#state === 'next') && byte === OPEN_OBJECT) {
      this.#state = 'block';
      this.#text = '{';
      this.#depth = 1;
    } else if ((this.#state === 'first' || this.#state === 'between') && byte === CLOSE_LIST) {
      this.#state = 'end';
    } else if (this.#state === 'between' && byte === COMMA) {
      this.#state = 'next';
    } else {
      this.#break('it is not a list of blocks without white space', hear);
    }
  }

  /** Reads on in a block; returns where it, the chunk or the line ends. */
  #readBlock(chunk: Buffer, offset: number, hear: (event: ServerEvent) => void): number {
    let place = offset;
    while (place < chunk.length && this.#depth > 0 && chunk[place] !== LF) {
      this.#weigh(chunk[place]);
      place += 1;
    }
    if (this.#text.length + place - offset > limits.blockBytesMax) {
      this.#break(`one of its blocks has more than ${limits.blockBytesMax} bytes`, hear);
    } else {
      this.#text += chunk.toString('latin1', offset, place);
      if (this.#depth === 0) this.#endBlock(hear);
      else if (place < chunk.length) this.#break('its line ends before the chain does', hear);
    }
    return place;
  }

  #weigh(byte: number | undefined): void {
    if (this.#isEscaped) this.#isEscaped = false;
    else if (this.#isInString) {
      if (byte === BACKSLASH) this.#isEscaped = true;
      else if (byte === QUOTE) this.#isInString = false;
    } else if (byte === QUOTE) this.#isInString = true;
    else if (byte === OPEN_OBJECT || byte === OPEN_LIST) this.#depth += 1;
    else if (byte === CLOSE_OBJECT || byte === CLOSE_LIST) this.#depth -= 1;
  }

  #endBlock(hear: (event: ServerEvent) => void): void {
    const text = this.#text;
    this.#text = '';
    this.#state = 'between';
    hear({ kind: 'block', text });
  }

  #break(why: string, hear: (event: ServerEvent) => void): void {
    if (this.#state !== 'broken') hear({ kind: 'broken-chain', why });
    this.#state = 'broken';
    this.#text = '';
  }
}
