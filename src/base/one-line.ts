import { escapeForDisplay } from './escape-for-display.ts';

/** Words of the system, which may have a path in them, without anything that a terminal would obey. */
export function onOneLine(words: string): string {
  return words.replace(/[^ -~]/g, (character) => escapeForDisplay(character));
}
