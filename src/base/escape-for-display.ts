import { limits } from './limits.ts';

const ellipsis = '...';

/**
 * Escapes input that is not trusted so that it can be shown on any terminal, page or log: printable ASCII only, at most
 * `charactersMax` characters (SPEC 1). Bytes outside that range become \xNN, a backslash \\, so that no two inputs
 * look the same unless they are cut; a cut ends in "...", never inside of an escape.
 *
 * @param line bytes as a latin1 string, one character a byte
 */
export function escapeForDisplay(line: string, charactersMax: number = limits.shownCharactersMax): string {
  let shown = '';
  // The result as of the last escape that left room for the ellipsis: what is returned when the rest does not fit.
  let cut = '';
  for (const character of line) {
    shown += escaped(character);
    if (shown.length > charactersMax) return cut + ellipsis;
    if (shown.length <= charactersMax - ellipsis.length) cut = shown;
  }
  return shown;
}

function escaped(character: string): string {
  if (character === '\\') return '\\\\';
  if (character >= ' ' && character <= '~') return character;
  return `\\x${character.charCodeAt(0).toString(16).padStart(2, '0')}`;
}

/** Escapes whatever a terminal would interpret in a message of the system, which may contain a path. */
export function onOneLine(text: string): string {
  return text.replace(/[^ -~]/g, (character) => escapeForDisplay(character));
}
