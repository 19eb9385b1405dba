import type { SealedBlock } from '../core/block.ts';
import type { Transaction } from '../ledger/transaction.ts';
import type { AccountEntry, AccountHistoryAnswer } from './api/types.ts';
import { limits } from './limits.ts';

/** A block of a chain with a ledger, with its transactions and their Ids. */
export interface LedgerBlock {
  readonly block: Pick<SealedBlock, 'Index' | 'Validator' | 'Ledger'>;
  readonly transactions: readonly Transaction[];
  readonly ids: readonly string[];
}

/** Keeps what the newest blocks did to accounts, as many entries as `limits.accountEntriesMax` allows. */
export class AccountHistory {
  readonly #reward: () => bigint;
  /** Oldest first. */
  #entries: AccountEntry[] = [];
  /** The first block whose entries are all kept; undefined before there is one. */
  #firstBlock: number | undefined;
  /** The last block that older ones may still be read of: what was behind it fell out of the chain meanwhile. */
  #lastOlder = Number.POSITIVE_INFINITY;

  /** @param reward gives the tokens that come into being with each block */
  constructor(reward: () => bigint) {
    this.#reward = reward;
  }

  /** Adds the block that was just stored, and drops the oldest ones that no longer fit. */
  add(added: LedgerBlock): void {
    this.#firstBlock ??= added.block.Index;
    this.#entries.push(...entriesOf(added, this.#reward()));
    this.#trim();
  }

  /** The blocks behind block `fork` fell out of the chain. */
  goBack(fork: number): void {
    this.#lastOlder = Math.min(this.#lastOlder, fork);
    if (this.#firstBlock !== undefined) this.#firstBlock = Math.min(this.#firstBlock, fork + 1);
    while ((this.#entries.at(-1)?.index ?? 0) > fork) this.#entries.pop();
  }

  /**
   * Adds blocks older than all others, given newest first, as many as fit. Other blocks may be added meanwhile. Rejects when the iteration fails, and
   * keeps what it yielded before.
   */
  async addBefore(older: AsyncIterable<LedgerBlock>): Promise<void> {
    const read: { readonly index: number; readonly entries: readonly AccountEntry[] }[] = [];
    let count = 0;
    try {
      for await (const block of older) {
        const entries = entriesOf(block, this.#reward());
        if (this.#entries.length + count + entries.length > limits.accountEntriesMax) break;
        count += entries.length;
        read.push({ index: block.block.Index, entries });
      }
    } finally {
      const kept = read.filter(({ index }) => index <= this.#lastOlder).reverse();
      this.#entries = [...kept.flatMap(({ entries }) => entries), ...this.#entries];
      this.#firstBlock = kept[0]?.index ?? this.#firstBlock;
      this.#trim();
    }
  }

  /** The newest entries of one account, the newest first. */
  of(key: string): AccountHistoryAnswer {
    const entries: AccountEntry[] = [];
    let place = this.#entries.length;
    while (place > 0 && entries.length < limits.accountEntriesPerAnswerMax) {
      place -= 1;
      const entry = this.#entries[place];
      if (entry !== undefined && (entry.from === key || entry.to === key)) entries.push(entry);
    }
    const stoppedAt = place > 0 ? this.#entries[place]?.index : this.#firstBlock;
    return { entries, firstBlock: stoppedAt ?? null };
  }

  /** Drops whole blocks that do not fit. */
  #trim(): void {
    const excess = this.#entries.length - limits.accountEntriesMax;
    if (excess <= 0) return;
    // The newest block is kept, however large it is.
    const newest = this.#entries.at(-1)?.index ?? 0;
    const last = Math.min(this.#entries[excess - 1]?.index ?? 0, newest - 1);
    const first = this.#entries.findIndex(({ index }) => index > last);
    this.#entries = this.#entries.slice(first);
    this.#firstBlock = this.#entries[0]?.index;
  }
}

/** What a block did, in its order: its transactions, then what its validator got for it. */
function entriesOf({ block, transactions, ids }: LedgerBlock, reward: bigint): readonly AccountEntry[] {
  const { Index: index, Validator: to, Ledger } = block;
  const entries = transactions.map((transaction, place) => entryOf(index, ids[place] ?? '', transaction));
  const earned = reward + BigInt(Ledger?.Fees ?? 0);
  return earned === 0n ? entries : [...entries, { index, kind: 'reward', to, amount: String(earned) }];
}

function entryOf(index: number, id: string, transaction: Transaction): AccountEntry {
  const { Kind: kind, From: from, Fee: fee } = transaction;
  const common = { index, kind, id, from, fee };
  switch (transaction.Kind) {
    case 'transfer':
      return { ...common, to: transaction.To, amount: transaction.Amount };
    case 'bond':
    case 'unbond':
      return { ...common, amount: transaction.Amount };
    case 'report': {
      const [reported] = transaction.Evidence;
      return reported === undefined ? common : { ...common, to: reported.Validator };
    }
  }
}
