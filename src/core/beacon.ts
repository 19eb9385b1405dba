import type { Beacon, DrawnBlock } from './block.ts';
import { taggedText } from './hash.ts';
import { limits } from './limits.ts';
import { timestampMs } from './timestamp.ts';

/**
 * Decides whether `signature` is what the beacon with this key published for a round (SPEC 5): drand's scheme `bls-unchained-g1-rfc9380`. Both are
 * lower-case hex of the lengths that SPEC 4 asks for. It takes tens of milliseconds, so it is made in steps.
 */
export type VerifyBeacon = (publicKey: string, round: number, signature: string) => Generator<void, boolean>;

/**
 * The round of a beacon that a pool waits for which was sealed at this timestamp: R = ceil((Sealed + 3 s - GenesisTime) / Period) + 1, the first
 * that is published at least three seconds later (SPEC 5). Exact for all that a genesis may say. Undefined where it is below 1, before the
 * beacon's first round, and where it is no whole number that a block can hold.
 */
export function roundAfter({ GenesisTime, Period }: Beacon, sealed: string): number | undefined {
  const elapsedMs = BigInt(timestampMs(sealed)) + BigInt(limits.sealLeadMs) - BigInt(GenesisTime) * 1000n;
  const round = Number(ceilingOf(elapsedMs, BigInt(Period) * 1000n) + 1n);
  return round >= 1 && Number.isSafeInteger(round) ? round : undefined;
}

/** True for a name that a beacon can have (SPEC 4). */
export function isBeaconName(text: unknown): text is string {
  return typeof text === 'string' && /^[a-z0-9-]{1,32}$/.test(text);
}

/** When a beacon publishes a round, in milliseconds of Unix time. */
export function roundTimeMs({ GenesisTime, Period }: Beacon, round: number): bigint {
  return (BigInt(GenesisTime) + (BigInt(round) - 1n) * BigInt(Period)) * 1000n;
}

/** The newest round that a beacon has published at this moment of Unix time; 0 where it has not begun. */
export function latestRoundAt({ GenesisTime, Period }: Pick<Beacon, 'GenesisTime' | 'Period'>, unixMs: number): number {
  const elapsedMs = unixMs - GenesisTime * 1000;
  return elapsedMs < 0 ? 0 : Math.floor(elapsedMs / (Period * 1000)) + 1;
}

/** Rounded up, also below 0, where the division of BigInt rounds up by itself. `divisor` is above 0. */
function ceilingOf(dividend: bigint, divisor: bigint): bigint {
  const isCutOff = dividend > 0n && dividend % divisor !== 0n;
  return dividend / divisor + (isCutOff ? 1n : 0n);
}

/** What a seal says of a pool: what of a block is fixed before its beacons have spoken. */
export interface SealedPool {
  readonly Index: number;
  readonly Sealed: string;
  readonly PoolRoot: string;
  readonly PoolSize: number;
  readonly TotalStake: string;
  /** In a chain with a ledger. */
  readonly TransactionRoot?: string;
}

/** The text that the authority signs for a sealed pool: T("pool", ChainId, Index, Sealed, PoolRoot, PoolSize, TotalStake[, TransactionRoot]). */
export function poolText(chainId: string, pool: SealedPool): string {
  const { Index, Sealed, PoolRoot, PoolSize, TotalStake, TransactionRoot } = pool;
  const parts = [chainId, Index, Sealed, PoolRoot, PoolSize, TotalStake];
  return taggedText('pool', ...parts, ...(TransactionRoot === undefined ? [] : [TransactionRoot]));
}

/** The pool that a block says was sealed; undefined where its chain has no beacons. */
export function sealedPoolOf({ Index, Draw, Ledger }: DrawnBlock): SealedPool | undefined {
  const { Sealed, PoolRoot, PoolSize, TotalStake } = Draw;
  if (Sealed === undefined) return undefined;
  const pool = { Index, Sealed, PoolRoot, PoolSize, TotalStake };
  return Ledger === undefined ? pool : { ...pool, TransactionRoot: Ledger.TransactionRoot };
}

/** The signatures of the beacons as they enter the seed of a draw, in the order of the genesis; none without beacons. */
export function beaconSignaturesOf({ Draw }: Pick<DrawnBlock, 'Draw'>): readonly string[] {
  return (Draw.Beacons ?? []).map(({ Signature }) => Signature);
}
