import { inTurns } from '../base/run-to-end.ts';
import type { Clock } from '../consensus/clock.ts';
import type { StoredBlock } from '../consensus/engine.ts';
import { parseSignedBody } from '../consensus/signed-body.ts';
import { ChainVerifier, type Fault, type Tip } from '../consensus/verifier.ts';
import { parseExact } from '../core/exact-json.ts';
import type { VerifySignature } from '../core/keys.ts';
import { parseSealedBlock } from '../core/parse-block.ts';
import { LedgerState } from '../ledger/ledger-state.ts';
import { transactionId } from '../ledger/transaction.ts';
import { type AcceptedBlock, checkNext } from './check-blocks.ts';
import type { ForkPoint } from './fork-point.ts';
import { type BlockStore, DamageError, type RemovedBlock } from './ports.ts';

/** Why a branch is not taken. `lighter`: it holds, but the chain weighs as much or more. */
export type Rejection = { readonly kind: 'lighter' } | { readonly kind: 'fault'; readonly fault: Fault };

/** The chain that a branch is compared with. */
interface ChainToCompare {
  readonly clock: Clock;
  readonly verifySignature: VerifySignature;
  readonly tip: Tip;
  readonly state: LedgerState | undefined;
}

/**
 * Judges a branch behind a fork point, first by the blocks alone, which costs least; then, where it is heavier than the chain, by what lies beside
 * them.
 */
export async function judgeBranch(
  { clock, verifySignature, tip, state }: ChainToCompare,
  branch: readonly StoredBlock[],
  point: ForkPoint,
): Promise<readonly AcceptedBlock[] | Rejection> {
  const alone = new ChainVerifier(verifySignature, { tip: point.tip });
  for (const { text } of branch) {
    const checked = await inTurns(clock, alone.nextInSteps(parseExact(text)));
    if ('fault' in checked) return { kind: 'fault', fault: checked.fault };
  }
  if ((alone.tip?.weight ?? 0n) <= tip.weight) return { kind: 'lighter' };
  const forkState = state && (await inTurns(clock, stateAt(state, point)));
  const whole = new ChainVerifier(verifySignature, { tip: point.tip, state: forkState });
  const judged: AcceptedBlock[] = [];
  for (const given of branch) {
    const checked = await inTurns(clock, checkNext(whole, given));
    if ('index' in checked) return { kind: 'fault', fault: checked };
    judged.push(checked);
  }
  return judged;
}

/** The ledger behind an earlier block, made from that behind the last one, which stays as it is. */
function* stateAt(state: LedgerState, { tip, back }: ForkPoint): Generator<void, LedgerState> {
  const accounts = [...state.accounts()].slice(0, back?.accountCount ?? state.accountCount);
  for (const [number, account] of back?.accounts ?? []) accounts[number] = account;
  return yield* LedgerState.restore(tip.index, accounts);
}

/** The blocks behind one, which are to fall out, with their transactions. */
export async function readRemoved(
  store: BlockStore,
  { index, form }: Tip,
  height: number,
): Promise<readonly RemovedBlock[]> {
  const texts = await store.blockRange(index + 1, height);
  const removed: RemovedBlock[] = [];
  for (const text of texts) {
    const parsed = parseSealedBlock(parseExact(text), form);
    if ('why' in parsed)
      throw new DamageError(`block ${index + 1 + removed.length} breaks the rule "form": ${parsed.why}`);
    const block = parsed.value;
    const body = parseExact((await store.signedBodyText(block.Index)) ?? '{}');
    const signed = parseSignedBody(typeof body === 'object' && body !== null ? body : {});
    removed.push({ block, transactions: signed?.Transactions ?? [] });
  }
  return removed;
}

/** The Ids of their transactions. */
export function idsOf(
  { chainId }: Tip,
  removed: readonly RemovedBlock[],
): { readonly transactionIds: readonly string[] } {
  return {
    transactionIds: removed.flatMap(({ transactions }) => transactions.map((one) => transactionId(chainId, one))),
  };
}

/** The transactions themselves, as JSON by Id. */
export function transactionTexts({ chainId }: Tip, removed: readonly RemovedBlock[]): ReadonlyMap<string, string> {
  const all = removed.flatMap(({ transactions }) => transactions);
  return new Map(all.map((one) => [transactionId(chainId, one), JSON.stringify(one)]));
}
