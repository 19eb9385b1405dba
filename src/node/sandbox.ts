import type { Clock } from '../consensus/clock.ts';
import { parseExact } from '../core/exact-json.ts';
import { parseGenesisBlock } from '../core/parse-genesis.ts';
import { timestampMs } from '../core/timestamp.ts';
import type { CheckedTransaction } from '../ledger/ledger-rules.ts';
import { isSandbox } from '../ledger/sandbox.ts';
import type { Chain } from './chain.ts';
import type { LedgerService } from './ledger-service.ts';
import { limits } from './limits.ts';
import type { BlockStore } from './ports.ts';
import type { OrderResult, WalletService } from './wallet-service.ts';

/** Whether the chain of a store says that it is a sandbox; false for an empty store, and for a genesis that cannot be read. */
export async function holdsSandbox(store: Pick<BlockStore, 'block'>): Promise<boolean> {
  const parsed = parseGenesisBlock(parseExact((await store.block(0)) ?? ''));
  return 'value' in parsed && isSandbox(parsed.value.Genesis.Ledger);
}

/** Moves the clock that a node has. */
export interface TimeControl {
  /** So many milliseconds pass at once, as after a stall of the process. */
  increaseTime(ms: number): void;
  /** Sets the wall clock, as one sets the clock of the machine: rounds go on as they were. */
  setTime(timestamp: string): void;
}

export interface SandboxParts {
  readonly clock: Clock;
  readonly time: TimeControl;
  readonly chain: Pick<Chain, 'height' | 'tip' | 'tipAt' | 'revertTo'>;
  readonly ledger: Pick<LedgerService, 'waiting' | 'restore'>;
  readonly wallets: Pick<WalletService, 'give' | 'grantAgain'>;
}

/** A moment that a sandbox can be set back to. */
interface Snapshot {
  readonly index: number;
  readonly hash: string;
  readonly waiting: readonly CheckedTransaction[];
}

/** Behind which block the chain is again, or why it cannot be set back. */
export type RevertResult = { readonly index: number } | { readonly why: string };

/** What a new time is, or why it cannot be that. */
export type TimeResult = { readonly timestamp: string } | { readonly why: string };

/** What its operator may do with a sandbox: a chain whose genesis says that its tokens are without value. */
export class Sandbox {
  readonly #parts: SandboxParts;
  /** By number, the oldest first. */
  readonly #snapshots = new Map<number, Snapshot>();
  #taken = 0;

  constructor(parts: SandboxParts) {
    this.#parts = parts;
  }

  /** Has the faucet send tokens to anybody. */
  give(key: string, amount: bigint): OrderResult {
    return this.#parts.wallets.give(key, amount);
  }

  /** Time passes at once. Rounds that end with it make one draw, as after a stall. */
  increaseTime(ms: number): TimeResult {
    const { clock, time } = this.#parts;
    const laterMs = timestampMs(clock.timestamp()) + ms;
    if (laterMs > timestampMs(limits.sandboxTimeMax)) return { why: isTooLate };
    time.increaseTime(ms);
    return { timestamp: clock.timestamp() };
  }

  /** Sets the wall clock, also back: a block is never earlier than the one before, whatever the clock says. */
  setTime(timestamp: string): TimeResult {
    const { clock, time } = this.#parts;
    if (timestampMs(timestamp) > timestampMs(limits.sandboxTimeMax)) return { why: isTooLate };
    time.setTime(timestamp);
    return { timestamp: clock.timestamp() };
  }

  /** Remembers the chain and what waits, for as long as the process lives, and returns the number of that. The oldest is forgotten for too many. */
  snapshot(): number {
    const { chain, ledger } = this.#parts;
    const { tip } = chain;
    if (tip === undefined) throw new Error('a sandbox has a genesis');
    this.#taken += 1;
    this.#snapshots.set(this.#taken, { index: tip.index, hash: tip.hash, waiting: ledger.waiting() });
    const [oldest] = this.#snapshots.keys();
    if (this.#snapshots.size > limits.snapshotsMax && oldest !== undefined) this.#snapshots.delete(oldest);
    return this.#taken;
  }

  /**
   * Sets the chain and what waits back to a snapshot, which can be used again; those behind it are forgotten. Time goes on, and a draw that is made again
   * reveals the same secret.
   */
  async revert(number: number): Promise<RevertResult> {
    const { chain, ledger, wallets } = this.#parts;
    const snapshot = this.#snapshots.get(number);
    if (snapshot === undefined) return { why: `there is no snapshot ${number}: ${this.#known()}` };
    const { index, hash, waiting } = snapshot;
    if ((await chain.tipAt(index))?.hash !== hash) {
      this.#snapshots.delete(number);
      return { why: `block ${index} of snapshot ${number} is in the chain no longer` };
    }
    await chain.revertTo(index);
    for (const other of [...this.#snapshots.keys()]) if (other > number) this.#snapshots.delete(other);
    await ledger.restore(waiting);
    wallets.grantAgain();
    return { index };
  }

  #known(): string {
    const numbers = [...this.#snapshots.keys()];
    return numbers.length === 0 ? 'take one with snapshot' : `there are ${numbers.join(', ')}`;
  }
}

const isTooLate = `that would be later than ${limits.sandboxTimeMax}, the last time that a sandbox can have`;
