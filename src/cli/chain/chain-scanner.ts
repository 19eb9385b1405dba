import { CLOSE_LIST, COMMA, CR, isBlank, isWhite, LF, OPEN_LIST, OPEN_OBJECT, QUOTE } from '../../base/ascii.ts';
import { JsonDepth } from '../../base/json-depth.ts';
import { limits } from './limits.ts';

/** What is found in a text: chains (`begin`, entries, `end`), single lines of an export, or a chain that breaks off. */
export type ScannedItem =
  | { readonly kind: 'begin' }
  | { readonly kind: 'entry'; readonly text: string }
  | { readonly kind: 'end' }
  | { readonly kind: 'line'; readonly text: string }
  | { readonly kind: 'broken'; readonly why: string };

/** What JSON has outside of strings, and the quotes around them. */
const tokens = new Set([...'"{}[],:+-.0123456789Eaeflnrstu'].map((character) => character.charCodeAt(0)));

/** Whether a character may stand in a string of a block: hex digits, times, names of keys. */
function isPlain(code: number): boolean {
  return /[-.:0-9A-Za-z]/.test(String.fromCharCode(code));
}

/**
 * Finds chains in a text that comes in pieces, among everything else that a terminal shows: prompts before the `[` on the same line,
 * announcements, what a person typed. A chain may be laid out with white space, and broken into lines by a terminal; its entries come out
 * without. It keeps one entry at a time, of at most `limits.entryBytesMax` characters. Whether an entry is a block is for others to say.
 */
export class ChainScanner {
  #state: 'outside' | 'list' | 'object' | 'entry' | 'between' | 'next' = 'outside';
  #isLineStart = true;
  /** The entry is a line of its own, and not part of a list. */
  #isLine = false;
  /** The lines of an export are being read: nothing else may stand between them, or one could be lost unseen. */
  #isInLines = false;
  #text = '';
  #depth = new JsonDepth();
  #entries = 0;
  /** The string goes on after the end of a line. */
  #isWrapped = false;
  /** How long the string is so far that is being read. */
  #stringLength = 0;
  /** Why the entry cannot go on, where it cannot. */
  #hindrance = '';

  /** Reads the next piece of the text. */
  *read(piece: string): Generator<ScannedItem> {
    let place = 0;
    while (place < piece.length) {
      if (this.#state === 'entry') {
        place = this.#readEntry(piece, place);
        const isWhole = this.#depth.isOver;
        if (isWhole) yield* this.#endEntry();
        else if (this.#text.length > limits.entryBytesMax) yield this.#break('is too long');
        else if (place < piece.length) yield this.#break(this.#hindrance);
        continue;
      }
      const item = this.#readBetween(piece.charCodeAt(place));
      place += 1;
      if (item !== undefined) yield item;
    }
  }

  /** The text is over. */
  *finish(): Generator<ScannedItem> {
    if (this.#state === 'entry') yield this.#break('breaks off');
    else if (this.#state === 'between' || this.#state === 'next') yield this.#breakAfter();
  }

  #readBetween(code: number): ScannedItem | undefined {
    switch (this.#state) {
      case 'list':
        if (isWhite(code)) return undefined;
        if (code === OPEN_OBJECT) {
          this.#entries = 0;
          this.#begin(false);
          return { kind: 'begin' };
        }
        return this.#look(code);
      case 'object':
        if (code === QUOTE) {
          this.#begin(true);
          this.#depth.take(code);
          this.#text = '{"';
          return undefined;
        }
        return this.#look(code) ?? this.#stray();
      case 'between':
        if (isWhite(code)) return undefined;
        if (code === COMMA) {
          this.#state = 'next';
          return undefined;
        }
        if (code === CLOSE_LIST) {
          this.#state = 'outside';
          return { kind: 'end' };
        }
        this.#look(code);
        return this.#breakAfter();
      case 'next':
        if (isWhite(code)) return undefined;
        if (code === OPEN_OBJECT) {
          this.#begin(false);
          return undefined;
        }
        this.#look(code);
        return this.#breakAfter();
      default:
        return this.#look(code);
    }
  }

  /** Looks for the beginning of a chain. A shell's prompt has brackets too, so what follows one decides. */
  #look(code: number): ScannedItem | undefined {
    const isLine = code === OPEN_OBJECT && this.#isLineStart;
    this.#state = isLine ? 'object' : code === OPEN_LIST ? 'list' : 'outside';
    this.#isLineStart = code === LF || code === CR;
    return isLine || isWhite(code) ? undefined : this.#stray();
  }

  /** Something stands where only the next line of an export may. */
  #stray(): ScannedItem | undefined {
    if (!this.#isInLines) return undefined;
    this.#isInLines = false;
    return { kind: 'broken', why: `something else stands behind line ${this.#entries} of it` };
  }

  #begin(isLine: boolean): void {
    this.#state = 'entry';
    this.#isLine = isLine;
    this.#text = '{';
    this.#depth = new JsonDepth();
    this.#isWrapped = false;
    this.#stringLength = 0;
    this.#hindrance = 'breaks off';
  }

  /** Reads on in an entry; returns where it ends, or where it cannot go on, or the piece's end. */
  #readEntry(piece: string, start: number): number {
    let from = start;
    let place = start;
    for (; place < piece.length && !this.#depth.isOver; place++) {
      const code = piece.charCodeAt(place);
      const isLineEnd = code === LF || code === CR;
      if (isLineEnd && this.#isLine) break;
      if (isLineEnd || (!this.#depth.isInString && isBlank(code))) {
        this.#text += piece.slice(from, place);
        from = place + 1;
        this.#isWrapped = this.#depth.isInString;
      } else if (!this.#weigh(code)) break;
    }
    this.#text += piece.slice(from, place);
    return place;
  }

  /** Takes a character into account; false when no entry has it in this place. */
  #weigh(code: number): boolean {
    const wasInString = this.#depth.isInString;
    if (wasInString && this.#isWrapped && !isPlain(code) && code !== QUOTE) return false;
    if (!wasInString && !tokens.has(code)) return false;
    this.#depth.take(code);
    this.#stringLength = this.#depth.isInString ? this.#stringLength + 1 : 0;
    if (this.#depth.depth > limits.entryDepthMax) return this.#hinder('is nested deeper than any block');
    if (this.#stringLength > limits.entryStringMax) return this.#hinder('has a longer string than any block');
    if (wasInString && !this.#depth.isInString) this.#isWrapped = false;
    return true;
  }

  #hinder(how: string): false {
    this.#hindrance = how;
    return false;
  }

  *#endEntry(): Generator<ScannedItem> {
    const text = this.#text;
    this.#text = '';
    this.#state = this.#isLine ? 'outside' : 'between';
    if (this.#isLine && !this.#isInLines) this.#entries = 0;
    this.#isInLines = this.#isLine;
    this.#entries += 1;
    yield { kind: this.#isLine ? 'line' : 'entry', text };
  }

  #break(how: string): ScannedItem {
    const which = this.#isLine ? 'a line of it' : `block ${this.#entries}`;
    this.#isInLines = false;
    this.#text = '';
    this.#state = 'outside';
    this.#isLineStart = false;
    return { kind: 'broken', why: `${which} ${how}` };
  }

  #breakAfter(): ScannedItem {
    if (this.#state === 'between' || this.#state === 'next') this.#state = 'outside';
    return { kind: 'broken', why: `it breaks off after ${this.#entries} blocks` };
  }
}
