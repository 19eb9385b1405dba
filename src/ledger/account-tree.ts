import { inclusionProof, nodeAt, type ProofStep, parentNode, type SumNode } from '../core/sum-tree.ts';

/** A node and its place on its level, from 0. */
interface PlacedNode {
  readonly place: number;
  readonly node: SumNode;
}

/** Another tree as what differs from this one: its number of leaves, and on each level, the leaves first, the nodes that are others, in order. */
export interface TreePatch {
  readonly root: SumNode;
  readonly leafCount: number;
  readonly levels: readonly (readonly PlacedNode[])[];
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
   * The patch that sets these leaves in a tree of `leafCount` leaves: each new one must be given, and the last ones go where there were more. The
   * tree is not changed. Yields after every hash, so that a caller can make it in turns.
   */
  *patch(leaves: ReadonlyMap<number, SumNode>, leafCount: number): Generator<void, TreePatch> {
    const firstNew = this.#levels[0]?.length ?? 0;
    // Where leaves go, the nodes above the one that is the last from then on are others.
    const last = leafCount - 1;
    const edge = leafCount > 0 && leafCount < firstNew && !leaves.has(last) ? [last] : [];
    let changed = [
      ...Array.from(leaves, ([place, node]): PlacedNode => ({ place, node })),
      ...edge.map((place): PlacedNode => ({ place, node: nodeAt(this.#levels[0] ?? [], place) })),
    ].sort(byPlace);
    const newCount = changed.filter(({ place }) => place >= firstNew && place < leafCount).length;
    if (newCount !== Math.max(0, leafCount - firstNew))
      throw new RangeError(`${newCount} of ${leafCount - firstNew} new leaves are given`);
    if (changed.some(({ place }) => place >= leafCount)) throw new RangeError('a leaf is given that goes');
    const levels = [changed];
    for (let length = leafCount, depth = 0; length > 1; length = Math.ceil(length / 2), depth++) {
      const level = this.#levels[depth] ?? [];
      const parents: PlacedNode[] = [];
      for (const [next, { place, node }] of changed.entries()) {
        const isRight = place % 2 === 1;
        const sibling = isRight ? place - 1 : place + 1;
        // The parent of two changed siblings is made with the left one.
        if (isRight && changed[next - 1]?.place === sibling) continue;
        const after = changed[next + 1];
        const other = after?.place === sibling ? after.node : sibling < length ? nodeAt(level, sibling) : undefined;
        parents.push({ place: Math.floor(place / 2), node: isRight ? joined(other, node) : joined(node, other) });
        yield;
      }
      levels.push(parents);
      changed = parents;
    }
    const root = leafCount === 0 ? { hash: '', sum: 0n } : this.root;
    return { root: changed[0]?.node ?? root, leafCount, levels };
  }

  /** Becomes the other tree of a patch. Returns the patch that leads back. Computes no hash. */
  swap(patch: TreePatch): TreePatch {
    const { root } = this;
    const depthBefore = this.#levels.length;
    const leafCount = this.#levels[0]?.length ?? 0;
    const levels: (readonly PlacedNode[])[] = [];
    let length = patch.leafCount;
    for (let depth = 0; depth < Math.max(depthBefore, patch.levels.length); depth++) {
      const level = this.#levels[depth] ?? [];
      this.#levels[depth] = level;
      const others = patch.levels[depth];
      levels.push(others === undefined ? setNodes(level, 0, []) : setNodes(level, length, others));
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

/** The parent of two siblings. A last odd node is passed up unchanged. */
function joined(left: SumNode | undefined, right: SumNode | undefined): SumNode {
  if (left === undefined) throw new RangeError('a right node has a left sibling');
  return right === undefined ? left : parentNode(left, right);
}

function byPlace(one: PlacedNode, other: PlacedNode): number {
  return one.place - other.place;
}

/** Sets nodes of a level that is `length` nodes long afterwards. Returns those that stood in their places, or behind the end. */
function setNodes(level: SumNode[], length: number, others: readonly PlacedNode[]): readonly PlacedNode[] {
  const before: PlacedNode[] = [];
  for (const { place } of others) {
    const node = level[place];
    if (node !== undefined) before.push({ place, node });
  }
  for (let place = length; place < level.length; place++) before.push({ place, node: nodeAt(level, place) });
  level.length = Math.min(level.length, length);
  for (const { place, node } of others) level[place] = node;
  return before;
}
