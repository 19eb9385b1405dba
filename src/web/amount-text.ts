import { pluralize } from '../base/formatting.ts';

/** Longer numbers than this are rounded. A reader who needs every digit finds them in the blocks. */
const digitsMax = 12;

/** A token amount or a count with thin spaces between thousands; a very large one as 1.234·10⁵⁹. */
export function amountText(amount: string | number): string {
  const digits = String(amount);
  if (digits.length <= digitsMax) return digits.replace(/\B(?=(\d{3})+$)/g, '\u202f');
  const power = [...String(digits.length - 1)].map((digit) => '⁰¹²³⁴⁵⁶⁷⁸⁹'[Number(digit)]).join('');
  return `${digits[0]}.${digits.slice(1, 4)}·10${power}`;
}

/** A number of things with its amount as `amountText` writes it: "1 token", "2 055 tokens". */
export function pluralizeAmount(amount: number | string, noun: string): string {
  return pluralize(amount, noun, amountText(amount));
}

/**
 * A part of a whole in per cent, with one decimal; with two where the value would otherwise round to nothing or to all. Only nothing is 0 %,
 * and only all is 100 %.
 */
export function shareText(part: string, whole: string): string {
  const share = (Number(part) / Number(whole)) * 100;
  if (!Number.isFinite(share)) return '–';
  if (part === whole) return '100 %';
  if (share === 0) return '0 %';
  if (share < 0.01) return '< 0.01 %';
  if (share > 99.99) return '> 99.99 %';
  return `${share.toFixed(share < 0.1 || share > 99.9 ? 2 : 1)} %`;
}
