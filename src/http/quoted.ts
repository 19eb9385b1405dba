import { escapeForDisplay } from '../base/escape-for-display.ts';

/** A text of a request as an error message shows it. */
export function quoted(text: string): string {
  return `"${escapeForDisplay(text)}"`;
}
