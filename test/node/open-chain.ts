import type { Clock } from '../../src/consensus/clock.ts';
import type { ChainSecrets } from '../../src/consensus/engine.ts';
import { LotteryProposer } from '../../src/consensus/lottery/lottery-proposer.ts';
import { TicketReceipts } from '../../src/consensus/lottery/ticket-receipts.ts';
import type { FrozenPool } from '../../src/core/pool.ts';
import { Chain } from '../../src/node/chain.ts';
import { type BlockStore, ChainError } from '../../src/node/ports.ts';
import { verifySignature } from '../core/build-chain.ts';

export interface ChainMaker {
  readonly chain: Chain;
  /** Draws from a pool and stores the block; returns its Hash. */
  extend(pool: FrozenPool): Promise<string>;
}

/** Opens the chain of a store, or founds one, with all that it takes to extend it but for people and rounds. Throws what a start of the server throws. */
export async function openChain(
  ports: { readonly clock: Clock; readonly secrets: ChainSecrets; readonly store: BlockStore },
  linksPerChain: number,
): Promise<ChainMaker> {
  const chain = await Chain.open({ ...ports, verifySignature, listener: { onEvent: () => undefined } });
  const tip = chain.tip ?? (await chain.found(await LotteryProposer.makeGenesis(ports, linksPerChain)));
  const proposer = await LotteryProposer.open(ports, tip);
  if (proposer === undefined) throw new ChainError('these secrets did not begin this chain');
  const extend = async (pool: FrozenPool): Promise<string> => {
    if (chain.tip === undefined) throw new Error('the chain was not founded');
    const stored = await proposer.build(chain.tip, pool);
    const fault = await chain.accept(stored, () => ({ receipts: new TicketReceipts(pool.candidates) }));
    if (fault !== undefined) throw new Error(fault.why);
    return stored.block.Hash;
  };
  return { chain, extend };
}
