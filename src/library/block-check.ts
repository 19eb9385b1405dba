import type { BlockBody } from '../consensus/consensus.ts';
import { ChainVerifier, type Fault, type Tip, tipAfter } from '../consensus/verifier.ts';
import { timedBlock, WorkRules } from '../consensus/work/work-rules.ts';
import type { VerifyBeacon } from '../core/beacon.ts';
import { isGenesis, isMined, type SealedBlock } from '../core/block.ts';
import { blockHash } from '../core/block-hash.ts';
import { loadBeaconVerifier } from '../core/load-beacon-verifier.ts';
import { formOf, parseBlock, parseSealedBlock } from '../core/parse-block.ts';
import { parseGenesisBlock } from '../core/parse-genesis.ts';
import { verifySignature } from '../core/portable-ed25519.ts';
import { timestampMs } from '../core/timestamp.ts';

/** The data that a block is checked from, as it was fetched. None of it is trusted. */
export interface BlockEvidence {
  readonly genesis: unknown;
  readonly previous: unknown;
  readonly block: unknown;
  readonly index: number;
  /** The pool of a draw according to the server; undefined when the server does not have it, or the chain has no pools. */
  readonly pool: unknown;
  /** In a chain of work: the blocks that the difficulty comes from, oldest first, up to `previous`; undefined when the server did not send them. */
  readonly window?: readonly unknown[] | undefined;
}

/** The first rule that a block breaks; `isOfPool` when the pool beside it breaks it and not the block. */
export interface BlockFault extends Fault {
  readonly isOfPool?: true;
}

/** The tip before a block; undefined for block 0. A fault when the genesis is invalid, or a block before is not well formed. */
export type TipBefore = { readonly tip: Tip | undefined } | { readonly fault: Fault };

/**
 * Checks one block by the rules of a chain (SPEC 4), and its pool if the server has it. The blocks before it are taken as valid. Yields often, since the
 * signatures of beacons take a while.
 * @param verifyBeacon as `beaconVerifierOf` gives it for the genesis
 */
export function* findBlockFault(
  evidence: BlockEvidence,
  verifyBeacon?: VerifyBeacon,
): Generator<void, BlockFault | undefined> {
  const { block, pool } = evidence;
  const before = tipBefore(evidence);
  if ('fault' in before) return before.fault;
  const { tip } = before;
  const check = function* (body: BlockBody): Generator<void, Fault | undefined> {
    const checked = yield* new ChainVerifier(verifySignature, { verifyBeacon, tip }).nextInSteps(block, body);
    return 'fault' in checked ? checked.fault : undefined;
  };
  const fault = yield* check(pool === undefined ? {} : { Candidates: pool });
  if (fault?.rule !== 'path' || (yield* check({}))?.rule === 'path') return fault;
  return { ...fault, isOfPool: true };
}

/** What the signatures of beacons are verified with, where the genesis says that draws wait for any. */
export async function beaconVerifierOf(genesis: unknown): Promise<VerifyBeacon | undefined> {
  const parsed = parseGenesisBlock(genesis);
  return 'why' in parsed ? undefined : loadBeaconVerifier(formOf(parsed.value.Genesis));
}

/** The tip before the block of this evidence. */
export function tipBefore({ genesis, previous, block, index, window }: BlockEvidence): TipBefore {
  if (index === 0) return { tip: undefined };
  const first = new ChainVerifier(verifySignature).next(genesis);
  if ('fault' in first || index === 1) return 'fault' in first ? first : { tip: first.tip };
  const { seal } = first.tip;
  if (!(seal instanceof WorkRules) || index === 2) return tipAfterAll(first.tip, [previous], index - 1);
  if (window === undefined) {
    const before = tipAfterAll(first.tip, [previous], index - 1);
    return 'fault' in before ? before : { tip: withDifficultyOf(block, before.tip, seal) };
  }
  return tipAfterWindow(first.tip, seal, window, index);
}

/** The tip after these blocks, of which the first one has an index. They are taken at their word. */
function tipAfterAll(
  tip: Tip,
  blocks: readonly unknown[],
  firstIndex: number,
): { readonly tip: Tip } | { readonly fault: Fault } {
  let last = tip;
  for (const [place, json] of blocks.entries()) {
    const index = firstIndex + place;
    const parsed = parseSealedBlock(json, tip.form);
    if ('why' in parsed) return { fault: { index, rule: 'form', why: parsed.why } };
    last = { ...tipAfter(last, parsed.value), index };
  }
  return { tip: last };
}

function tipAfterWindow(first: Tip, { intervalMs }: WorkRules, window: readonly unknown[], index: number): TipBefore {
  const start = index - window.length;
  // The genesis is at the beginning of the window of the first blocks.
  if (start === 0) return tipAfterAll(first, window.slice(1), 1);
  const [oldest, ...others] = window;
  const parsed = parseSealedBlock(oldest, first.form);
  if ('why' in parsed) return { fault: { index: start, rule: 'form', why: parsed.why } };
  return tipAfterAll(
    { ...first, seal: new WorkRules(intervalMs, isMined(parsed.value) ? [timedBlock(parsed.value)] : []) },
    others,
    start + 1,
  );
}

/** Where the blocks are not there that the difficulty of a block comes from, it is taken at its word. The check of the whole chain computes it. */
function withDifficultyOf(block: unknown, tip: Tip, { intervalMs }: WorkRules): Tip {
  const parsed = parseSealedBlock(block, tip.form);
  if ('why' in parsed || !isMined(parsed.value)) return tip;
  const difficulty = BigInt(parsed.value.Work.Difficulty);
  return { ...tip, seal: new WorkRules(intervalMs, [{ timeMs: timestampMs(tip.timestamp), difficulty }]) };
}

/**
 * A changed block with its Hash recomputed, as a cheat would do next. Its signature or its nonce stays as it was: only the authority has the key, and
 * a nonce has to be searched for. Undefined when the block is not well formed.
 */
export function withRecomputedHash(block: unknown, index: number): SealedBlock | undefined {
  const parsed = parseBlock(block, index);
  if ('why' in parsed || isGenesis(parsed.value)) return undefined;
  return { ...parsed.value, Hash: blockHash(parsed.value) };
}
