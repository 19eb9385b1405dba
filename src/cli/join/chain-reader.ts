import { CLOSE_LIST, COMMA, CR, LF, OPEN_OBJECT } from '../../base/ascii.ts';
import { JsonDepth } from '../../base/json-depth.ts';
import { limits } from './limits.ts';
import type { ServerEvent } from './server-event.ts';

/**
 * Takes a chain apart while it comes, block by block, so that its length does not matter: no more than one block is kept, and of
 * that no more than `limits.blockBytesMax`. It begins behind the opening bracket and ends with the LF of the line.
 */
export class ChainReader {
  #state: 'first' | 'block' | 'next' | 'between' | 'end' | 'broken' = 'first';
  #text = '';
  #depth = new JsonDepth();

  /** Reads from `offset`; returns where it stopped, behind the LF, or at the chunk's end when the line goes on. */
  read(chunk: Buffer, offset: number, onEvent: (event: ServerEvent) => void): { offset: number; isOver: boolean } {
    let place = offset;
    while (place < chunk.length) {
      if (this.#state === 'block') {
        place = this.#readBlock(chunk, place, onEvent);
        continue;
      }
      const byte = chunk[place];
      place += 1;
      if (byte === LF) {
        if (this.#state === 'end') onEvent({ kind: 'chain' });
        else this.#break('its line ends before the chain does', onEvent);
        return { offset: place, isOver: true };
      }
      this.#readBetween(byte, onEvent);
    }
    return { offset: place, isOver: false };
  }

  /** The connection ended in the middle of the chain. */
  finish(onEvent: (event: ServerEvent) => void): void {
    this.#break('the connection ended in the middle of it', onEvent);
  }

  #readBetween(byte: number | undefined, onEvent: (event: ServerEvent) => void): void {
    if (this.#state === 'broken' || (this.#state === 'end' && byte === CR)) return;
    if ((this.#state === 'first' || this.#state === 'next') && byte === OPEN_OBJECT) {
      this.#state = 'block';
      this.#text = '{';
      this.#depth = new JsonDepth();
    } else if ((this.#state === 'first' || this.#state === 'between') && byte === CLOSE_LIST) {
      this.#state = 'end';
    } else if (this.#state === 'between' && byte === COMMA) {
      this.#state = 'next';
    } else {
      this.#break('it is not a list of blocks without white space', onEvent);
    }
  }

  /** Reads on in a block; returns where it, the chunk or the line ends. */
  #readBlock(chunk: Buffer, offset: number, onEvent: (event: ServerEvent) => void): number {
    let place = offset;
    for (; place < chunk.length && !this.#depth.isOver; place++) {
      const code = chunk[place] ?? LF;
      if (code === LF) break;
      this.#depth.take(code);
    }
    if (this.#text.length + place - offset > limits.blockBytesMax) {
      this.#break(`one of its blocks has more than ${limits.blockBytesMax} bytes`, onEvent);
    } else {
      this.#text += chunk.toString('latin1', offset, place);
      if (this.#depth.isOver) this.#endBlock(onEvent);
      else if (place < chunk.length) this.#break('its line ends before the chain does', onEvent);
    }
    return place;
  }

  #endBlock(onEvent: (event: ServerEvent) => void): void {
    const text = this.#text;
    this.#text = '';
    this.#state = 'between';
    onEvent({ kind: 'block', text });
  }

  #break(why: string, onEvent: (event: ServerEvent) => void): void {
    if (this.#state !== 'broken') onEvent({ kind: 'broken-chain', why });
    this.#state = 'broken';
    this.#text = '';
  }
}
