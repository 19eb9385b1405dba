import { escapeForDisplay } from './escape-for-display.ts';

/** Escapes whatever a terminal would interpret in a message of the system, which may contain a path. */
export function onOneLine(text: string): string {
  return text.replace(/[^ -~]/g, (character) => escapeForDisplay(character));
}
