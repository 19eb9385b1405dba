import type { CheckedTransaction, LedgerTerms } from '../../src/ledger/ledger-rules.ts';
import type { MempoolBounds } from '../../src/node/mempool.ts';
import { NaiveLedger } from '../ledger/naive-ledger.ts';

interface Entry {
  readonly checked: CheckedTransaction;
  readonly arrival: number;
}

/** The mempool as SPEC 6 words it, one list that is searched from end to end: the oracle of the properties. */
export class NaiveMempool {
  readonly #terms: LedgerTerms;
  readonly #bounds: MempoolBounds;
  #ledger: NaiveLedger;
  #nextIndex: number;
  #entries: Entry[] = [];
  #arrivals = 0;

  constructor(terms: LedgerTerms, bounds: MempoolBounds, ledger: NaiveLedger, nextIndex: number) {
    this.#terms = terms;
    this.#bounds = bounds;
    this.#ledger = ledger;
    this.#nextIndex = nextIndex;
  }

  get ids(): readonly string[] {
    return [...this.#entries].sort((one, other) => one.arrival - other.arrival).map(({ checked }) => checked.id);
  }

  /** Returns whether it is taken. */
  add(checked: CheckedTransaction): boolean {
    const { From, Nonce } = checked.transaction;
    if (this.#entries.some((entry) => entry.checked.id === checked.id)) return false;
    const account = this.#ledger.find(From);
    if (account === undefined) return false;
    const own = this.#of(From);
    const entry = { checked, arrival: this.#arrivals };
    const old = own.find((waiting) => waiting.checked.transaction.Nonce === Nonce);
    if (old !== undefined) {
      const isEnough = checked.fee >= old.checked.fee + 1n && checked.fee * 10n >= old.checked.fee * 11n;
      if (!isEnough || !this.#isCovered(own.map((waiting) => (waiting === old ? entry : waiting)))) return false;
      this.#entries = this.#entries.filter((waiting) => waiting !== old);
    } else {
      if (Nonce !== account.nonce + own.length || own.length >= this.#bounds.perAccountMax) return false;
      if (!this.#isCovered([...own, entry])) return false;
      if (this.#entries.length >= this.#bounds.sizeMax) {
        const [cheapest] = this.#worths();
        const worth = [...own, entry].reduce((least, { checked: { fee } }) => (fee < least ? fee : least), checked.fee);
        if (cheapest === undefined || worth <= cheapest.worth) return false;
        this.#entries = this.#entries.filter((waiting) => waiting !== cheapest.last);
      }
    }
    this.#entries.push(entry);
    this.#arrivals += 1;
    return true;
  }

  /** Behind another block, to which no transaction returned. */
  follow(ledger: NaiveLedger, nextIndex: number): void {
    this.#ledger = ledger;
    this.#nextIndex = nextIndex;
    const stay: Entry[] = [];
    for (const key of new Set(this.#entries.map(({ checked }) => checked.transaction.From))) {
      const nonce = ledger.find(key)?.nonce ?? 0;
      const own = this.#of(key).filter(({ checked }) => checked.transaction.Nonce >= nonce);
      while (!this.#isCovered(own)) own.pop();
      stay.push(...own);
    }
    this.#entries = stay;
  }

  /** The order in which a block is offered all of them. */
  offered(): readonly string[] {
    const queues = [...new Set(this.#entries.map(({ checked }) => checked.transaction.From))].map((key) =>
      this.#of(key),
    );
    // The account that has waited longest for its turn stands first.
    const inTurn = queues.sort(([one], [other]) => (one?.arrival ?? 0) - (other?.arrival ?? 0));
    const order: string[] = [];
    while (inTurn.length > 0) {
      let best = 0;
      for (const [place, [head]] of inTurn.entries()) {
        if ((head?.checked.fee ?? 0n) > (inTurn[best]?.[0]?.checked.fee ?? 0n)) best = place;
      }
      const [queue] = inTurn.splice(best, 1);
      const [head, ...rest] = queue ?? [];
      if (head !== undefined) order.push(head.checked.id);
      if (rest.length > 0) inTurn.push(rest);
    }
    return order;
  }

  #of(key: string): Entry[] {
    return this.#entries
      .filter(({ checked }) => checked.transaction.From === key)
      .sort((one, other) => one.checked.transaction.Nonce - other.checked.transaction.Nonce);
  }

  /** What each account's transactions are worth, the least first; among equals the one whose last transaction came last. */
  #worths(): readonly { readonly worth: bigint; readonly last: Entry }[] {
    const worths: { readonly worth: bigint; readonly last: Entry }[] = [];
    for (const key of new Set(this.#entries.map(({ checked }) => checked.transaction.From))) {
      const own = this.#of(key);
      const last = own.at(-1);
      if (last === undefined) continue;
      const worth = own.reduce((least, { checked: { fee } }) => (fee < least ? fee : least), last.checked.fee);
      worths.push({ worth, last });
    }
    return worths.sort((one, other) => {
      return one.worth === other.worth ? other.last.arrival - one.last.arrival : one.worth < other.worth ? -1 : 1;
    });
  }

  /** True when the ledger takes them one behind the other. */
  #isCovered(entries: readonly Entry[]): boolean {
    const copy = new NaiveLedger(this.#terms, []);
    copy.accounts.push(...structuredClone(this.#ledger.accounts));
    return entries.every(({ checked }) => copy.apply(this.#nextIndex, checked.transaction) !== undefined);
  }
}
