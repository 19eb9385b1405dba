import { BACKSLASH, CLOSE_LIST, CLOSE_OBJECT, OPEN_LIST, OPEN_OBJECT, QUOTE } from './ascii.ts';

/** Tracks the nesting depth of a JSON text (RFC 8259), character by character. It begins inside one object or list. */
export class JsonDepth {
  #depth = 1;
  #isInString = false;
  #isEscaped = false;

  get isInString(): boolean {
    return this.#isInString;
  }

  /** How many objects and lists are open. */
  get depth(): number {
    return this.#depth;
  }

  /** True when the object or list in which it began is closed. */
  get isOver(): boolean {
    return this.#depth === 0;
  }

  take(code: number): void {
    if (this.#isEscaped) this.#isEscaped = false;
    else if (this.#isInString) {
      if (code === BACKSLASH) this.#isEscaped = true;
      else if (code === QUOTE) this.#isInString = false;
    } else if (code === QUOTE) this.#isInString = true;
    else if (code === OPEN_OBJECT || code === OPEN_LIST) this.#depth += 1;
    else if (code === CLOSE_OBJECT || code === CLOSE_LIST) this.#depth -= 1;
  }
}
