import { inTurns } from '../../base/run-to-end.ts';
import { poolText } from '../../core/beacon.ts';
import type { Beacon, BeaconRound, GenesisLedger } from '../../core/block.ts';
import { buildBlock, buildGenesis, type DrawParts, drawnTicket } from '../../core/build-block.ts';
import type { Signer } from '../../core/keys.ts';
import type { FrozenPool } from '../../core/pool.ts';
import { SumTree } from '../../core/sum-tree.ts';
import type { Clock } from '../clock.ts';
import type { ChainSecrets, StoredBlock } from '../engine.ts';
import type { Tip } from '../verifier.ts';
import { type Entropy, HashChainEntropy, makeSeries, type Reveal } from './entropy.ts';
import { LotteryRules } from './lottery-rules.ts';
import type { LedgerPart, SealedDraw } from './sealed-draw.ts';

/** What a block is made of besides its place. */
interface DrawnParts extends Pick<DrawParts, 'pool' | 'tree'> {
  readonly ledger: LedgerPart | undefined;
  readonly seal: DrawParts['seal'] | undefined;
  /** Where it is fixed already. */
  readonly timestamp?: string;
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
  /** The beacons that the draws wait for; none where they wait for nothing. */
  readonly beacons: readonly Beacon[];

  private constructor(clock: Clock, authority: Signer, entropy: Entropy<Reveal>, beacons: readonly Beacon[]) {
    this.#clock = clock;
    this.beacons = beacons;
    this.#authority = authority;
    this.#entropy = entropy;
  }

  /** The genesis of a new lottery, whose series of secrets have `links` links, and whose draws wait for these beacons. */
  static async makeGenesis(
    { clock, secrets }: LotteryProposerPorts,
    links: number,
    ledger?: GenesisLedger,
    beacons: readonly Beacon[] = [],
  ): Promise<StoredBlock> {
    const salt = secrets.newSalt();
    const { commitment } = await makeSeries(clock, secrets, salt, 0, links);
    const block = buildGenesis(clock.timestamp(), {
      Version: 2,
      Consensus: { Kind: 'lottery', Salt: salt, Commitment: commitment, Links: links },
      Authority: secrets.authority(salt).key,
      ...(beacons.length === 0 ? {} : { Beacons: beacons }),
      ...(ledger === undefined ? {} : { Ledger: ledger }),
    });
    return { block, text: JSON.stringify(block), body: [] };
  }

  /** The one who continues the lottery with this tip; undefined when the secrets are not those that it was begun with. */
  static async open({ clock, secrets }: LotteryProposerPorts, tip: Tip): Promise<LotteryProposer | undefined> {
    if (!(tip.seal instanceof LotteryRules)) throw new Error(`a chain of the kind ${tip.form.kind} is no lottery`);
    const { salt, links, link, beacons } = tip.seal;
    const entropy = await HashChainEntropy.open(clock, secrets, { index: tip.index, salt, links });
    const authority = secrets.authority(salt);
    if (entropy.linkOf(tip.index) !== link || authority.key !== tip.authority) return undefined;
    return new LotteryProposer(clock, authority, entropy, beacons);
  }

  /** Seals a frozen pool for the block behind `tip` (SPEC 5.2): from here on nothing can change it. */
  async seal(tip: Tip, pool: FrozenPool, ledger: LedgerPart | undefined): Promise<SealedDraw> {
    const tree = await inTurns(this.#clock, SumTree.grow(pool.leaves));
    const now = this.#clock.timestamp();
    const seal = {
      Index: tip.index + 1,
      // The wall clock may have gone back; the chain's time never does (SPEC 5.1).
      Sealed: now < tip.timestamp ? tip.timestamp : now,
      PoolRoot: tree.root.hash,
      PoolSize: pool.candidates.length,
      TotalStake: String(tree.root.sum),
      ...(ledger === undefined ? {} : { TransactionRoot: ledger.draft.transactionRoot.hash }),
    };
    return { seal, signature: this.#authority.sign(poolText(tip.chainId, seal)), pool, tree, ledger };
  }

  /** Draws a sealed pool, once its beacons have spoken, as `build` does. */
  async buildSealed(tip: Tip, draw: SealedDraw, beacons: readonly BeaconRound[]): Promise<StoredBlock> {
    const { seal, signature, pool, tree, ledger } = draw;
    const stored = await this.#build(tip, { pool, tree, ledger, seal: { Sealed: seal.Sealed, Beacons: beacons } });
    return { ...stored, seal: signature };
  }

  /** Draws the winner of a frozen pool and builds and signs its block behind `tip`. Once for each place of the chain: every call reveals a secret. */
  async build(tip: Tip, pool: FrozenPool, ledger?: LedgerPart): Promise<StoredBlock> {
    const tree = await inTurns(this.#clock, SumTree.grow(pool.leaves));
    return this.#build(tip, { pool, tree, ledger, seal: undefined });
  }

  /** The same in a chain without a ledger, with a Timestamp that was fixed before: whoever has the secrets makes the very same block. */
  async buildAt(timestamp: string, tip: Tip, pool: FrozenPool): Promise<StoredBlock> {
    const tree = await inTurns(this.#clock, SumTree.grow(pool.leaves));
    return this.#build(tip, { pool, tree, ledger: undefined, seal: undefined, timestamp });
  }

  async #build(tip: Tip, { pool, tree, ledger, seal, timestamp: fixed }: DrawnParts): Promise<StoredBlock> {
    const index = tip.index + 1;
    const { link, nextCommitment } = await this.#entropy.part(index);
    const timestamp = fixed ?? this.#clock.timestamp();
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
      ...(seal === undefined ? {} : { seal }),
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
