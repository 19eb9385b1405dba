import type { Clock } from '../consensus/clock.ts';
import { parseExact } from '../core/exact-json.ts';
import { parseGenesisBlock } from '../core/parse-genesis.ts';
import { timestampMs } from '../core/timestamp.ts';
import { isSandbox } from '../ledger/sandbox.ts';
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
  readonly wallets: WalletService;
}

/** What a new time is, or why it cannot be that. */
export type TimeResult = { readonly timestamp: string } | { readonly why: string };

/** What its operator may do with a sandbox: a chain whose genesis says that its tokens are without value. */
export class Sandbox {
  readonly #parts: SandboxParts;

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
}

const isTooLate = `that would be later than ${limits.sandboxTimeMax}, the last time that a sandbox can have`;
