import { inclusionProof, nodeAt, type ProofStep, parentNode, type SumNode } from '../core/sum-tree.ts';

/** Another tree as what differs from this one: its number of leaves, and on each level, the leaves first, the nodes that are others. */
export interface TreePatch {
  readonly root: SumNode;
  readonly leafCount: number;
  readonly levels: readonly ReadonlyMap<number, SumNode>[];
}

/**
 * The tree of accounts: the sum tree of SPEC 3, kept while its leaves change and new ones are appended. A change costs the hashes on the paths
 * from the changed leaves to the root and no others.
 */
export class AccountTree {
  /** Level 0 holds the leaves, the last level the root alone. */
  readonly #levels: SumNode[][] = [[]];

  /** The root of nothing is "" with sum 0. */
  get root(): SumNode {
    return this.#levels.at(-1)?.[0] ?? { hash: '', sum: 0n };
  }

  /**
   * The patch that sets these leaves in a tree of `leafCount` leaves, which is at least as many as there are; each new one must be given. The
   * tree is not changed. Yields after every hash, so that a caller can make it in turns.
   */
  *patch(leaves: ReadonlyMap<number, SumNode>, leafCount: number): Generator<void, TreePatch> {
    const levels = [leaves];
    let changed = leaves;
    for (let length = leafCount, depth = 0; length > 1; length = Math.ceil(length / 2), depth++) {
      const level = this.#levels[depth] ?? [];
      const nodeOf = (index: number): SumNode => changed.get(index) ?? nodeAt(level, index);
      const parents = new Map<number, SumNode>();
      for (const index of changed.keys()) {
        const place = Math.floor(index / 2);
        if (parents.has(place)) continue;
        const left = nodeOf(2 * place);
        // A last odd node is passed up unchanged.
        parents.set(place, 2 * place + 1 < length ? parentNode(left, nodeOf(2 * place + 1)) : left);
        yield;
      }
      levels.push(parents);
      changed = parents;
    }
    return { root: levels.at(-1)?.get(0) ?? this.root, leafCount, levels };
  }

  /** Becomes the other tree of a patch. Returns the patch that leads back. Computes no hash. */
  swap(patch: TreePatch): TreePatch {
    const { root } = this;
    const depthBefore = this.#levels.length;
    const leafCount = this.#levels[0]?.length ?? 0;
    const levels: ReadonlyMap<number, SumNode>[] = [];
    let length = patch.leafCount;
    for (let depth = 0; depth < Math.max(depthBefore, patch.levels.length); depth++) {
      const level = this.#levels[depth] ?? [];
      this.#levels[depth] = level;
      const nodes = patch.levels[depth];
      levels.push(nodes === undefined ? swapNodes(level, 0, new Map()) : swapNodes(level, length, nodes));
      length = Math.ceil(length / 2);
    }
    this.#levels.length = patch.levels.length;
    return { root, leafCount, levels: levels.slice(0, depthBefore) };
  }

  /** The path from a leaf to the root. */
  inclusionProof(leafIndex: number): readonly ProofStep[] {
    return inclusionProof(this.#levels, leafIndex);
  }
}

/** Sets nodes of a level that is `length` nodes long afterwards. Returns those that stood in their places, or behind the end. */
function swapNodes(
  level: SumNode[],
  length: number,
  nodes: ReadonlyMap<number, SumNode>,
): ReadonlyMap<number, SumNode> {
  const before = new Map<number, SumNode>();
  for (const index of nodes.keys()) {
    const node = level[index];
    if (node !== undefined) before.set(index, node);
  }
  for (let index = length; index < level.length; index++) before.set(index, nodeAt(level, index));
  level.length = Math.min(level.length, length);
  for (const [index, node] of nodes) level[index] = node;
  return before;
}
