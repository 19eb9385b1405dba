import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { runToEnd } from '../../src/base/run-to-end.ts';
import { hashUp, leafNode, type SumNode, SumTree } from '../../src/core/sum-tree.ts';
import { AccountTree } from '../../src/ledger/account-tree.ts';
import { cases } from '../effort.ts';

function leaf(name: string): SumNode {
  return leafNode(name, BigInt(name.length), 0);
}

function leavesOf(names: readonly string[]): ReadonlyMap<number, SumNode> {
  return new Map(names.map(leaf).entries());
}

/** The root over all leaves, built at once. */
function naiveRoot(names: readonly string[]): SumNode {
  return names.length === 0 ? { hash: '', sum: 0n } : runToEnd(SumTree.grow(names.map(leaf))).root;
}

/** Changes of leaves by place, how many of the last ones go, and how many new ones are appended. */
const steps = fc.array(
  fc.record({ changed: fc.array(fc.nat(200), { maxLength: 6 }), gone: fc.nat(20), appended: fc.nat(9) }),
  { minLength: 1, maxLength: 8 },
);

describe('the tree of accounts', () => {
  it('has the root of a tree that is built at once, whatever changes and however it grows or shrinks, and goes back', () => {
    fc.assert(
      fc.property(fc.nat(40), steps, (first, changes) => {
        const tree = new AccountTree();
        const names = Array.from({ length: first }, (_, place) => `first ${place}`);
        tree.swap(runToEnd(tree.patch(leavesOf(names), names.length)));
        expect(tree.root).toEqual(naiveRoot(names));
        for (const [step, { changed, gone, appended }] of changes.entries()) {
          const before = [...names];
          const others = new Map<number, SumNode>();
          const set = (place: number): void => {
            names[place] = `step ${step} ${place}`;
            others.set(place, leaf(`step ${step} ${place}`));
          };
          const isGrowing = appended > 0;
          if (!isGrowing) names.splice(Math.max(0, names.length - gone));
          for (const place of changed) if (place < names.length) set(place);
          for (let count = 0; count < appended; count++) set(names.length);

          const patch = runToEnd(tree.patch(others, names.length));
          expect(tree.root).toEqual(naiveRoot(before));
          const back = tree.swap(patch);
          expect(tree.root).toEqual(naiveRoot(names));
          expect(patch.root).toEqual(tree.root);
          const forth = tree.swap(back);
          expect(tree.root).toEqual(naiveRoot(before));
          tree.swap(forth);
          for (const [place, name] of names.entries()) {
            expect(tree.inclusionProof(place).reduce(hashUp, leaf(name))).toEqual(tree.root);
          }
        }
      }),
      { numRuns: cases(100) },
    );
  });

  it('computes the nodes above changed leaves and no others', () => {
    const count = 3000;
    const tree = new AccountTree();
    tree.swap(runToEnd(tree.patch(leavesOf(Array.from({ length: count }, (_, place) => `${place}`)), count)));
    const changed = Array.from({ length: 100 }, (_, place) => (place * 7919) % count);
    const leaves = new Map([...changed, count, count + 1].map((place) => [place, leaf(`other ${place}`)]));
    const above = new Set<string>();
    for (let level = 1, length = count + 2; length > 1; level++, length = Math.ceil(length / 2)) {
      for (const place of leaves.keys()) above.add(`${level} ${Math.floor(place / 2 ** level)}`);
    }
    const { levels } = runToEnd(tree.patch(leaves, count + 2));
    expect(levels.slice(1).flatMap(({ places }) => places)).toHaveLength(above.size);
  });

  it('wants every new leaf, and none that goes', () => {
    const tree = new AccountTree();
    tree.swap(runToEnd(tree.patch(leavesOf(['a', 'b']), 2)));
    expect(() => runToEnd(tree.patch(leavesOf(['c', 'd']), 1))).toThrow(RangeError);
    tree.swap(runToEnd(tree.patch(new Map(), 0)));
    expect(() => runToEnd(tree.patch(new Map([[0, leaf('a')]]), 2))).toThrow(RangeError);
    expect(() => tree.inclusionProof(0)).toThrow(RangeError);
  });
});
