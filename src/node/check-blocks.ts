import type { BlockBody } from '../consensus/consensus.ts';
import type { StoredBlock } from '../consensus/engine.ts';
import type { ChainVerifier, CheckedBlock, Fault, Tip } from '../consensus/verifier.ts';
import { isGenesis, type SealedBlock } from '../core/block.ts';
import { parseExact } from '../core/exact-json.ts';
import type { LedgerChange, LedgerState } from '../ledger/ledger-state.ts';
import { transactionId } from '../ledger/transaction.ts';
import type { AppendedBlock } from './ports.ts';

/** A block that holds, and what it does to the ledger. */
export interface AcceptedBlock {
  readonly given: StoredBlock;
  readonly block: SealedBlock;
  readonly tip: Tip;
  readonly change: LedgerChange | undefined;
  readonly effects: Pick<AppendedBlock, 'effects'>;
}

/**
 * Checks blocks one after the other by their texts; returns the first fault. One block alone leaves the verifier's ledger as it is; several take it
 * with them.
 */
export function* checkAll(
  verifier: ChainVerifier,
  stored: readonly StoredBlock[],
): Generator<void, readonly AcceptedBlock[] | Fault> {
  const blocks: AcceptedBlock[] = [];
  for (const given of stored) {
    if (blocks.length > 0) yield;
    const accepted = stored.length > 1 ? yield* checkNext(verifier, given) : yield* checkOne(verifier, given);
    if ('index' in accepted) return accepted;
    blocks.push(accepted);
  }
  return blocks;
}

/** Checks a block; the verifier stays where it is. */
function* checkOne(verifier: ChainVerifier, given: StoredBlock): Generator<void, AcceptedBlock | Fault> {
  const { state } = verifier;
  const checked = yield* verifier.checkInSteps(parseExact(given.text), besideOf(given));
  return 'fault' in checked ? checked.fault : yield* acceptedBlock(given, checked, state);
}

/** Checks a block, and goes on behind it. */
export function* checkNext(verifier: ChainVerifier, given: StoredBlock): Generator<void, AcceptedBlock | Fault> {
  const { state } = verifier;
  const checked = yield* verifier.nextInSteps(parseExact(given.text), besideOf(given));
  return 'fault' in checked ? checked.fault : yield* acceptedBlock(given, checked, state);
}

function* acceptedBlock(
  given: StoredBlock,
  { block, tip, change }: CheckedBlock,
  state: LedgerState | undefined,
): Generator<void, AcceptedBlock> {
  if (isGenesis(block)) throw new Error('a chain is begun by `found`');
  // Where headers alone are kept the state is never known.
  if (state !== undefined && change === undefined) throw new Error(`block ${block.Index} came without its body`);
  const body = given.body ?? poolOf(given, state, change);
  const effects = yield* effectsOf(tip.chainId, given, change);
  return { given: { ...given, body }, block, tip, change, effects };
}

/** The pool of a drawn block that came with its signed candidates alone: their stakes are what they have bonded, which the draw does not change. */
function poolOf(
  { signed }: StoredBlock,
  state: LedgerState | undefined,
  change: LedgerChange | undefined,
): StoredBlock['body'] {
  if (change === undefined || state === undefined) return undefined;
  const changed = new Map([...change.accounts.values()].map(({ key, bonded }) => [key, bonded]));
  return signed?.Candidates?.flatMap(({ Validator, BPM }) => {
    const stake = changed.get(Validator) ?? state.accountOf(Validator)?.bonded ?? 0n;
    return typeof BPM === 'number' ? [{ validator: Validator, stake, payload: BPM }] : [];
  });
}

/** What lies beside a block, as far as the block is judged by it here. A pool of typed stakes was frozen by whom the block comes from. */
function besideOf({ signed, seal }: StoredBlock): BlockBody {
  return { ...signed, ...(seal === undefined ? {} : { Seal: seal }) };
}

/** What a store keeps of what a block does to the ledger. Yields after each transaction. */
function* effectsOf(
  chainId: string,
  { signed }: StoredBlock,
  change: LedgerChange | undefined,
): Generator<void, Pick<AppendedBlock, 'effects'>> {
  if (change === undefined) return {};
  const transactionIds: string[] = [];
  for (const transaction of signed?.Transactions ?? []) {
    transactionIds.push(transactionId(chainId, transaction));
    yield;
  }
  return { effects: { accounts: change.accounts, transactionIds } };
}
