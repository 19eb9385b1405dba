import { inTurns } from '../base/run-to-end.ts';
import type { Clock } from '../consensus/clock.ts';
import type { FrozenTransactions, LedgerFork } from '../consensus/ledger-to-extend.ts';
import type { Account } from '../ledger/account.ts';
import { BlockDraft } from '../ledger/block-draft.ts';
import type { CheckedTransaction, LedgerRules } from '../ledger/ledger-rules.ts';
import type { LedgerState } from '../ledger/ledger-state.ts';
import { limits as ledgerLimits } from '../ledger/limits.ts';
import { type AccountProof, proveAccount } from '../ledger/proof.ts';
import { type Transaction, transactionId } from '../ledger/transaction.ts';
import { LedgerNews } from './ledger-news.ts';
import { limits } from './limits.ts';
import { type Admission, type Departure, type DepartureReason, Mempool } from './mempool.ts';
import type { BlockStore, CommittedEvent, EventListener, NodeEvent, ReorganisedEvent } from './ports.ts';
import type { LedgerView } from './sender-queue.ts';
import { parseStoredBody } from './stored-body.ts';

/** What became of a transaction that was sent. What is `accepted` is kept once `stored` has resolved. */
export type Submission =
  | (Extract<Admission, { kind: 'accepted' }> & { readonly id: string; readonly stored: Promise<void> })
  | Refusal;

/** Why a transaction is not taken: it is not possible, in words, or it waits already. */
export type Refusal =
  /** `nextNonce` is the one that its sender should use next; undefined where it is not known who that is. */
  | { readonly kind: 'refused'; readonly why: string; readonly nextNonce: number | undefined }
  | { readonly kind: 'known'; readonly id: string };

/** Where a transaction is. */
export type TransactionStatus =
  | { readonly kind: 'pending'; readonly checked: CheckedTransaction }
  | { readonly kind: 'included'; readonly index: number }
  /** It waits no longer, since behind block `index`, and is in no block. */
  | { readonly kind: 'gone'; readonly reason: DepartureReason; readonly index: number }
  | { readonly kind: 'unknown' };

interface Gone {
  readonly reason: DepartureReason;
  readonly index: number;
}

export interface LedgerServicePorts {
  readonly clock: Clock;
  readonly store: BlockStore;
  readonly listener: EventListener;
  readonly rules: LedgerRules;
  /** The ledger behind the last block; the chain changes it before `onEvent` hears of the block. */
  readonly state: LedgerState;
}

/** The ledger of the node's chain for those who ask: balances, what waits for a block, and where a transaction is. */
export class LedgerService {
  readonly #ports: LedgerServicePorts;
  readonly #view: LedgerView;
  #mempool: Mempool;
  /** First transactions of keys whose account a waiting transfer is about to bring into being. */
  readonly #first = new Map<string, CheckedTransaction>();
  /** What waits no longer and is in no block, the oldest first. */
  readonly #gone = new Map<string, Gone>();
  /** The Ids of the transactions that were frozen last: the next block may have them, whatever is sent meanwhile. */
  #frozen: ReadonlySet<string> = new Set();
  /** What was replaced or evicted after it was frozen: the next block says whether it is gone. */
  #undecided: Departure[] = [];
  readonly #news: LedgerNews;

  private constructor(ports: LedgerServicePorts) {
    const { rules, state } = ports;
    this.#ports = ports;
    this.#view = {
      terms: rules.terms,
      get nextIndex() {
        return state.index + 1;
      },
      accountOf: (key) => state.accountOf(key),
    };
    this.#mempool = new Mempool(this.#view);
    this.#news = new LedgerNews(state);
  }

  /** Goes on with the transactions that waited when the node was stopped. */
  static async open(ports: LedgerServicePorts): Promise<LedgerService> {
    const service = new LedgerService(ports);
    for (const [id, text] of await ports.store.records('departed')) {
      const gone = parseGone(text);
      if (gone !== undefined) service.#gone.set(id, gone);
    }
    const returned: CheckedTransaction[] = [];
    const included = new Set<string>();
    for (const [id, text] of await ports.store.records('waiting')) {
      const checked = ports.rules.checkTransaction(parseJson(text));
      if ('why' in checked) ports.store.removeRecord('waiting', id);
      else if (ports.state.accountOf(checked.value.transaction.From) === undefined)
        service.#first.set(checked.value.transaction.From, checked.value);
      else {
        returned.push(checked.value);
        if ((await ports.store.blockOfTransaction(id)) !== undefined) included.add(id);
      }
    }
    service.#forget(service.#mempool.follow(service.#view, included, returned));
    return service;
  }

  get terms(): LedgerRules['terms'] {
    return this.#view.terms;
  }

  /** The block that is made next. */
  get nextIndex(): number {
    return this.#view.nextIndex;
  }

  /** All tokens that there are. */
  get supply(): bigint {
    return this.#ports.state.root.sum;
  }

  get accountCount(): number {
    return this.#ports.state.accountCount;
  }

  /** The account of a key behind the last block; undefined where there is none. */
  accountOf(key: string): Account | undefined {
    return this.#ports.state.accountOf(key);
  }

  /** The account as its own waiting transactions will leave it; undefined where there is none. */
  accountAfter(key: string): Account | undefined {
    return this.#mempool.accountAfter(key);
  }

  /** The tickets that a validator will have in the next draw, as far as its own transactions decide that. */
  stakeOf(key: string): bigint {
    const first = this.#first.get(key);
    const bonds = first?.transaction.Kind === 'bond' ? first.amount : 0n;
    return (this.accountAfter(key)?.bonded ?? 0n) + bonds;
  }

  /** The Nonce that an account should use next, behind those that wait. */
  nextNonce(key: string): number {
    return this.#mempool.nextNonce(key) + (this.#first.has(key) ? 1 : 0);
  }

  /** How many transactions of an account wait. */
  waitingOf(key: string): number {
    return this.#mempool.countOf(key) + (this.#first.has(key) ? 1 : 0);
  }

  /** All transactions that wait, in the order in which they came. */
  waiting(): readonly CheckedTransaction[] {
    return [...this.#mempool.transactions(), ...this.#first.values()];
  }

  /** How many transactions wait. */
  get waitingCount(): number {
    return this.#mempool.size + this.#first.size;
  }

  /** True while any transaction waits for a block. */
  get hasWaiting(): boolean {
    return this.waitingCount > 0;
  }

  /** True while a transaction waits for a block. */
  isWaiting(id: string): boolean {
    return this.#mempool.find(id) !== undefined;
  }

  /** The proof of an account against StateRoot of the last block; undefined where there is no such account. */
  proveAccount(key: string): AccountProof | undefined {
    return proveAccount(this.#ports.state, key);
  }

  /** Where a transaction is, also after a restart. What is gone is remembered for as long as it could have waited. */
  async statusOf(id: string): Promise<TransactionStatus> {
    const checked = this.#mempool.find(id) ?? [...this.#first.values()].find((first) => first.id === id);
    if (checked !== undefined) return { kind: 'pending', checked };
    const index = await this.#ports.store.blockOfTransaction(id);
    if (index !== undefined) return { kind: 'included', index };
    const gone = this.#gone.get(id);
    return gone === undefined ? { kind: 'unknown' } : { kind: 'gone', ...gone };
  }

  /** Takes a transaction, or says why not. */
  submit(json: unknown): Submission {
    const checked = this.#examine(json);
    if ('kind' in checked) return checked;
    const { id } = checked.value;
    const admission = this.#mempool.add(checked.value);
    switch (admission.kind) {
      case 'known':
        return { kind: 'known', id };
      case 'refused':
        return admission;
      case 'accepted': {
        const { replaced, evicted } = admission;
        const stored = this.#keep(checked.value);
        // Told when it is kept: people read that it was sent before they read in which block it is. A sender of a grant or a report does not wait for it,
        // and a disk that refuses to keep it must not end the process.
        const tell = (): void => this.#ports.listener.onEvent({ kind: 'transaction', id });
        stored.then(tell, tell);
        this.#tellGone([
          ...(replaced === undefined ? [] : [{ checked: replaced, reason: 'superseded' as const }]),
          ...(evicted === undefined ? [] : [{ checked: evicted, reason: 'evicted' as const }]),
        ]);
        return { ...admission, id, stored };
      }
    }
  }

  /** A transaction of block `index`, from what is stored beside it; undefined where it is not there. */
  async transactionIn(index: number, id: string): Promise<Transaction | undefined> {
    const body = parseStoredBody(await this.#ports.store.signedBodyText(index));
    return body?.Transactions.find((transaction) => transactionId(this.terms.chainId, transaction) === id);
  }

  /** What `submit` would say of a transaction, without taking it. */
  test(json: unknown): Refusal | { readonly kind: 'acceptable'; readonly id: string } {
    const checked = this.#examine(json);
    return 'kind' in checked
      ? checked
      : (this.#findRefusal(checked.value) ?? { kind: 'acceptable', id: checked.value.id });
  }

  /** Checks a transaction. What costs nothing comes before its signatures: a stranger may send thousands with a wrong Nonce. */
  #examine(json: unknown): Refusal | { readonly value: CheckedTransaction } {
    const { rules } = this.#ports;
    const read = rules.readTransaction(json);
    if ('why' in read) return { kind: 'refused', why: read.why, nextNonce: undefined };
    const { From, Kind } = read.value.transaction;
    // Whether a report is possible depends on what it proves.
    const refusal = Kind === 'report' ? undefined : this.#findRefusal(read.value);
    if (refusal !== undefined) return refusal;
    const checked = rules.verifyTransaction(read.value);
    return 'why' in checked ? { kind: 'refused', why: checked.why, nextNonce: this.nextNonce(From) } : checked;
  }

  #findRefusal(checked: CheckedTransaction): Refusal | undefined {
    const refusal = this.#mempool.findRefusal(checked);
    return refusal?.kind === 'known' ? { kind: 'known', id: checked.id } : refusal;
  }

  /**
   * Takes the first transaction of a key whose account a waiting transfer brings into being: it is tried in the block of that transfer, behind it.
   * Resolves when it is stored.
   */
  submitFirst(json: unknown): Promise<void> {
    const checked = this.#ports.rules.checkTransaction(json);
    if ('why' in checked) throw new Error(checked.why);
    this.#first.set(checked.value.transaction.From, checked.value);
    return this.#keep(checked.value);
  }

  /** Freezes the transactions that wait, in the order in which blocks take them. */
  freeze(): FrozenTransactions {
    const { clock, state, rules } = this.#ports;
    const frozen: CheckedTransaction[] = [];
    this.#mempool.offer((checked) => {
      frozen.push(checked);
      return true;
    }, limits.frozenMax);
    frozen.push(...this.#first.values());
    this.#frozen = new Set(frozen.map(({ id }) => id));
    return {
      isAny: frozen.length > 0,
      draft: () => inTurns(clock, draftOf(new BlockDraft(state, rules.terms), frozen)),
    };
  }

  /** The ledger behind the last block, to go on with before the next ones are stored. */
  fork(): LedgerFork {
    const { terms } = this.#ports.rules;
    const state = this.#ports.state.fork();
    return {
      draft: () => new BlockDraft(state, terms),
      follow: (change) => void state.swap(change),
    };
  }

  /** The next block with these transactions, as they were frozen before a restart. Throws where one of them is refused. */
  async redraft(transactions: readonly unknown[]): Promise<BlockDraft> {
    const { clock, state, rules } = this.#ports;
    const draft = new BlockDraft(state, rules.terms);
    await inTurns(clock, redraftOf(draft, rules, transactions));
    return draft;
  }

  /** Follows the chain. To be called behind all who hear of the block itself. */
  onEvent(event: NodeEvent): void {
    if (event.kind === 'committed') this.#follow(event);
    if (event.kind === 'reorganised') this.#goBack(event);
    if (event.kind === 'empty') this.#tell(this.#news.ofLeftOut(this.nextIndex, event.leftOut ?? []));
  }

  /** The transactions of blocks that fell out wait again; those that the branch has will be told as of any other block. */
  #goBack({ fork, removed, added, change }: ReorganisedEvent): void {
    if (change === undefined) return;
    if (added === 0) this.#forgetSince(fork);
    const { rules } = this.#ports;
    this.#news.follow(change);
    const returned: CheckedTransaction[] = [];
    for (const { block, transactions } of added === 0 ? [] : removed) {
      const checked = transactions.map((transaction) => expectChecked(rules.checkTransaction(transaction)));
      this.#tell(this.#news.ofReturned(block.Index, checked));
      returned.push(...checked);
    }
    const departures = this.#mempool.follow(this.#view, new Set(), returned);
    this.#forget(departures);
    this.#tell(this.#news.ofGone(departures));
  }

  /** Nothing waits any more, and whatever became of transactions behind block `fork` never was. */
  #forgetSince(fork: number): void {
    const { store } = this.#ports;
    for (const { id } of this.waiting()) store.removeRecord('waiting', id);
    this.#first.clear();
    this.#undecided = [];
    this.#mempool = new Mempool(this.#view);
    for (const [id, { index }] of this.#gone) {
      if (index <= fork) continue;
      this.#gone.delete(id);
      store.removeRecord('departed', id);
    }
  }

  /** Has transactions wait again that did so once, behind the same block. Resolves when they are stored. */
  async restore(waiting: readonly CheckedTransaction[]): Promise<void> {
    for (const { transaction } of waiting) {
      if (this.accountOf(transaction.From) === undefined) void this.submitFirst(transaction);
      else this.submit(transaction);
    }
    await this.#ports.store.recordsSynced();
  }

  #follow({ block, ledger, leftOut = [] }: CommittedEvent): void {
    if (ledger === undefined) return;
    const index = block.Index;
    const { ids, transactions, change } = ledger;
    const included = new Set(ids);
    for (const id of ids) this.#ports.store.removeRecord('waiting', id);
    const departures = [...this.#mempool.follow(this.#view, included), ...this.#followFirst(included)];
    this.#forget(departures);
    for (const [id, gone] of this.#gone) {
      if (gone.index >= index - ledgerLimits.untilAheadMax && this.#gone.size <= limits.departedMax) break;
      this.#gone.delete(id);
      this.#ports.store.removeRecord('departed', id);
    }
    this.#news.follow(change);
    this.#tell(this.#news.ofBlock(index, transactions, ids));
    this.#tell(this.#news.ofLeftOut(index, leftOut));
    const decided = this.#undecided.filter(({ checked }) => !included.has(checked.id));
    this.#frozen = new Set();
    this.#undecided = [];
    this.#tell(this.#news.ofGone([...decided, ...departures.filter(({ reason }) => reason !== 'included')]));
  }

  /** First transactions whose account is there now wait like all others. */
  #followFirst(included: ReadonlySet<string>): readonly Departure[] {
    const departures: Departure[] = [];
    for (const [key, checked] of this.#first) {
      const isExpired = checked.transaction.Until < this.nextIndex;
      if (!included.has(checked.id) && !isExpired && this.accountOf(key) === undefined) continue;
      this.#first.delete(key);
      if (included.has(checked.id)) continue;
      const admission = this.#mempool.add(checked);
      if (admission.kind === 'refused') departures.push({ checked, reason: isExpired ? 'expired' : 'refused' });
    }
    return departures;
  }

  #keep({ id, transaction }: CheckedTransaction): Promise<void> {
    const { store } = this.#ports;
    store.saveRecord('waiting', id, JSON.stringify(transaction));
    return store.recordsSynced();
  }

  /** Remembers what became of transactions that wait no longer. */
  #forget(departures: readonly Departure[]): void {
    const { store, state } = this.#ports;
    for (const { checked, reason } of departures) {
      store.removeRecord('waiting', checked.id);
      if (reason === 'included') continue;
      this.#gone.set(checked.id, { reason, index: state.index });
      store.saveRecord('departed', checked.id, JSON.stringify([reason, state.index]));
    }
  }

  #tellGone(departures: readonly Departure[]): void {
    this.#forget(departures);
    this.#undecided.push(...departures.filter(({ checked }) => this.#frozen.has(checked.id)));
    this.#tell(this.#news.ofGone(departures.filter(({ checked }) => !this.#frozen.has(checked.id))));
  }

  #tell(news: ReturnType<LedgerNews['ofBlock']>): void {
    if (news.size > 0) this.#ports.listener.onEvent({ kind: 'ledger', news });
  }
}

/**
 * Applies transactions in their order. One that is refused may wait for another of the same block, such as the first of an account for the transfer
 * that brings it into being, so what was refused is tried again as long as that helps. Yields after each.
 */
function* draftOf(draft: BlockDraft, frozen: readonly CheckedTransaction[]): Generator<void, BlockDraft> {
  let left = frozen;
  for (;;) {
    const refused: CheckedTransaction[] = [];
    for (const checked of left) {
      if (draft.add(checked) !== undefined) refused.push(checked);
      yield;
    }
    const isFull = draft.transactions.length >= ledgerLimits.transactionsPerBlockMax;
    if (isFull || refused.length === 0 || refused.length === left.length) return draft;
    left = refused;
  }
}

function* redraftOf(draft: BlockDraft, rules: LedgerRules, transactions: readonly unknown[]): Generator<void, void> {
  for (const json of transactions) {
    const checked = rules.checkTransaction(json);
    const why = 'why' in checked ? checked.why : draft.add(checked.value);
    if (why !== undefined) throw new Error(`a transaction that was frozen is not accepted any more: ${why}`);
    yield;
  }
}

/** A transaction that was in a block. */
function expectChecked(checked: ReturnType<LedgerRules['checkTransaction']>): CheckedTransaction {
  if ('why' in checked) throw new Error(`a transaction of a block breaks a rule: ${checked.why}`);
  return checked.value;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const reasons: readonly DepartureReason[] = ['included', 'superseded', 'expired', 'refused', 'stranded', 'evicted'];

function parseGone(text: string): Gone | undefined {
  const json = parseJson(text);
  if (!Array.isArray(json)) return undefined;
  const reason = reasons.find((each) => each === json[0]);
  const index: unknown = json[1];
  return reason === undefined || typeof index !== 'number' ? undefined : { reason, index };
}
