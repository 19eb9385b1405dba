import { runToEnd } from '../base/run-to-end.ts';
import { taggedHash } from './hash.ts';

/**
 * seed = H("seed", ChainId, Index, Reveal, the signatures of the beacons in the order of the genesis): nothing that a participant can choose
 * during the round enters it (SPEC 3).
 */
export function drawSeed(
  chainId: string,
  index: number,
  reveal: string,
  beaconSignatures: readonly string[] = [],
): string {
  return taggedHash('seed', chainId, index, reveal, ...beaconSignatures);
}

/** One value that the draw tried: the lowest bits of H("ticket", seed, attempt). */
export interface Attempt {
  readonly attempt: number;
  readonly value: bigint;
}

/**
 * The attempts of a draw up to and including the one that counts, the first whose value is below `totalStake` (SPEC 3).
 * Values past the end are drawn again and never folded by a remainder, so every ticket is equally likely.
 * On average fewer than two attempts are needed; `totalStake` must be from 1 to 2^256.
 */
export function* drawAttempts(seed: string, totalStake: bigint): Generator<Attempt, bigint> {
  const bits = ticketBits(totalStake);
  if (totalStake < 1n || bits > 256) throw new RangeError(`cannot draw one of ${totalStake} tickets`);
  for (let attempt = 0; ; attempt++) {
    const value = BigInt.asUintN(bits, BigInt(`0x${taggedHash('ticket', seed, attempt)}`));
    yield { attempt, value };
    if (value < totalStake) return value;
  }
}

/** The ticket that `seed` draws among `totalStake` tickets, 0 … totalStake - 1. */
export function drawTicket(seed: string, totalStake: bigint): bigint {
  return runToEnd(drawAttempts(seed, totalStake));
}

/** How many of the lowest bits a draw of one of `totalStake` tickets uses: just enough for the last ticket. */
export function ticketBits(totalStake: bigint): number {
  return totalStake <= 1n ? 0 : (totalStake - 1n).toString(2).length;
}
