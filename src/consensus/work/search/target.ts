/** The largest hash, all of whose 64 digits are f. */
const largestHash = BigInt(`0x${'f'.repeat(64)}`);

/** The largest hash with which a block of a difficulty holds: int(Hash) × Difficulty < 2^256 (SPEC 7). */
export function targetOf(difficulty: bigint): bigint {
  return largestHash / difficulty;
}
