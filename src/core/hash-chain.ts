import { hashOfLink } from './hash.ts';

/** The link before link `index`. Computing it from a reveal checks that the reveal belongs to the commitment (SPEC 3). */
export function previousLink(salt: string, index: number, link: string): string {
  return hashOfLink(salt, index, link);
}

/** True when block `index` reveals the last link of its chain, and so must carry the next commitment. */
export function isLastLink(index: number, linksPerChain: number): boolean {
  return index % linksPerChain === 0;
}

/**
 * A hash chain of secrets: computed backwards from its last link, revealed forwards, one link a block. Chain k holds the links
 * k × linksPerChain (its commitment) to (k + 1) × linksPerChain.
 */
export class HashChain {
  readonly first: number;
  readonly last: number;
  readonly #links: readonly string[];

  private constructor(first: number, links: readonly string[]) {
    this.first = first;
    this.last = first + links.length - 1;
    this.#links = links;
  }

  /** Makes chain number `chain` from its last link. Yields after every hash, so that a caller can make it in turns. */
  static *make(salt: string, chain: number, linksPerChain: number, lastLink: string): Generator<void, HashChain> {
    const first = chain * linksPerChain;
    const links = new Array<string>(linksPerChain + 1).fill(lastLink);
    let link = lastLink;
    for (let offset = linksPerChain; offset > 0; offset--) {
      link = previousLink(salt, first + offset, link);
      links[offset - 1] = link;
      yield;
    }
    return new HashChain(first, links);
  }

  /** The link that is published before any other link of this chain is revealed. */
  get commitment(): string {
    return this.at(this.first);
  }

  /** Link `index`; throws a RangeError when it belongs to another chain. */
  at(index: number): string {
    const link = this.#links[index - this.first];
    if (link === undefined) throw new RangeError(`link ${index} is not in this chain (${this.first} to ${this.last})`);
    return link;
  }
}
