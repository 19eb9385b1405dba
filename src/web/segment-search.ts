import type { DrawnBlock } from '../core/block.ts';
import { isAddressPrefix } from '../http/api/query.ts';
import type { Segment } from '../http/api/types.ts';
import { amountText, pluralizeAmount, shareText } from './amount-text.ts';

/** Reads typed text as the beginning of an address; undefined when it is not one, or too short to tell validators apart. */
export function readPrefix(text: string): string | undefined {
  // Addresses copied from a terminal may end in the ellipsis that shortens them.
  const digits = text.trim().toLowerCase().replace(/…$/, '');
  return isAddressPrefix(digits) ? digits : undefined;
}

/** The segments of single validators whose address begins with `prefix`. */
export function findSegments(segments: readonly Segment[], prefix: string): readonly Segment[] {
  return segments.filter(({ validator }) => validator?.startsWith(prefix));
}

/** Describes the tickets of a validator in a pool whose segments are given in drawing order. */
export function poolWords(segments: readonly Segment[], prefix: string): string {
  const [found, ...others] = findSegments(segments, prefix);
  if (others.length > 0) return `${amountText(others.length + 1)} addresses in this draw begin so: type more digits.`;
  if (found !== undefined) {
    const before = segments.slice(0, segments.indexOf(found));
    const first = totalOf(before);
    const last = first + BigInt(found.stake) - 1n;
    const share = shareText(found.stake, String(totalOf(segments)));
    const tickets =
      first === last
        ? `ticket ${amountText(String(first))}`
        : `tickets ${amountText(String(first))} to ${amountText(String(last))}`;
    const start = found.isWinner === true ? 'Won this draw' : 'In this draw';
    return `${start}: ${pluralizeAmount(found.stake, 'token')}, ${share}, ${tickets}.`;
  }
  const nameless = segments.filter(({ validator }) => validator === undefined);
  const people = nameless.reduce((sum, { count }) => sum + count, 0);
  if (people === 0) return 'Not in this draw.';
  return `Not named here; perhaps among the ${pluralizeAmount(people, 'other')}.`;
}

/** Describes the last win of a validator among these blocks, the newest first. */
export function lastWinWords(blocks: readonly DrawnBlock[], prefix: string): string {
  const won = blocks.find(({ Validator }) => Validator.startsWith(prefix));
  if (won !== undefined) return `Last win: block ${amountText(won.Index)}.`;
  if (blocks.length === 0) return '';
  return blocks.at(-1)?.Index === 1 ? 'No win yet.' : `No win in the last ${pluralizeAmount(blocks.length, 'draw')}.`;
}

function totalOf(segments: readonly Segment[]): bigint {
  return segments.reduce((total, { stake }) => total + BigInt(stake), 0n);
}
