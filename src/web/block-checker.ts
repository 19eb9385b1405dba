import { inTurns } from '../base/run-to-end.ts';
import type { ChainKind } from '../consensus/engine.ts';
import type { Fault } from '../consensus/verifier.ts';
import type { VerifyBeacon } from '../core/beacon.ts';
import { isDrawn, isGenesis, type SealedBlock } from '../core/block.ts';
import { parseBlock } from '../core/parse-block.ts';
import { parsePool } from '../core/parse-pool.ts';
import { type TicketRange, ticketHolders } from '../core/pool.ts';
import { beaconVerifierOf, findBlockFault } from '../library/block-check.ts';
import { PageTurns } from '../library/page-turns.ts';
import { fetchBlock } from './api-client.ts';
import { fetchBeside } from './block-beside.ts';

/** A block as this browser has checked it. */
export interface CheckedBlock {
  readonly index: number;
  /** Undefined where what was sent is no block. */
  readonly block: SealedBlock | undefined;
  /** The first rule that is broken; undefined where all hold. */
  readonly fault: Fault | undefined;
  /** The tickets of a validator in the pool that the block was drawn from; undefined where it held none. */
  readonly tickets: TicketRange | undefined;
}

/** Fetches blocks of a chain and checks them in this browser, each by all rules. */
export class BlockChecker {
  readonly #kind: ChainKind;
  readonly #genesis: unknown;
  readonly #verifyBeacon: VerifyBeacon | undefined;

  private constructor(kind: ChainKind, genesis: unknown, verifyBeacon: VerifyBeacon | undefined) {
    this.#kind = kind;
    this.#genesis = genesis;
    this.#verifyBeacon = verifyBeacon;
  }

  /** Fetches the genesis, from which the rules of a chain follow. */
  static async load(kind: ChainKind): Promise<BlockChecker> {
    const genesis = await fetchBlock(0);
    return new BlockChecker(kind, genesis, await beaconVerifierOf(genesis));
  }

  /** Checks a block, and finds the tickets of a validator in its pool. */
  async check(index: number, validator: string | undefined): Promise<CheckedBlock> {
    const [json, beside] = await Promise.all([fetchBlock(index), fetchBeside(this.#kind, index)]);
    const evidence = { ...beside, genesis: this.#genesis, block: json, index };
    const fault = await inTurns(new PageTurns(), findBlockFault(evidence, this.#verifyBeacon));
    const parsed = parseBlock(json, index);
    const block = 'value' in parsed && !isGenesis(parsed.value) ? parsed.value : undefined;
    return { index, block, fault, tickets: ticketsOf(block, beside.pool, validator) };
  }
}

function ticketsOf(
  block: SealedBlock | undefined,
  pool: unknown,
  validator: string | undefined,
): TicketRange | undefined {
  const candidates = block !== undefined && isDrawn(block) ? parsePool(pool) : undefined;
  return ticketHolders(candidates ?? []).find(({ candidate }) => candidate.validator === validator)?.tickets;
}
