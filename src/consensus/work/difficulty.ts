import { limits } from './limits.ts';

/** All values of a hash, 2^256. */
const hashes = 1n << 256n;

/** The largest hash, as a number, that meets a difficulty of at least 1: `hash × difficulty < 2^256` (SPEC 7). */
export function targetOf(difficulty: bigint): bigint {
  return (hashes - 1n) / difficulty;
}

/** True when a hash, in hex, meets a difficulty of at least 1. */
export function meets(hash: string, difficulty: bigint): boolean {
  return BigInt(`0x${hash}`) <= targetOf(difficulty);
}

/** The bits of a hex digit. */
const digitBits = 4;

/** A block as the retarget looks at it. */
export interface TimedBlock {
  /** Unix time of its Timestamp, ms. */
  readonly timeMs: number;
  /** Its Difficulty; of the genesis, that of block 1. */
  readonly difficulty: bigint;
}

/** How the difficulty of a block comes from the blocks before it. */
export interface Retarget {
  readonly difficulty: bigint;
  /** How many blocks it looks back on; 0 for block 1, whose difficulty is that of the genesis. */
  readonly blocks: number;
  /** The sum of their difficulties. */
  readonly sum: bigint;
  /** The time that they took, from the block before the first of them, at least 1 ms. */
  readonly spanMs: number;
  /** What they ask for before it is kept within a step of the difficulty of the last one. */
  readonly unbounded: bigint;
}

/**
 * The difficulty of the next block (SPEC 7), so that at the rate of the last blocks one is found every `intervalMs`.
 * @param window the last blocks, oldest first, without a gap: at most `retargetBlocksMax` and the one before them, fewer only from the genesis on
 */
export function retarget(window: readonly TimedBlock[], intervalMs: number): Retarget {
  const [first, ...blocks] = window;
  const last = window.at(-1);
  if (first === undefined || last === undefined || blocks.length > limits.retargetBlocksMax)
    throw new RangeError(`a difficulty cannot come from ${blocks.length} blocks`);
  const spanMs = Math.max(1, last.timeMs - first.timeMs);
  const sum = blocks.reduce((total, { difficulty }) => total + difficulty, 0n);
  if (blocks.length === 0) return { difficulty: first.difficulty, blocks: 0, sum, spanMs, unbounded: first.difficulty };
  const unbounded = (sum * BigInt(intervalMs)) / BigInt(spanMs);
  const least = larger(1n, last.difficulty / limits.retargetStepMax);
  const most = last.difficulty * limits.retargetStepMax;
  return { difficulty: smaller(larger(unbounded, least), most), blocks: blocks.length, sum, spanMs, unbounded };
}

/** The window for the block behind `block`, as `retarget` wants it. */
export function slide(window: readonly TimedBlock[], block: TimedBlock): readonly TimedBlock[] {
  return [...window, block].slice(-(limits.retargetBlocksMax + 1));
}

/** How many hashes it takes on average to meet a difficulty: as many as it says. */
export function expectedHashes(difficulty: bigint): number {
  return Number(difficulty);
}

/** A difficulty in bits, for people: 20 bits mean that 20 leading zero bits of a hash are just about enough. */
export function difficultyBits(difficulty: bigint): number {
  return Math.log2(Number(difficulty));
}

/** How many zero bits a hash, in hex, begins with: 256 for the smallest. */
export function leadingZeroBits(hash: string): number {
  const rest = hash.replace(/^0+/, '');
  const [digit] = rest;
  const zeroDigits = hash.length - rest.length;
  return zeroDigits * digitBits + (digit === undefined ? 0 : digitBits - Number.parseInt(digit, 16).toString(2).length);
}

function larger(one: bigint, other: bigint): bigint {
  return one > other ? one : other;
}

function smaller(one: bigint, other: bigint): bigint {
  return one < other ? one : other;
}
