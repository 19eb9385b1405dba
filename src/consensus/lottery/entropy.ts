import { inTurns, type Turns } from '../../base/run-to-end.ts';
import { HashChain, isLastLink } from '../../core/hash-chain.ts';
import type { ChainSecrets } from '../engine.ts';

/**
 * Where a part of a draw's randomness comes from. It is asked for once for each block, after the pool of that block was frozen and never before,
 * and may take its time: what is not known yet has to be waited for. The rules of the lottery verify each part by what the genesis says of it.
 */
export interface Entropy<Part> {
  /** The part of block `index`. */
  part(index: number): Promise<Part>;
}

/** A link of the hash chain of secrets, and where a series ends the commitment to the next. The rules `link` and `next-commitment` verify it. */
export interface Reveal {
  readonly link: string;
  readonly nextCommitment: string | undefined;
}

/** The place of a chain in its series of secrets, by the word of its tip. */
export interface RevealPlace {
  /** The last block. */
  readonly index: number;
  readonly salt: string;
  /** How many links a series has. */
  readonly links: number;
}

/** Reveals the links of the node's own hash chains of secrets, one for each block. */
export class HashChainEntropy implements Entropy<Reveal> {
  readonly #turns: Turns;
  readonly #secrets: ChainSecrets;
  readonly #place: Pick<RevealPlace, 'salt' | 'links'>;
  #series: HashChain;

  private constructor(turns: Turns, secrets: ChainSecrets, place: RevealPlace, series: HashChain) {
    this.#turns = turns;
    this.#secrets = secrets;
    this.#place = place;
    this.#series = series;
  }

  /** Makes the series that a chain is in. */
  static async open(turns: Turns, secrets: ChainSecrets, place: RevealPlace): Promise<HashChainEntropy> {
    const { index, salt, links } = place;
    const series = await makeSeries(turns, secrets, salt, Math.floor(index / links), links);
    return new HashChainEntropy(turns, secrets, place, series);
  }

  /** The link of the last block: what its reveal is, or the commitment that it carries. */
  linkOf(index: number): string {
    return this.#series.at(index);
  }

  async part(index: number): Promise<Reveal> {
    const { salt, links } = this.#place;
    const next = isLastLink(index, links)
      ? await makeSeries(this.#turns, this.#secrets, salt, index / links, links)
      : undefined;
    // An operator may have set the chain of a sandbox back behind the beginning of the series.
    if (index <= this.#series.first) {
      this.#series = await makeSeries(this.#turns, this.#secrets, salt, Math.floor((index - 1) / links), links);
    }
    const link = this.#series.at(index);
    this.#series = next ?? this.#series;
    return { link, nextCommitment: next?.commitment };
  }
}

/** Makes series of secrets number `series`, in turns. */
export function makeSeries(
  turns: Turns,
  secrets: ChainSecrets,
  salt: string,
  series: number,
  links: number,
): Promise<HashChain> {
  return inTurns(turns, HashChain.make(salt, series, links, secrets.lastLink(salt, series)));
}
