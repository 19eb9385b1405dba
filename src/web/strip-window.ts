import type { Segment } from '../http/api/types.ts';
import { uiConstants } from './ui-constants.ts';

/** The tickets that a strip shows: `size` of them, from `first` on. */
export interface StripWindow {
  readonly first: number;
  readonly size: number;
}

/** The tickets of a strip that shows all. */
export function wholeOf(segments: readonly Segment[]): StripWindow {
  return { first: 0, size: segments.reduce((sum, { stake }) => sum + Number(stake), 0) };
}

/** The tickets around those of the winner, where these would be too thin to be seen on the whole strip; otherwise all. */
export function neighbourhoodOf(segments: readonly Segment[]): StripWindow {
  const whole = wholeOf(segments);
  const place = segments.findIndex(({ isWinner }) => isWinner === true);
  const own = Number(segments[place]?.stake ?? 0);
  if (own === 0 || own >= whole.size * uiConstants.winnerShareMin) return whole;
  const before = wholeOf(segments.slice(0, place)).size;
  const size = Math.min(whole.size, own / uiConstants.winnerShareEnlarged);
  const first = Math.floor(before + own / 2 - size / 2);
  return { first: Math.min(Math.max(0, first), whole.size - size), size };
}

/** The share of a window, 0 to 1, that is taken by `size` tickets from `first` on. */
export function shareIn({ first: from, size: all }: StripWindow, first: number, size: number): number {
  const seen = Math.min(first + size, from + all) - Math.max(first, from);
  return all === 0 ? 0 : Math.max(0, seen) / all;
}
