import { poolText, roundAfter, roundTimeMs, sealedPoolOf } from '../../core/beacon.ts';
import type { Beacon, DrawnBlock } from '../../core/block.ts';
import { isSignature } from '../../core/keys.ts';
import { timestampMs } from '../../core/timestamp.ts';
import type { Verifiers } from '../consensus.ts';

/** The place of a chain whose next block is judged by the rule `beacon`. */
export interface BeaconPlace {
  readonly chainId: string;
  readonly authority: string;
  /** In the order of the genesis; none in a chain without beacons. */
  readonly beacons: readonly Beacon[];
  /** The Timestamp of the block before, and the rounds in it; none at the genesis. */
  readonly timestamp: string;
  readonly rounds: readonly number[];
}

/**
 * The rule `beacon` (SPEC 5.4): how a block breaks it, in words; undefined where it holds. The pool was sealed not before the block before, the
 * rounds are the first that came three seconds after that, they grow, each is signed by its beacon, and the block was made after them. A seal
 * that lies beside the block must be the authority's signature of this very pool. What is cheap comes first.
 */
export function* findBeaconFault(
  place: BeaconPlace,
  block: DrawnBlock,
  seal: unknown,
  { verifySignature, verifyBeacon }: Verifiers,
): Generator<void, string | undefined> {
  if (place.beacons.length === 0)
    return seal === undefined ? undefined : 'a Seal lies beside it, but its draw waits for no beacon';
  const why = findTimeFault(place, block) ?? findForeignSeal(place, block, seal, verifySignature);
  if (why !== undefined) return why;
  if (verifyBeacon === undefined)
    return 'the signatures of beacons are not verified here, so nobody knows whether it holds';
  for (const [number, { Name, PublicKey }] of place.beacons.entries()) {
    const { Round, Signature } = roundOf(block, number);
    if (!(yield* verifyBeacon(PublicKey, Round, Signature)))
      return `the Signature of round ${Round} is not that of the beacon ${Name}`;
  }
  return undefined;
}

/** Whether Sealed, the rounds and Timestamp follow each other. */
function findTimeFault({ beacons, timestamp, rounds }: BeaconPlace, block: DrawnBlock): string | undefined {
  const { Sealed = '' } = block.Draw;
  // Timestamps of this format sort as text in chronological order.
  if (Sealed < timestamp) return `Sealed is earlier than the Timestamp of block ${block.Index - 1}`;
  for (const [number, beacon] of beacons.entries()) {
    const { Round } = roundOf(block, number);
    const expected = roundAfter(beacon, Sealed);
    if (expected === undefined) return `the beacon ${beacon.Name} has no round for a pool that was sealed at ${Sealed}`;
    if (Round !== expected) return `Round of the beacon ${beacon.Name} should be ${expected}`;
    const before = rounds[number];
    if (before !== undefined && Round <= before)
      return `Round of the beacon ${beacon.Name} is ${Round}, but block ${block.Index - 1} has had ${before}`;
    if (BigInt(timestampMs(block.Timestamp)) < roundTimeMs(beacon, Round))
      return `Timestamp is before round ${Round} of the beacon ${beacon.Name} was published`;
  }
  return undefined;
}

/** A seal that lies beside the block, and is not the authority's signature of its pool. */
function findForeignSeal(
  { chainId, authority }: BeaconPlace,
  block: DrawnBlock,
  seal: unknown,
  verifySignature: Verifiers['verifySignature'],
): string | undefined {
  if (seal === undefined) return undefined;
  const pool = sealedPoolOf(block);
  const holds = pool !== undefined && isSignature(seal) && verifySignature(authority, poolText(chainId, pool), seal);
  return holds ? undefined : "the Seal beside it is not the authority's signature of this pool";
}

function roundOf({ Index, Draw }: DrawnBlock, number: number): { readonly Round: number; readonly Signature: string } {
  const round = Draw.Beacons?.[number];
  if (round === undefined) throw new Error(`block ${Index} has no round of beacon ${number}`);
  return round;
}
