import { runToEnd } from '../../src/base/run-to-end.ts';
import type { StoredBlock } from '../../src/consensus/engine.ts';
import { TicketReceipts } from '../../src/consensus/lottery/ticket-receipts.ts';
import { type Block, type DrawnBlock, type GenesisBlock, isDrawn } from '../../src/core/block.ts';
import { buildBlock, buildGenesis } from '../../src/core/build-block.ts';
import { taggedHash } from '../../src/core/hash.ts';
import { HashChain, isLastLink } from '../../src/core/hash-chain.ts';
import type { Signer, VerifySignature } from '../../src/core/keys.ts';
import { type Candidate, type FrozenPool, Pool } from '../../src/core/pool.ts';
import { SumTree } from '../../src/core/sum-tree.ts';
import type { CommittedEvent } from '../../src/node/ports.ts';
import { nativeVerifier, signerOf } from '../../src/platform/ed25519.ts';

/** Any 64 hex digits, different for different names. */
export function hexOf(name: string | number): string {
  return taggedHash('leaf', 'test', name);
}

/** A pool of these candidates, closed. */
export function frozen(candidates: Iterable<Candidate>): FrozenPool {
  const pool = new Pool();
  for (const candidate of candidates) pool.add(candidate);
  return pool.freeze();
}

/** Candidates with these stakes, and addresses and BPMs made of their places. */
export function candidatesWith(stakes: readonly bigint[]): readonly Candidate[] {
  return stakes.map((stake, place) => ({ validator: hexOf(place), stake, payload: place }));
}

const salt = hexOf('salt');

/** The key that signs the chains that are built here. */
export const authority: Signer = signerOf(Buffer.from(hexOf('authority'), 'hex'));

export const verifySignature: VerifySignature = nativeVerifier();

/** The time of a block: a minute each. */
function timeOf(index: number): string {
  return new Date(Date.UTC(2026, 0, 1, 0, index)).toISOString();
}

/** Builds a whole chain, a block for each pool, with series of secrets of `linksPerChain` links. */
export function buildChain(pools: readonly (readonly Candidate[])[], linksPerChain: number): readonly Block[] {
  const hashChainOf = (number: number): HashChain =>
    runToEnd(HashChain.make(salt, number, linksPerChain, hexOf(`last link ${number}`)));
  const genesis: GenesisBlock = buildGenesis(timeOf(0), {
    Version: 2,
    Consensus: { Kind: 'lottery', Salt: salt, Commitment: hashChainOf(0).commitment, Links: linksPerChain },
    Authority: authority.key,
  });
  const chain: Block[] = [genesis];
  for (const [place, candidates] of pools.entries()) {
    const index = place + 1;
    const pool = frozen(candidates);
    const links = hashChainOf(Math.floor((index - 1) / linksPerChain));
    const next = isLastLink(index, linksPerChain) ? hashChainOf(index / linksPerChain).commitment : undefined;
    const block: DrawnBlock = buildBlock({
      index,
      timestamp: timeOf(index),
      prevHash: chain[place]?.Hash ?? '',
      chainId: genesis.Hash,
      authority,
      reveal: links.at(index),
      nextCommitment: next,
      pool,
      tree: runToEnd(SumTree.grow(pool.leaves)),
    });
    chain.push(block);
  }
  return chain;
}

/** A block as it is stored. */
export function storedBlock(block: Block, body: readonly Candidate[] = []): StoredBlock {
  return { block, text: JSON.stringify(block), body };
}

/** What is told of a block of this chain that was drawn from a pool. */
export function committed(block: Block | undefined, pool: readonly Candidate[]): CommittedEvent {
  if (block === undefined || !isDrawn(block)) throw new Error('no block was drawn');
  const { candidates } = frozen(pool);
  const receipts = new TicketReceipts(candidates);
  return { kind: 'committed', round: 1, block, text: JSON.stringify(block), body: candidates, receipts, storedMs: 2 };
}
