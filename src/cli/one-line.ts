import { printable } from '../protocol/printable.ts';

/** Words of the system, which may have a path in them, without anything that a terminal would obey. */
export function onOneLine(words: string): string {
  return words.replace(/[^ -~]/g, (character) => printable(character));
}
