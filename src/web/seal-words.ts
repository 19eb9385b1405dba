import { shortHash } from '../base/formatting.ts';
import type { Seal } from '../http/api/types.ts';
import { amountText, pluralizeAmount } from './amount-text.ts';

/** The acts of a draw that waits for beacons: the pool is sealed, a round is awaited, and each that comes. */
export function sealWords({ index, root, size, total, rounds }: Seal, unixMs: number): string {
  const pool = `Block ${amountText(index)} is sealed: ${pluralizeAmount(size, 'candidate')}, ${pluralizeAmount(total, 'token')}, root ${shortHash(root)}.`;
  const parts = rounds.map(({ beacon, round, time, signature, isLate }) => {
    const name = `${beacon} round ${round}`;
    if (signature !== undefined) return `${name} has come: ${shortHash(signature)}`;
    const leftS = Math.ceil((Date.parse(time) - unixMs) / 1000);
    if (isLate === true) return `${name} is awaited, but ${beacon} is silent`;
    return leftS > 0 ? `${name} comes in ${amountText(leftS)} s` : `${name} is due`;
  });
  return `${pool} ${parts.join('; ')}.`;
}
