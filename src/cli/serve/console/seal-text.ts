import type { SealStatus } from '../../../consensus/engine.ts';
import { roundsText } from '../../../tcp/beacon-text.ts';

/** What the draw of a sealed pool waits for, and since when where a beacon is silent. */
export function sealText({ rounds }: SealStatus): string {
  const awaited = rounds.filter(({ signature }) => signature === undefined);
  if (awaited.length === 0) return 'drawing';
  const [late] = awaited.filter(({ isLate }) => isLate).toSorted((one, other) => one.timeMs - other.timeMs);
  const since = late === undefined ? '' : ` since ${new Date(late.timeMs).toISOString().slice(11, 19)} UTC`;
  return `the draw waits for ${roundsText(awaited)}${since}`;
}
