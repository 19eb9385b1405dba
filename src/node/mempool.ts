import { pluralize } from '../base/formatting.ts';
import { IndexedHeap } from '../base/indexed-heap.ts';
import type { Account } from '../ledger/account.ts';
import type { CheckedTransaction } from '../ledger/ledger-rules.ts';
import { limits } from './limits.ts';
import { findFirstFault, type LedgerView, SenderQueue, type Waiting } from './sender-queue.ts';

/** What becomes of a transaction that is sent. */
export type Admission =
  /** It waits for a block. `replaced` had its Nonce and is gone, `evicted` was the cheapest of a full pool and is gone. */
  | {
      readonly kind: 'accepted';
      readonly replaced: CheckedTransaction | undefined;
      readonly evicted: CheckedTransaction | undefined;
    }
  /** It waits already. */
  | { readonly kind: 'known' }
  /** In words that say what came and what is accepted. `nextNonce` is the one that its sender should use next. */
  | { readonly kind: 'refused'; readonly why: string; readonly nextNonce: number };

/** What would become of a transaction, and how to take it where it may be taken. */
type Plan = Extract<Admission, { kind: 'known' | 'refused' }> | { readonly kind: 'possible'; take(): Admission };

/** A transaction that waits no longer, and why. */
export interface Departure {
  readonly checked: CheckedTransaction;
  readonly reason: DepartureReason;
}

/**
 * `included`: it is in the chain. `superseded`: another one of its Nonce is, or pays more. `expired`: its Until is over. `refused`: the ledger would not take it
 * any more. `stranded`: one of the same account before it went. `evicted`: the pool was full and others paid more.
 */
export type DepartureReason = 'included' | 'superseded' | 'expired' | 'refused' | 'stranded' | 'evicted';

/** How many transactions wait at most, in all and of one account. */
export interface MempoolBounds {
  readonly sizeMax: number;
  readonly perAccountMax: number;
}

const defaultBounds: MempoolBounds = { sizeMax: limits.mempoolSizeMax, perAccountMax: limits.mempoolPerAccountMax };

/**
 * The transactions that wait for a block (SPEC 6): those of each account without a gap in their Nonces, and together covered by what the account
 * has. Pure: what it knows of the ledger is given to it.
 */
export class Mempool {
  #view: LedgerView;
  readonly #bounds: MempoolBounds;
  readonly #queues = new Map<string, SenderQueue>();
  readonly #byId = new Map<string, Waiting>();
  /** The account that is worth least comes first; among equals the one whose last transaction came last. */
  readonly #cheapest = new IndexedHeap<SenderQueue>(isWorthLess);
  #arrivals = 0;

  constructor(view: LedgerView, bounds: MempoolBounds = defaultBounds) {
    this.#view = view;
    this.#bounds = bounds;
  }

  get size(): number {
    return this.#byId.size;
  }

  /** All that wait, in the order in which they came. */
  transactions(): readonly CheckedTransaction[] {
    return [...this.#byId.values()].sort(byArrival).map(({ checked }) => checked);
  }

  /** The waiting transaction with an Id; undefined when none has it. */
  find(id: string): CheckedTransaction | undefined {
    return this.#byId.get(id)?.checked;
  }

  /** The Nonce that an account should use next, behind those that wait; 0 for a key without an account. */
  nextNonce(key: string): number {
    return (this.#view.accountOf(key)?.nonce ?? 0) + (this.#queues.get(key)?.waiting.length ?? 0);
  }

  /** How many transactions of an account wait. */
  countOf(key: string): number {
    return this.#queues.get(key)?.waiting.length ?? 0;
  }

  /** The account of a key as its own waiting transactions leave it; undefined where there is none. */
  accountAfter(key: string): Account | undefined {
    return this.#queues.get(key)?.accountAfter(this.#view) ?? this.#view.accountOf(key);
  }

  /** Takes a checked transaction, or says why not. Costs O(log n) in the number of accounts with waiting transactions. */
  add(checked: CheckedTransaction): Admission {
    const plan = this.#plan(checked);
    return plan.kind === 'possible' ? plan.take() : plan;
  }

  /** Why `add` would not take a transaction, whose signature need not be verified yet; undefined where it would. Changes nothing. */
  findRefusal(checked: CheckedTransaction): Extract<Plan, { kind: 'known' | 'refused' }> | undefined {
    const plan = this.#plan(checked);
    return plan.kind === 'possible' ? undefined : plan;
  }

  #plan(checked: CheckedTransaction): Plan {
    if (this.#byId.has(checked.id)) return { kind: 'known' };
    const { From, Nonce } = checked.transaction;
    const queue = this.#queues.get(From) ?? new SenderQueue(From);
    const account = this.#view.accountOf(From);
    if (account !== undefined && Nonce < account.nonce) {
      return this.#refuse(
        From,
        `Nonce ${Nonce} has been used, the next one of this account is ${this.nextNonce(From)}`,
      );
    }
    const place = Nonce - (account?.nonce ?? 0);
    if (place < queue.waiting.length) return this.#planReplacement(queue, place, checked);
    if (place > queue.waiting.length && account !== undefined) {
      return this.#refuse(From, `Nonce is ${Nonce}, but the next one of this account is ${this.nextNonce(From)}`);
    }
    return this.#planAppend(queue, checked);
  }

  /**
   * Offers the waiting transactions for a block: the highest fee first, among equals one account after the other in turn, those of each account
   * in the order of their Nonces (SPEC 6). When `take` returns false, no further one of that account is offered. At most `most` are.
   */
  offer(take: (checked: CheckedTransaction) => boolean, most: number = this.size): void {
    const heads = new IndexedHeap<Head>(isOfferedBefore);
    const inOrder = [...this.#queues.values()].sort(
      (one, other) => arrivalOf(one.waiting[0]) - arrivalOf(other.waiting[0]),
    );
    let turn = 0;
    for (const { waiting } of inOrder) heads.put({ waiting, next: 0, turn: turn++ });
    let offered = 0;
    for (let head = heads.first; head !== undefined && offered < most; head = heads.first) {
      offered += 1;
      const entry = head.waiting[head.next];
      heads.remove(head);
      if (entry === undefined || !take(entry.checked) || head.next + 1 >= head.waiting.length) continue;
      heads.put({ waiting: head.waiting, next: head.next + 1, turn: turn++ });
    }
  }

  /**
   * Follows the ledger to another block. `included` are the Ids of the transactions that are in the chain now, `returned` those of blocks that
   * fell out of it: they wait again, each in the place of its Nonce. Returns what waits no longer.
   */
  follow(
    view: LedgerView,
    included: ReadonlySet<string>,
    returned: readonly CheckedTransaction[] = [],
  ): readonly Departure[] {
    this.#view = view;
    const back = new Map<string, Waiting[]>();
    for (const checked of returned) {
      if (this.#byId.has(checked.id)) continue;
      const { From } = checked.transaction;
      back.set(From, [...(back.get(From) ?? []), { checked, arrival: this.#arrivals++ }]);
    }
    const departures: Departure[] = [];
    for (const key of new Set([...this.#queues.keys(), ...back.keys()])) {
      const queue = this.#queues.get(key) ?? new SenderQueue(key);
      if (!back.has(key) && queue.isUntouched(view)) {
        queue.follow();
        continue;
      }
      const { stay, gone } = sortOut(
        view,
        key,
        [...(back.get(key) ?? []), ...queue.waiting],
        included,
        this.#bounds.perAccountMax,
      );
      departures.push(...gone);
      this.#reset(queue, stay);
    }
    while (this.size > this.#bounds.sizeMax) {
      const evicted = this.#evictCheapest();
      if (evicted === undefined) break;
      departures.push({ checked: evicted, reason: 'evicted' });
    }
    return departures;
  }

  #planAppend(queue: SenderQueue, checked: CheckedTransaction): Plan {
    const { fee } = checked;
    const fault = queue.findAppendFault(this.#view, checked);
    if (fault !== undefined) return this.#refuse(queue.key, fault);
    if (queue.waiting.length >= this.#bounds.perAccountMax) {
      const count = pluralize(queue.waiting.length, 'transaction');
      return this.#refuse(queue.key, `${count} of this account wait already, and no more may: wait for a block`);
    }
    const lowest = this.size < this.#bounds.sizeMax ? undefined : this.#cheapest.first?.lowestFee;
    if (lowest !== undefined && fee <= lowest) {
      return this.#refuse(queue.key, `Fee is ${fee}, but the pool is full: more than ${lowest} is accepted`);
    }
    if (lowest !== undefined && queue.lowestFee !== undefined && queue.lowestFee <= lowest) {
      const why = `the pool is full, and this cannot come before another one of this account, whose Fee is only ${queue.lowestFee}`;
      return this.#refuse(queue.key, why);
    }
    return { kind: 'possible', take: () => this.#append(queue, checked, lowest !== undefined) };
  }

  #append(queue: SenderQueue, checked: CheckedTransaction, isFull: boolean): Admission {
    const evicted = isFull ? this.#evictCheapest() : undefined;
    const waiting = { checked, arrival: this.#arrivals++ };
    queue.append(this.#view, waiting);
    this.#queues.set(queue.key, queue);
    this.#byId.set(checked.id, waiting);
    this.#cheapest.put(queue);
    return { kind: 'accepted', replaced: undefined, evicted };
  }

  /** Puts a transaction in the place of a waiting one with the same Nonce. */
  #planReplacement(queue: SenderQueue, place: number, checked: CheckedTransaction): Plan {
    const old = queue.waiting[place]?.checked;
    if (old === undefined) throw new Error(`no transaction waits in place ${place}`);
    const accepted = old.fee + leastIncrease(old.fee);
    if (checked.fee < accepted) {
      const why = `Nonce ${checked.transaction.Nonce} waits already with a fee of ${old.fee}, and is replaced at ${accepted} or more, not ${checked.fee}`;
      return this.#refuse(queue.key, why);
    }
    const waiting = queue.waiting.with(place, { checked, arrival: this.#arrivals });
    const fault = findFirstFault(this.#view, waiting);
    if (fault !== undefined) {
      const later = waiting[fault.taken]?.checked.transaction.Nonce;
      const which =
        fault.taken === place ? '' : `with it, Nonce ${later} of this account would not be accepted any more: `;
      return this.#refuse(queue.key, `${which}${fault.why}`);
    }
    const take = (): Admission => {
      this.#arrivals += 1;
      this.#reset(queue, waiting);
      return { kind: 'accepted', replaced: old, evicted: undefined };
    };
    return { kind: 'possible', take };
  }

  #refuse(key: string, why: string): Extract<Admission, { kind: 'refused' }> {
    return { kind: 'refused', why, nextNonce: this.nextNonce(key) };
  }

  /** Gives up the last transaction of the account that is worth least: none of another account pays less for its place. */
  #evictCheapest(): CheckedTransaction | undefined {
    const queue = this.#cheapest.first;
    const last = queue?.last;
    if (queue === undefined || last === undefined) return undefined;
    this.#reset(queue, queue.waiting.slice(0, -1));
    return last.checked;
  }

  /** Replaces what waits of an account. */
  #reset(queue: SenderQueue, waiting: readonly Waiting[]): void {
    // Most stay where they are.
    const kept = new Set(waiting);
    for (const entry of queue.waiting) if (!kept.delete(entry)) this.#byId.delete(entry.checked.id);
    for (const entry of kept) this.#byId.set(entry.checked.id, entry);
    queue.reset(this.#view, waiting);
    if (waiting.length > 0) {
      this.#queues.set(queue.key, queue);
      this.#cheapest.put(queue);
    } else {
      this.#queues.delete(queue.key);
      this.#cheapest.remove(queue);
    }
  }
}

/** What still waits of one account behind a block, given all that waited or came back, and what does not. */
function sortOut(
  view: LedgerView,
  key: string,
  candidates: readonly Waiting[],
  included: ReadonlySet<string>,
  perAccountMax: number,
): { readonly stay: readonly Waiting[]; readonly gone: readonly Departure[] } {
  const gone: Departure[] = [];
  const leave = ({ checked }: Waiting, reason: DepartureReason): void => {
    gone.push({ checked, reason });
  };
  const nonce = view.accountOf(key)?.nonce ?? 0;
  const stay: Waiting[] = [];
  for (const entry of [...candidates].sort(byNonce)) {
    const { transaction, id } = entry.checked;
    if (included.has(id)) leave(entry, 'included');
    else if (transaction.Nonce < nonce + stay.length) leave(entry, 'superseded');
    else if (transaction.Nonce > nonce + stay.length) leave(entry, 'stranded');
    else stay.push(entry);
  }
  const fault = findFirstFault(view, stay);
  if (fault !== undefined) {
    const [first, ...behind] = stay.splice(fault.taken);
    if (first !== undefined) leave(first, first.checked.transaction.Until < view.nextIndex ? 'expired' : 'refused');
    for (const entry of behind) leave(entry, 'stranded');
  }
  for (const entry of stay.splice(perAccountMax)) leave(entry, 'evicted');
  return { stay, gone };
}

/** SPEC 6: the fee of a replacement is higher by 1, or by a tenth where that is more. */
function leastIncrease(fee: bigint): bigint {
  const tenth = (fee + 9n) / 10n;
  return tenth > 1n ? tenth : 1n;
}

/** The next transaction that is offered of an account. */
interface Head {
  readonly waiting: readonly Waiting[];
  readonly next: number;
  /** The order among equal fees. */
  readonly turn: number;
}

function isOfferedBefore(one: Head, other: Head): boolean {
  const fee = feeOf(one.waiting[one.next]);
  const otherFee = feeOf(other.waiting[other.next]);
  return fee === otherFee ? one.turn < other.turn : fee > otherFee;
}

function isWorthLess(one: SenderQueue, other: SenderQueue): boolean {
  const lowest = one.lowestFee ?? 0n;
  const otherLowest = other.lowestFee ?? 0n;
  return lowest === otherLowest ? arrivalOf(one.last) > arrivalOf(other.last) : lowest < otherLowest;
}

function feeOf(waiting: Waiting | undefined): bigint {
  return waiting?.checked.fee ?? 0n;
}

function arrivalOf(waiting: Waiting | undefined): number {
  return waiting?.arrival ?? 0;
}

function byArrival(one: Waiting, other: Waiting): number {
  return one.arrival - other.arrival;
}

/** Of two with the same Nonce the one that pays more comes first, then the one that came first. */
function byNonce({ checked: one, arrival }: Waiting, { checked: other, arrival: otherArrival }: Waiting): number {
  const nonces = one.transaction.Nonce - other.transaction.Nonce;
  if (nonces !== 0) return nonces;
  if (one.fee !== other.fee) return one.fee > other.fee ? -1 : 1;
  return arrival - otherArrival;
}
