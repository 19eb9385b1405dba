import { inTurns } from '../base/run-to-end.ts';
import { LotteryRules } from '../consensus/lottery/lottery-rules.ts';
import type { Tip } from '../consensus/verifier.ts';
import { buildBlock, buildGenesis } from '../core/build-block.ts';
import { HashChain, isLastLink } from '../core/hash-chain.ts';
import type { Signer } from '../core/keys.ts';
import type { FrozenPool } from '../core/pool.ts';
import { SumTree } from '../core/sum-tree.ts';
import type { Chain } from './chain.ts';
import { ChainError, type ChainSecrets, type Clock, type StoredBlock } from './ports.ts';

export interface ProposerPorts {
  readonly clock: Clock;
  readonly secrets: ChainSecrets;
}

/** Makes the blocks of a lottery: has its secrets, and reveals one of them for each frozen pool that it draws from. */
export class Proposer {
  readonly #ports: ProposerPorts;
  readonly #authority: Signer;
  #links: HashChain;

  private constructor(ports: ProposerPorts, authority: Signer, links: HashChain) {
    this.#ports = ports;
    this.#authority = authority;
    this.#links = links;
  }

  /**
   * The one who continues a chain, or founds it with series of secrets of `linksPerChain` links where it is empty. Throws a ChainError when the secrets are
   * not those that the chain was begun with.
   */
  static async open(ports: ProposerPorts, chain: Chain, linksPerChain: number): Promise<Proposer> {
    const tip = chain.tip ?? (await chain.found(await makeGenesis(ports, linksPerChain)));
    const { salt, links: length, link } = lotteryRulesOf(tip);
    const links = await makeLinks(ports, salt, Math.floor(tip.index / length), length);
    const authority = ports.secrets.authority(salt);
    if (links.at(tip.index) !== link || authority.key !== tip.authority) {
      throw new ChainError(
        'the master secret is not the one that this chain was begun with, so its next draw can be neither revealed nor signed',
      );
    }
    return new Proposer(ports, authority, links);
  }

  /** Draws the winner of a frozen pool and builds and signs its block behind `tip`. Once for each place of the chain: every call reveals a secret. */
  async build(tip: Tip, pool: FrozenPool): Promise<StoredBlock> {
    const { clock } = this.#ports;
    const tree = await inTurns(clock, SumTree.grow(pool.leaves));
    const index = tip.index + 1;
    const { salt, links } = lotteryRulesOf(tip);
    const nextLinks = isLastLink(index, links) ? await makeLinks(this.#ports, salt, index / links, links) : undefined;
    const timestamp = clock.timestamp();
    const block = buildBlock({
      index,
      // The wall clock may have gone back; the chain's time never does (SPEC 4).
      timestamp: timestamp < tip.timestamp ? tip.timestamp : timestamp,
      prevHash: tip.hash,
      chainId: tip.chainId,
      authority: this.#authority,
      reveal: this.#links.at(index),
      nextCommitment: nextLinks?.commitment,
      pool,
      tree,
    });
    this.#links = nextLinks ?? this.#links;
    return { block, text: JSON.stringify(block), body: pool.candidates };
  }
}

/** Throws a ChainError for a chain whose blocks are not drawn. */
function lotteryRulesOf({ seal, form }: Tip): LotteryRules {
  if (seal instanceof LotteryRules) return seal;
  throw new ChainError(
    `the chain is of the kind "${form.kind}": it can be read here, but only a lottery can be continued`,
  );
}

async function makeGenesis(ports: ProposerPorts, linksPerChain: number): Promise<StoredBlock> {
  const { clock, secrets } = ports;
  const salt = secrets.newSalt();
  const { commitment } = await makeLinks(ports, salt, 0, linksPerChain);
  const block = buildGenesis(clock.timestamp(), {
    Version: 2,
    Consensus: { Kind: 'lottery', Salt: salt, Commitment: commitment, Links: linksPerChain },
    Authority: secrets.authority(salt).key,
  });
  return { block, text: JSON.stringify(block), body: [] };
}

function makeLinks(
  { clock, secrets }: ProposerPorts,
  salt: string,
  series: number,
  length: number,
): Promise<HashChain> {
  return inTurns(clock, HashChain.make(salt, series, length, secrets.lastLink(salt, series)));
}
