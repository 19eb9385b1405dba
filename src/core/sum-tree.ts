import { hashOfWritten, taggedHash } from './hash.ts';

/** A leaf or a node of the tree: its hash, and the tokens below it. */
export interface SumNode {
  readonly hash: string;
  readonly sum: bigint;
}

/** One step of an inclusion proof, from a leaf towards the root: the sibling, and its side (SPEC 4). */
export interface ProofStep {
  readonly Side: 'left' | 'right';
  readonly Hash: string;
  readonly Stake: string;
}

/** leaf = H("leaf", Validator, Stake, BPM) with sum Stake (SPEC 3). */
export function leafNode(validator: string, stake: bigint, bpm: number): SumNode {
  return { hash: taggedHash('leaf', validator, String(stake), bpm), sum: stake };
}

/** node = H("node", left hash, left sum, right hash, right sum) with sum left + right (SPEC 3). */
export function parentNode(left: SumNode, right: SumNode): SumNode {
  return {
    hash: hashOfWritten('node', `"${left.hash}","${left.sum}","${right.hash}","${right.sum}"`),
    sum: left.sum + right.sum,
  };
}

/** The parent of `node`, whose other child is one step of an inclusion proof: `path.reduce(hashUp, leaf)` is the root (SPEC 4). */
export function hashUp(node: SumNode, { Side, Hash, Stake }: ProofStep): SumNode {
  const sibling = { hash: Hash, sum: BigInt(Stake) };
  return Side === 'left' ? parentNode(sibling, node) : parentNode(node, sibling);
}

/** The first ticket of the leaf of an inclusion proof: the number of tokens to the left of that leaf (SPEC 4). */
export function firstTicket(path: readonly ProofStep[]): bigint {
  return path.reduce((tokens, { Side, Stake }) => (Side === 'left' ? tokens + BigInt(Stake) : tokens), 0n);
}

/**
 * A Merkle sum tree: every node commits to the tokens below it, so a path to the root also proves which tickets
 * its leaf holds. The shape is that of RFC 9162, section 2.1 (n leaves split at the largest power of two below n),
 * which is the same as pairing neighbours level by level and passing a last odd node up unchanged.
 */
export class SumTree {
  /** Level 0 holds the leaves, the last level the root alone. */
  readonly #levels: readonly (readonly SumNode[])[];
  readonly root: SumNode;

  private constructor(levels: readonly (readonly SumNode[])[], root: SumNode) {
    this.#levels = levels;
    this.root = root;
  }

  /** Grows the tree over at least one leaf. Yields after every hash, so that a caller can grow it in turns. */
  static *grow(leaves: readonly SumNode[]): Generator<void, SumTree> {
    const levels: (readonly SumNode[])[] = [leaves];
    let level = leaves;
    while (level.length > 1) {
      const parents: SumNode[] = [];
      for (let index = 0; index < level.length; index += 2) {
        const left = nodeAt(level, index);
        const right = level[index + 1];
        parents.push(right === undefined ? left : parentNode(left, right));
        yield;
      }
      levels.push(parents);
      level = parents;
    }
    return new SumTree(levels, nodeAt(level, 0));
  }

  /** The index of the leaf that holds `ticket`, 0 … root.sum - 1. Descends from the root, one step a level. Throws a RangeError for others. */
  leafOf(ticket: bigint): number {
    if (ticket < 0n || ticket >= this.root.sum) {
      throw new RangeError(`ticket ${ticket} is not one of the ${this.root.sum} in the pool`);
    }
    let index = 0;
    let offset = ticket;
    for (const level of this.#levels.slice(0, -1).reverse()) {
      index *= 2;
      const left = nodeAt(level, index);
      if (offset >= left.sum) {
        offset -= left.sum;
        index += 1;
      }
    }
    return index;
  }

  /** The inclusion proof of a leaf: the path from it to the root. */
  inclusionProof(leafIndex: number): readonly ProofStep[] {
    return inclusionProof(this.#levels, leafIndex);
  }
}

/**
 * The inclusion proof of a leaf of a tree that is kept as levels, the leaves first and the root last: the path from the leaf to the root. Throws
 * a RangeError when there is no such leaf.
 */
export function inclusionProof(levels: readonly (readonly SumNode[])[], leafIndex: number): readonly ProofStep[] {
  nodeAt(levels[0] ?? [], leafIndex);
  const steps: ProofStep[] = [];
  let index = leafIndex;
  for (const level of levels.slice(0, -1)) {
    const isRight = index % 2 === 1;
    const sibling = level[isRight ? index - 1 : index + 1];
    if (sibling !== undefined) {
      steps.push({ Side: isRight ? 'left' : 'right', Hash: sibling.hash, Stake: String(sibling.sum) });
    }
    index = Math.floor(index / 2);
  }
  return steps;
}

/** The leaf that an inclusion proof with these sides belongs to in a tree of `leafCount` leaves; undefined where no leaf has them. */
export function leafIndexOf(path: readonly ProofStep[], leafCount: number): number | undefined {
  let first = 0;
  let leaves = leafCount;
  for (const { Side } of [...path].reverse()) {
    if (leaves < 2) return undefined;
    const left = largestPowerOfTwoBelow(leaves);
    if (Side === 'left') first += left;
    leaves = Side === 'right' ? left : leaves - left;
  }
  return leaves === 1 ? first : undefined;
}

/**
 * True when a path with these sides exists in a tree of `leafCount` leaves: read from the root down, every step must
 * fall on a subtree that the split of RFC 9162 really has, and the last on a single leaf.
 */
export function hasProofShape(path: readonly ProofStep[], leafCount: number): boolean {
  return leafIndexOf(path, leafCount) !== undefined;
}

function largestPowerOfTwoBelow(count: number): number {
  let power = 1;
  while (power * 2 < count) power *= 2;
  return power;
}

/** Node `index` of a level of a tree. Throws a RangeError when there is none. */
export function nodeAt(level: readonly SumNode[], index: number): SumNode {
  const node = level[index];
  if (node === undefined) throw new RangeError(`no node ${index} among ${level.length}`);
  return node;
}
