import { runToEnd } from '../../../base/run-to-end.ts';
import { poolText, type SealedPool } from '../../../core/beacon.ts';
import type { DrawnBlock, GenesisBlock } from '../../../core/block.ts';
import { buildBlock, buildGenesis } from '../../../core/build-block.ts';
import { taggedHash } from '../../../core/hash.ts';
import { HashChain } from '../../../core/hash-chain.ts';
import type { Signer } from '../../../core/keys.ts';
import { type Candidate, Pool } from '../../../core/pool.ts';
import type { PoolStatement } from '../../../core/statement.ts';
import { SumTree } from '../../../core/sum-tree.ts';
import { signerOf } from '../../../platform/ed25519.ts';

/** Builds a chain of this program's own blocks in memory, for an attack to work on. */
export class ChainBuilder {
  readonly genesis: GenesisBlock;
  readonly #links: HashChain;
  readonly #authority: Signer;

  /** A genesis with the secrets for `rounds` rounds, all from a seed. */
  constructor(seed: string, rounds: number) {
    const salt = taggedHash('seed', 'lab', seed, 'salt');
    this.#links = runToEnd(HashChain.make(salt, 0, rounds + 1, taggedHash('seed', 'lab', seed, 'last link')));
    this.#authority = signerOf(Buffer.from(taggedHash('seed', 'lab', seed, 'authority'), 'hex'));
    this.genesis = buildGenesis(timestampOf(0), {
      Version: 2,
      Consensus: { Kind: 'lottery', Salt: salt, Commitment: this.#links.commitment, Links: rounds + 1 },
      Authority: this.#authority.key,
    });
  }

  /** The link that block `index` reveals. Only the operator knows it beforehand. */
  reveal(index: number): string {
    return this.#links.at(index);
  }

  /** What the authority says when it seals a pool. */
  seal(pool: SealedPool): PoolStatement {
    return { Pool: pool, Signature: this.#authority.sign(poolText(this.genesis.Hash, pool)) };
  }

  /** Draws the block after the one with this index and Hash from these candidates. */
  draw(before: { readonly Index: number; readonly Hash: string }, candidates: readonly Candidate[]): DrawnBlock {
    const pool = new Pool();
    for (const candidate of candidates) pool.add(candidate);
    const frozen = pool.freeze();
    const index = before.Index + 1;
    return buildBlock({
      index,
      timestamp: timestampOf(index),
      prevHash: before.Hash,
      chainId: this.genesis.Hash,
      authority: this.#authority,
      reveal: this.reveal(index),
      nextCommitment: undefined,
      pool: frozen,
      tree: runToEnd(SumTree.grow(frozen.leaves)),
    });
  }
}

/** A candidate whose address comes from its name. */
export function candidateNamed(name: string, stake: bigint): Candidate {
  return { validator: taggedHash('leaf', 'lab', name), stake, payload: 70 };
}

/** A block every thirty seconds. */
function timestampOf(index: number): string {
  return new Date(Date.UTC(2026, 0, 1) + index * 30_000).toISOString();
}
