import type { BrokenRule } from '../../consensus/consensus.ts';
import type { StoredBlock } from '../../consensus/engine.ts';
import { TicketReceipts } from '../../consensus/lottery/ticket-receipts.ts';
import type { Fault } from '../../consensus/verifier.ts';
import type { Chain } from '../chain.ts';
import { type BlockLines, parseStored } from './stored-lines.ts';

/** What of a chain a follower uses. */
export type ChainToFollow = Pick<Chain, 'tip' | 'height' | 'tipAt' | 'acceptAll' | 'adopt'>;

/** What became of blocks that a peer sent: so many were stored; the one behind them breaks a rule, where there is a fault. */
export interface Taken {
  readonly count: number;
  readonly fault?: BrokenRule;
}

/** Makes a chain longer with blocks of peers: each is verified like a stranger's, which it is, and stored with what lies beside it, in order. */
export class ChainFollower {
  readonly #chain: ChainToFollow;
  /** What is taken after what was given before. */
  #last: Promise<unknown> = Promise.resolve();

  constructor(chain: ChainToFollow) {
    this.#chain = chain;
  }

  /**
   * Takes the blocks that come next, of which `first` is the Index of the first. Those that are there already, because they came in another way, count
   * as stored. Rejects as `Chain.accept` does.
   */
  take(first: number, blocks: readonly BlockLines[]): Promise<Taken> {
    const taking = this.#last.then(() => this.#take(first, blocks));
    this.#last = taking.catch(() => undefined);
    return taking;
  }

  async #take(first: number, blocks: readonly BlockLines[]): Promise<Taken> {
    const known = Math.min(blocks.length, this.#chain.height + 1 - first);
    // The end of the chain has been given up meanwhile.
    if (known < 0) return { count: 0, fault: { rule: 'index', why: `block ${first - 1} is not there` } };
    const parsed: StoredBlock[] = [];
    let fault: BrokenRule | undefined;
    for (const lines of blocks.slice(known)) {
      const stored = parseStored(lines, this.#chain.tip?.form);
      if ('why' in stored) {
        fault = { rule: 'form', why: stored.why };
        break;
      }
      parsed.push(stored.value);
    }
    const broken = await this.#accept(parsed);
    const count = this.#chain.height + 1 - first;
    const found = broken ?? fault;
    return found === undefined ? { count } : { count, fault: found };
  }

  /** Stores all blocks up to the first that breaks a rule, and returns that rule. */
  async #accept(blocks: readonly StoredBlock[]): Promise<Fault | undefined> {
    if (blocks.length === 0) return undefined;
    const before = this.#chain.height;
    const fault = await this.#chain.acceptAll(blocks, receiptsOf);
    // Blocks that share one write are stored together or not at all.
    if (fault !== undefined) await this.#accept(blocks.slice(this.#chain.height - before, fault.index - before - 1));
    return fault;
  }
}

/** What each validator of a drawn block is told; in other chains there are no tickets. */
export function receiptsOf({ body }: StoredBlock): { readonly receipts: TicketReceipts } {
  return { receipts: new TicketReceipts(body ?? []) };
}
