import { limits as baseLimits } from '../base/limits.ts';
import type { LedgerSummary } from '../core/block.ts';
import { leafNode, type SumNode, SumTree } from '../core/sum-tree.ts';
import { BlockDraft } from './block-draft.ts';
import type { LedgerRules } from './ledger-rules.ts';
import type { LedgerChange, LedgerState } from './ledger-state.ts';
import { limits } from './limits.ts';

/** The rule of a ledger that a block breaks, and how, in printable words (SPEC 4). */
export interface LedgerFault {
  readonly rule: 'transactions' | 'state';
  readonly why: string;
}

/** What of a block its ledger is judged by. */
export interface LedgerBlock {
  readonly Index: number;
  readonly Validator: string;
  readonly Ledger: LedgerSummary;
  /** Present in a lottery, whose pool the ledger judges. */
  readonly Draw?: { readonly PoolRoot: string; readonly PoolSize: number; readonly TotalStake: string };
}

/** What lies beside such a block: values of JSON that are not trusted. Candidates are the pool of a lottery. */
export interface LedgerBody {
  readonly Transactions?: unknown;
  readonly Candidates?: unknown;
}

/** The change that a valid block makes to the state, or the first rule that it breaks. */
export type Judged = { readonly change: LedgerChange } | { readonly fault: LedgerFault };

/**
 * Judges the ledger of the block behind a state by everything that lies beside it (SPEC 6): each transaction, what the block says of them, the
 * pool with its stakes, and the state. The state stays as it is. Yields after every transaction, candidate and hash, so that a caller can judge
 * in turns. `block.Index` must be that of the block behind the state.
 */
export function* judgeBlock(
  state: LedgerState,
  rules: LedgerRules,
  block: LedgerBlock,
  body: LedgerBody,
): Generator<void, Judged> {
  if (block.Index !== state.index + 1)
    throw new Error(`block ${block.Index} is not the one behind block ${state.index}`);
  const draft = new BlockDraft(state, rules.terms);
  const wrong =
    (yield* addTransactions(draft, rules, body.Transactions)) ?? (yield* findEntryFault(draft, block.Ledger));
  if (wrong !== undefined) return { fault: { rule: 'transactions', why: wrong } };
  const wrongPool = yield* findPoolFault(draft, rules, block, body.Candidates);
  if (wrongPool !== undefined) return { fault: { rule: 'state', why: wrongPool } };
  const { summary, change } = yield* draft.finish(block.Validator);
  const why = findStateFault(summary, block.Ledger);
  return why === undefined ? { change } : { fault: { rule: 'state', why } };
}

/** Applies all transactions of a body. Returns what is wrong with the first one that does not hold. */
function* addTransactions(draft: BlockDraft, rules: LedgerRules, json: unknown): Generator<void, string | undefined> {
  if (!Array.isArray(json)) return 'the transactions beside the block are no array';
  if (json.length > limits.transactionsPerBlockMax) {
    return `there are ${json.length} transactions, but a block takes at most ${limits.transactionsPerBlockMax}`;
  }
  for (const [place, entry] of json.entries()) {
    const checked = rules.checkTransaction(entry);
    const why = 'why' in checked ? checked.why : draft.add(checked.value);
    if (why !== undefined) return `transaction ${place + 1} of ${json.length}: ${why}`;
    yield;
  }
  return undefined;
}

/** What a block says of its transactions that is not so. */
function* findEntryFault(
  draft: BlockDraft,
  { Transactions, Fees, TransactionRoot }: LedgerSummary,
): Generator<void, string | undefined> {
  const { hash, sum } = yield* draft.hashTransactions();
  const count = draft.transactions.length;
  if (Transactions !== count) return `Transactions is ${Transactions}, but there are ${count} beside the block`;
  if (Fees !== String(sum)) return `Fees is ${Fees}, but the transactions pay ${sum}`;
  return TransactionRoot === hash ? undefined : `TransactionRoot should be ${hash === '' ? 'empty' : hash}`;
}

/** What is wrong with the signed pool of a lottery. Its stakes are what the validators have bonded after the block's transactions. */
function* findPoolFault(
  draft: BlockDraft,
  rules: LedgerRules,
  { Draw }: LedgerBlock,
  json: unknown,
): Generator<void, string | undefined> {
  if (Draw === undefined)
    return json === undefined ? undefined : 'there are candidates beside a block that was not drawn';
  if (!Array.isArray(json)) return 'the candidates beside the block are no array';
  const leaves: SumNode[] = [];
  let before = '';
  for (const entry of json) {
    const checked = rules.checkCandidate(entry);
    if ('why' in checked) return checked.why;
    const { Index, Validator, BPM } = checked.value;
    if (Index !== draft.index) return `the candidate of ${Validator} is for block ${Index}`;
    if (typeof BPM !== 'number') return `the candidate of ${Validator} is tainted`;
    if (Validator === before) return `${Validator} is in the pool twice`;
    if (Validator < before) return `${Validator} stands behind ${before} in the pool`;
    const stake = draft.stakeOf(Validator);
    if (stake === 0n) return `${Validator} is in the pool, but has nothing bonded`;
    leaves.push(leafNode(Validator, stake, BPM));
    before = Validator;
    yield;
  }
  if (leaves.length !== Draw.PoolSize) return `the pool has ${leaves.length} candidates, PoolSize is ${Draw.PoolSize}`;
  const { hash, sum } = (yield* SumTree.grow(leaves)).root;
  if (String(sum) !== Draw.TotalStake) return `the pool has ${sum} tokens bonded, TotalStake is ${Draw.TotalStake}`;
  return hash === Draw.PoolRoot ? undefined : `the pool's tree has the root ${hash}, PoolRoot is ${Draw.PoolRoot}`;
}

/** What a block says of the state behind it that is not so. */
function findStateFault(is: LedgerSummary, says: LedgerSummary): string | undefined {
  if (is.Supply.length > baseLimits.amountDigitsMax) {
    return `the supply would be ${is.Supply}, which has more than ${baseLimits.amountDigitsMax} digits`;
  }
  if (says.Accounts !== is.Accounts) return `Accounts is ${says.Accounts}, but there are ${is.Accounts}`;
  if (says.Supply !== is.Supply) return `Supply is ${says.Supply}, but the accounts hold ${is.Supply}`;
  return says.StateRoot === is.StateRoot ? undefined : `StateRoot should be ${is.StateRoot}`;
}
