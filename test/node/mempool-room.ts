import { runToEnd } from '../../src/base/run-to-end.ts';
import type { Signer } from '../../src/core/keys.ts';
import { BlockDraft } from '../../src/ledger/block-draft.ts';
import { type CheckedTransaction, LedgerRules, type LedgerTerms } from '../../src/ledger/ledger-rules.ts';
import { LedgerState } from '../../src/ledger/ledger-state.ts';
import { signTransaction, type TransactionRequest } from '../../src/ledger/transaction.ts';
import { type Admission, Mempool, type MempoolBounds } from '../../src/node/mempool.ts';
import type { LedgerView } from '../../src/node/sender-queue.ts';
import { standInSigner, verifyStandIn } from '../ledger/stand-in-keys.ts';

export const terms: LedgerTerms = {
  chainId: 'c'.repeat(64),
  reward: 5n,
  minFee: 0n,
  unbonding: 2,
  transfersOnly: false,
};
const rules = new LedgerRules(terms, verifyStandIn);
export const people: readonly Signer[] = Array.from({ length: 5 }, (_, number) => standInSigner(`person ${number}`));

export function signer(number: number): (typeof people)[number] {
  return people[number] ?? standInSigner(`person ${number}`);
}

export function checkedOf(request: TransactionRequest, from: number): CheckedTransaction {
  const checked = rules.checkTransaction(signTransaction(terms.chainId, request, signer(from)));
  if ('why' in checked) throw new Error(checked.why);
  return checked.value;
}

export function transfer(
  from: number,
  nonce: number,
  fee: bigint | number,
  amount = 1,
  until = 100,
): CheckedTransaction {
  const to = signer((from + 1) % people.length).key;
  const common = { Fee: String(fee), Nonce: nonce, Until: until };
  return checkedOf({ Kind: 'transfer', To: to, Amount: String(amount), ...common }, from);
}

export function viewOf(state: LedgerState): LedgerView {
  return { terms, nextIndex: state.index + 1, accountOf: (key) => state.accountOf(key) };
}

/** A ledger in which the first people have these balances, and 10 bonded each. */
export function stateOf(...balances: readonly number[]): LedgerState {
  const Accounts = balances.map((balance, number) => [signer(number).key, String(balance), '10'] as const);
  return runToEnd(LedgerState.ofGenesis({ Accounts }));
}

export function poolOf(state: LedgerState, bounds?: MempoolBounds): Mempool {
  return new Mempool(viewOf(state), bounds);
}

export function whyOf(admission: Admission): string {
  return admission.kind === 'refused' ? admission.why : admission.kind;
}

/** What a pool offers, in order. */
export function offeredBy(pool: Mempool): readonly CheckedTransaction[] {
  const offered: CheckedTransaction[] = [];
  pool.offer((checked) => offered.push(checked) > 0);
  return offered;
}

/** Makes the next block from what the pool offers. Returns the Ids in it, and what undoes it. */
export function makeBlock(
  state: LedgerState,
  pool: Mempool,
  room = 1000,
): { ids: ReadonlySet<string>; undo: () => void } {
  const draft = new BlockDraft(state, terms);
  const ids = new Set<string>();
  pool.offer((checked) => {
    const isTaken = ids.size < room && draft.add(checked) === undefined;
    if (isTaken) ids.add(checked.id);
    return isTaken;
  });
  const undo = state.swap(runToEnd(draft.finish(signer(0).key)).change);
  return { ids, undo: () => state.swap(undo) };
}
