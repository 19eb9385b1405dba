import { parseDigits } from '../../base/amount.ts';
import { limits } from '../../core/limits.ts';

/** What a line at the terminal means. */
export type Typed =
  | { readonly kind: 'quit' }
  | { readonly kind: 'help' }
  /** It would taint a block and cost the stake: it is not sent unless it comes again. */
  | { readonly kind: 'held back' }
  | { readonly kind: 'say'; readonly line: string };

/** Understands what a person types, and keeps a slip of the finger from costing the stake. */
export class InputGuard {
  #heldBack: string | undefined;

  /** Reads a line that was typed at a prompt of the server, undefined before the first one. */
  read(line: string, asks: 'balance' | 'bpm' | undefined): Typed {
    const words = line.trim();
    const heldBack = this.#heldBack;
    this.#heldBack = undefined;
    const command = words.toLowerCase();
    if (command === 'quit' || command === 'exit') return { kind: 'quit' };
    if (command === 'help' || command === '?') return { kind: 'help' };
    // What is sent of the chain costs nothing.
    if (/^chain[ \t]+(?:all|tail)(?:[ \t]|$)/i.test(words)) return { kind: 'say', line: words };
    if (asks !== 'bpm' || words === '' || words === heldBack || isBpm(words)) return { kind: 'say', line: words };
    this.#heldBack = words;
    return { kind: 'held back' };
  }
}

function isBpm(words: string): boolean {
  const number = parseDigits(words);
  return number !== undefined && number <= limits.bpmMax;
}
