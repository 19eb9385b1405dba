/** The characters at which the parsers split texts, by their codes (RFC 20). */
const TAB = 0x09;
export const LF = 0x0a;
export const CR = 0x0d;
const SPACE = 0x20;
export const QUOTE = 0x22;
export const COMMA = 0x2c;
export const OPEN_LIST = 0x5b;
export const BACKSLASH = 0x5c;
export const CLOSE_LIST = 0x5d;
export const OPEN_OBJECT = 0x7b;
export const CLOSE_OBJECT = 0x7d;

/** True for what stands between words: a space or a tab. */
export function isBlank(code: number): boolean {
  return code === SPACE || code === TAB;
}

/** True for what JSON calls white space: a blank, or a part of the end of a line. */
export function isWhite(code: number): boolean {
  return isBlank(code) || code === LF || code === CR;
}
