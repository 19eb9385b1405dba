import { inTurns } from '../../base/run-to-end.ts';
import type { GenesisLedger } from '../../core/block.ts';
import { buildBlock, buildGenesis, drawnTicket } from '../../core/build-block.ts';
import type { Signer } from '../../core/keys.ts';
import type { FrozenPool } from '../../core/pool.ts';
import { SumTree } from '../../core/sum-tree.ts';
import type { BlockDraft } from '../../ledger/block-draft.ts';
import type { SignedCandidate } from '../../ledger/candidate.ts';
import type { Clock } from '../clock.ts';
import type { ChainSecrets, StoredBlock } from '../engine.ts';
import type { Tip } from '../verifier.ts';
import { type Entropy, HashChainEntropy, makeSeries, type Reveal } from './entropy.ts';
import { LotteryRules } from './lottery-rules.ts';

/** What a block takes of the ledger of its chain. */
export interface LedgerPart {
  /** The ledger inside of the block, with its transactions. */
  readonly draft: BlockDraft;
  /** The signed candidates of the pool, in its order. */
  readonly candidates: readonly SignedCandidate[];
}

export interface LotteryProposerPorts {
  readonly clock: Clock;
  readonly secrets: ChainSecrets;
}

/** Makes the blocks of a lottery: has the authority's key, and asks for entropy once for each frozen pool that it draws from. */
export class LotteryProposer {
  readonly #clock: Clock;
  readonly #authority: Signer;
  readonly #entropy: Entropy<Reveal>;

  private constructor(clock: Clock, authority: Signer, entropy: Entropy<Reveal>) {
    this.#clock = clock;
    this.#authority = authority;
    this.#entropy = entropy;
  }

  /** The genesis of a new lottery, whose series of secrets have `links` links. */
  static async makeGenesis(
    { clock, secrets }: LotteryProposerPorts,
    links: number,
    ledger?: GenesisLedger,
  ): Promise<StoredBlock> {
    const salt = secrets.newSalt();
    const { commitment } = await makeSeries(clock, secrets, salt, 0, links);
    const block = buildGenesis(clock.timestamp(), {
      Version: 2,
      Consensus: { Kind: 'lottery', Salt: salt, Commitment: commitment, Links: links },
      Authority: secrets.authority(salt).key,
      ...(ledger === undefined ? {} : { Ledger: ledger }),
    });
    return { block, text: JSON.stringify(block), body: [] };
  }

  /** The one who continues the lottery with this tip; undefined when the secrets are not those that it was begun with. */
  static async open({ clock, secrets }: LotteryProposerPorts, tip: Tip): Promise<LotteryProposer | undefined> {
    if (!(tip.seal instanceof LotteryRules)) throw new Error(`a chain of the kind ${tip.form.kind} is no lottery`);
    const { salt, links, link } = tip.seal;
    const entropy = await HashChainEntropy.open(clock, secrets, { index: tip.index, salt, links });
    const authority = secrets.authority(salt);
    if (entropy.linkOf(tip.index) !== link || authority.key !== tip.authority) return undefined;
    return new LotteryProposer(clock, authority, entropy);
  }

  /** Draws the winner of a frozen pool and builds and signs its block behind `tip`. Once for each place of the chain: every call reveals a secret. */
  async build(tip: Tip, pool: FrozenPool, ledger?: LedgerPart): Promise<StoredBlock> {
    const tree = await inTurns(this.#clock, SumTree.grow(pool.leaves));
    const index = tip.index + 1;
    const { link, nextCommitment } = await this.#entropy.part(index);
    const timestamp = this.#clock.timestamp();
    const parts = {
      index,
      // The wall clock may have gone back; the chain's time never does (SPEC 4).
      timestamp: timestamp < tip.timestamp ? tip.timestamp : timestamp,
      prevHash: tip.hash,
      chainId: tip.chainId,
      authority: this.#authority,
      reveal: link,
      nextCommitment,
      pool,
      tree,
    };
    if (ledger === undefined) {
      const block = buildBlock(parts);
      return { block, text: JSON.stringify(block), body: pool.candidates };
    }
    const { draft, candidates: Candidates } = ledger;
    const { summary } = await inTurns(this.#clock, draft.finish(drawnTicket(parts).winner.validator));
    const block = buildBlock(parts, summary);
    const signed = { Transactions: draft.transactions, Candidates };
    return { block, text: JSON.stringify(block), body: pool.candidates, signed };
  }
}
