import type { Transaction } from '../../src/ledger/transaction.ts';
import type { LedgerService } from '../../src/node/ledger-service.ts';
import { limits } from '../../src/node/limits.ts';
import type { Person } from './world.ts';

/** What a ledger promises to those who send transactions, as long as one process lives. What was accepted outlasts it. */
export class LedgerPromises {
  readonly #ledger: LedgerService;
  /** The keys of accounts that are looked at. */
  readonly #keys: readonly string[];
  /** The Ids of all transactions whose senders were told that they are accepted, at any process. */
  readonly #accepted: Set<string>;
  /** The block behind which this process began. */
  readonly #startIndex: number;
  /** Blocks may fall out of the chain. */
  readonly #mayFork: boolean;

  constructor(ledger: LedgerService, keys: readonly string[], accepted: Set<string>, mayFork: boolean) {
    this.#mayFork = mayFork;
    this.#ledger = ledger;
    this.#keys = keys;
    this.#accepted = accepted;
    this.#startIndex = ledger.nextIndex - 1;
  }

  /** Submits a transaction. Returns in words what must not have become of it. */
  submit(transaction: Transaction): readonly string[] {
    const { From, Nonce, Fee } = transaction;
    const before = this.#ledger
      .waiting()
      .find(({ id, transaction: other }) => this.#ledger.isWaiting(id) && other.From === From && other.Nonce === Nonce);
    const submission = this.#ledger.submit(transaction);
    if (submission.kind !== 'accepted') return [];
    void submission.stored.then(() => this.#accepted.add(submission.id));
    const broken: string[] = [];
    if (submission.replaced?.id !== before?.id)
      broken.push(`${submission.id} replaced another one than that of its Nonce`);
    if (before !== undefined && (BigInt(Fee) <= before.fee || BigInt(Fee) * 10n < before.fee * 11n))
      broken.push(`a fee of ${Fee} replaced one of ${before.fee}`);
    return broken;
  }

  /** What must hold at every moment. */
  async findBroken(people: readonly Person[]): Promise<readonly string[]> {
    const ledger = this.#ledger;
    const broken: string[] = [];
    for (const key of this.#keys) {
      for (const account of [ledger.accountOf(key), ledger.accountAfter(key)]) {
        const amounts = account === undefined ? [] : [account.balance, account.bonded, account.unbonding];
        if (amounts.some((amount) => amount < 0n)) broken.push(`${key} has less than nothing`);
      }
      if (ledger.waitingOf(key) > limits.mempoolPerAccountMax + 1) broken.push(`too much of ${key} waits`);
    }
    for (const id of people.flatMap(sentBy)) this.#accepted.add(id);
    for (const id of this.#accepted)
      broken.push(...(await this.#findLost(id)).map((words) => `transaction ${id} ${words}`));
    return broken;
  }

  /** What was accepted is in a block, waits, or its sender can learn why not. */
  async #findLost(id: string): Promise<readonly string[]> {
    const status = await this.#ledger.statusOf(id);
    switch (status.kind) {
      case 'unknown':
        return ['was accepted and is lost'];
      case 'pending':
        return status.checked.transaction.Until < this.#ledger.nextIndex ? ['waits although it has expired'] : [];
      case 'included':
        return status.index < this.#ledger.nextIndex ? [] : [`is said to be in block ${status.index}`];
      case 'gone':
        // What falls out of blocks may be more than an account may have waiting.
        return status.reason === 'evicted' && !this.#mayFork ? ['had to go from a pool that was not full'] : [];
    }
  }

  /** Everybody who is still here has heard once what became of what they sent. */
  async findUntold(people: readonly Person[]): Promise<readonly string[]> {
    const broken: string[] = [];
    for (const person of people) {
      if (!person.isConnected || person.socket.hasEnded || person.socket.writableLength > 0) continue;
      for (const id of sentBy(person)) {
        const status = await this.#ledger.statusOf(id);
        const isDue = status.kind === 'gone' || (status.kind === 'included' && status.index > this.#startIndex);
        const told = person.seen.split(`\nTransaction ${id} `).length - 1;
        // Where blocks fall out, it is told again in which it is.
        const isRight = this.#mayFork ? !isDue || told > 0 : told === (isDue ? 1 : 0);
        if (!isRight) broken.push(`the sender of transaction ${id} was told ${told} times where it is`);
      }
    }
    return broken;
  }
}

/** The Ids of what somebody was told at nc to have sent. */
function sentBy({ seen }: Person): readonly string[] {
  const told = seen.matchAll(/(?:Sending|Bonding|Unbonding) [^:\n]*: transaction ([0-9a-f]{64})/g);
  return [...told].map(([, id = '']) => id);
}
