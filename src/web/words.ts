import { pluralize as countedPlainly } from '../base/error-message.ts';

/** Longer numbers than this are rounded: who needs every digit finds them in the blocks. */
const digitsMax = 12;

/** A token amount or a count with thin spaces between thousands; a very large one as 1.234·10⁵⁹. */
export function withThousands(amount: string | number): string {
  const digits = String(amount);
  if (digits.length <= digitsMax) return digits.replace(/\B(?=(\d{3})+$)/g, '\u202f');
  const power = [...String(digits.length - 1)].map((digit) => '⁰¹²³⁴⁵⁶⁷⁸⁹'[Number(digit)]).join('');
  return `${digits[0]}.${digits.slice(1, 4)}·10${power}`;
}

/** A number of things, grouped: "1 token", "2 055 tokens". */
export function pluralize(count: number | string, noun: string): string {
  return countedPlainly(count, noun, withThousands(count));
}

/** What a server answers, as a sentence of a page: with a capital and a full stop. */
export function sentence(words: string): string {
  const first = words.charAt(0).toUpperCase() + words.slice(1);
  return /[.!?]$/.test(first) ? first : `${first}.`;
}

/**
 * A share of a whole in per cent, with one decimal; with two where there would be nothing or all otherwise. Only nothing is 0 %, and only
 * all is 100 %.
 */
export function percent(part: string, whole: string): string {
  const share = (Number(part) / Number(whole)) * 100;
  if (!Number.isFinite(share)) return '–';
  if (part === whole) return '100 %';
  if (share === 0) return '0 %';
  if (share < 0.01) return '< 0.01 %';
  if (share > 99.99) return '> 99.99 %';
  return `${share.toFixed(share < 0.1 || share > 99.9 ? 2 : 1)} %`;
}

/** Hours and minutes of the reader's own place. */
export function clockTime(timestamp: string): string {
  return new Date(timestamp).toLocaleTimeString([], { hour: '2-digit', minute: '2-digit', second: '2-digit' });
}
