import type { DrawnBlock } from '../core/block.ts';
import { isAddressPrefix } from '../http/api/query.ts';
import type { Segment } from '../http/api/types.ts';
import { amountText, pluralizeAmount, shareText } from './amount-text.ts';
import type { TicketsResult } from './tickets-result.ts';

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

/** True where an address that begins so may be in the pool without a segment of its own: only the server knows. */
export function isPerhapsNameless(segments: readonly Segment[], prefix: string): boolean {
  return findSegments(segments, prefix).length === 0 && segments.some(({ validator }) => validator === undefined);
}

/** Describes the tickets of a validator in a pool whose segments are given in drawing order; `answer` is what the server said of it, where it was asked. */
export function poolWords(segments: readonly Segment[], prefix: string, answer?: TicketsResult): string {
  const [found, ...others] = findSegments(segments, prefix);
  if (others.length > 0) return `${amountText(others.length + 1)} addresses in this draw begin so: type more digits.`;
  if (found !== undefined) {
    const before = totalOf(segments.slice(0, segments.indexOf(found)));
    const start = found.isWinner === true ? 'Won this draw' : 'In this draw';
    return `${start}: ${ticketWords(found.stake, before, totalOf(segments))}`;
  }
  if (!isPerhapsNameless(segments, prefix)) return 'Not in this draw.';
  if (answer === undefined) return 'Looking for it …';
  if ('why' in answer) return answer.isAbsent ? 'Not in this draw.' : answer.why;
  return `In this draw: ${ticketWords(answer.stake, BigInt(answer.firstTicket), BigInt(answer.totalStake))}`;
}

function ticketWords(stake: string, first: bigint, total: bigint): string {
  const last = first + BigInt(stake) - 1n;
  const tickets =
    first === last
      ? `ticket ${amountText(String(first))}`
      : `tickets ${amountText(String(first))} to ${amountText(String(last))}`;
  return `${pluralizeAmount(stake, 'token')}, ${shareText(stake, String(total))}, ${tickets}.`;
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
