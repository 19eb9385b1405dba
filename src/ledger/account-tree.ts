import { limits } from '../base/limits.ts';
import { inclusionProof, nodeAt, type ProofStep, parentNode, type SumNode } from '../core/sum-tree.ts';

/** Nodes of one level that are others, with their places on it, from 0, in order. */
interface PlacedNodes {
  readonly places: readonly number[];
  readonly nodes: readonly SumNode[];
}

/** Another tree as what differs from this one: its number of leaves, and on each level, the leaves first, the nodes that are others. */
export interface TreePatch {
  readonly root: SumNode;
  readonly leafCount: number;
  readonly levels: readonly PlacedNodes[];
}

/**
 * The tree of accounts: the sum tree of SPEC 3, kept while its leaves change and new ones are appended. A change costs the hashes on the paths
 * from the changed leaves to the root and no others.
 */
export class AccountTree {
  /** Level 0 holds the leaves, the last level the root alone. */
  readonly #levels: SumNode[][];

  constructor(levels: readonly (readonly SumNode[])[] = [[]]) {
    this.#levels = levels.map((level) => [...level]);
  }

  /** The same tree, which goes on by itself. Copies references, and computes no hash. */
  fork(): AccountTree {
    return new AccountTree(this.#levels);
  }

  /** The root of nothing is "" with sum 0. */
  get root(): SumNode {
    return this.#levels.at(-1)?.[0] ?? { hash: '', sum: 0n };
  }

  /**
   * The patch that sets these leaves in a tree of `leafCount` leaves: each new one must be given, and the last ones go where there were more. The
   * tree is not changed. Yields after every few hashes, so that a caller can make it in turns.
   */
  *patch(leaves: ReadonlyMap<number, SumNode>, leafCount: number): Generator<void, TreePatch> {
    const firstNew = this.#levels[0]?.length ?? 0;
    // Where leaves go, the nodes above the one that is the last from then on are others.
    const last = leafCount - 1;
    const edge = leafCount > 0 && leafCount < firstNew && !leaves.has(last) ? [last] : [];
    const places = [...leaves.keys(), ...edge].sort((one, other) => one - other);
    const newCount = places.filter((place) => place >= firstNew && place < leafCount).length;
    if (newCount !== Math.max(0, leafCount - firstNew))
      throw new RangeError(`${newCount} of ${leafCount - firstNew} new leaves are given`);
    if (places.some((place) => place >= leafCount)) throw new RangeError('a leaf is given that goes');
    const leavesBefore = this.#levels[0] ?? [];
    let changed: PlacedNodes = {
      places,
      nodes: places.map((place) => leaves.get(place) ?? nodeAt(leavesBefore, place)),
    };
    const levels = [changed];
    for (let length = leafCount, depth = 0; length > 1; length = Math.ceil(length / 2), depth++) {
      changed = yield* parentsOf(changed, this.#levels[depth] ?? [], length);
      levels.push(changed);
    }
    const root = leafCount === 0 ? { hash: '', sum: 0n } : this.root;
    return { root: changed.nodes[0] ?? root, leafCount, levels };
  }

  /** Becomes the other tree of a patch. Returns the patch that leads back. Computes no hash. */
  swap(patch: TreePatch): TreePatch {
    const { root } = this;
    const depthBefore = this.#levels.length;
    const leafCount = this.#levels[0]?.length ?? 0;
    const levels: PlacedNodes[] = [];
    let length = patch.leafCount;
    for (let depth = 0; depth < Math.max(depthBefore, patch.levels.length); depth++) {
      const level = this.#levels[depth] ?? [];
      this.#levels[depth] = level;
      const others = patch.levels[depth];
      levels.push(others === undefined ? setNodes(level, 0, noNodes) : setNodes(level, length, others));
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

const noNodes: PlacedNodes = { places: [], nodes: [] };

/** The nodes above those that are others, on a level of `length` nodes that is otherwise as it was. Yields after every few hashes. */
function* parentsOf(
  { places, nodes }: PlacedNodes,
  level: readonly SumNode[],
  length: number,
): Generator<void, PlacedNodes> {
  const above: number[] = [];
  const parents: SumNode[] = [];
  for (let next = 0; next < places.length; next++) {
    const place = places[next] ?? 0;
    const node = nodeAt(nodes, next);
    above.push(Math.floor(place / 2));
    if (place % 2 === 1) parents.push(parentNode(nodeAt(level, place - 1), node));
    // The parent of two changed siblings is made with the left one.
    else if (places[next + 1] === place + 1) parents.push(parentNode(node, nodeAt(nodes, ++next)));
    // A last odd node is passed up unchanged.
    else parents.push(place + 1 === length ? node : parentNode(node, nodeAt(level, place + 1)));
    if (parents.length % limits.hashesPerStep === 0) yield;
  }
  return { places: above, nodes: parents };
}

/** Sets nodes of a level that is `length` nodes long afterwards. Returns those that stood in their places, or behind the end. */
function setNodes(level: SumNode[], length: number, others: PlacedNodes): PlacedNodes {
  const places: number[] = [];
  const nodes: SumNode[] = [];
  const keep = (place: number): void => {
    const node = level[place];
    if (node === undefined) return;
    places.push(place);
    nodes.push(node);
  };
  for (const place of others.places) keep(place);
  for (let place = length; place < level.length; place++) keep(place);
  level.length = Math.min(level.length, length);
  for (const [next, place] of others.places.entries()) level[place] = nodeAt(others.nodes, next);
  return { places, nodes };
}
