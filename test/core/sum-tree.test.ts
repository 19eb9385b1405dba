import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { runToEnd } from '../../src/base/run-to-end.ts';
import {
  firstTicket,
  hashUp,
  hasProofShape,
  leafNode,
  type ProofStep,
  parentNode,
  type SumNode,
  SumTree,
} from '../../src/core/sum-tree.ts';
import { hexOf } from './build-chain.ts';

const stakes = fc.array(fc.bigInt({ min: 1n, max: 10n ** 18n }), { minLength: 1, maxLength: 70 });

function leavesOf(amounts: readonly bigint[]): readonly SumNode[] {
  return amounts.map((stake, place) => leafNode(hexOf(place), stake, place));
}

/** The tree as RFC 9162 writes it down: split at the largest power of two below n, and recurse. */
function rootByRecursion(leaves: readonly SumNode[]): SumNode {
  const [only] = leaves;
  if (only === undefined) throw new Error('a tree has at least one leaf');
  if (leaves.length === 1) return only;
  let split = 1;
  while (split * 2 < leaves.length) split *= 2;
  return parentNode(rootByRecursion(leaves.slice(0, split)), rootByRecursion(leaves.slice(split)));
}

/** The sides of the path of one leaf, by the same recursion, from the leaf to the root. */
function sidesByRecursion(leafIndex: number, leafCount: number): readonly ('left' | 'right')[] {
  if (leafCount === 1) return [];
  let split = 1;
  while (split * 2 < leafCount) split *= 2;
  return leafIndex < split
    ? [...sidesByRecursion(leafIndex, split), 'right']
    : [...sidesByRecursion(leafIndex - split, leafCount - split), 'left'];
}

describe('the Merkle sum tree', () => {
  it('has the shape of RFC 9162, for any number of leaves', () => {
    for (let count = 1; count <= 130; count++) {
      const leaves = leavesOf(new Array<bigint>(count).fill(3n));
      expect(runToEnd(SumTree.grow(leaves)).root).toEqual(rootByRecursion(leaves));
    }
  });

  it('sums up the tokens below its root', () => {
    fc.assert(
      fc.property(stakes, (amounts) => {
        const { root } = runToEnd(SumTree.grow(leavesOf(amounts)));
        expect(root.sum).toBe(amounts.reduce((sum, stake) => sum + stake, 0n));
      }),
    );
  });

  it('gives each leaf a path that leads to the root, and whose left sums are its first ticket', () => {
    fc.assert(
      fc.property(stakes, fc.nat(), (amounts, choice) => {
        const leaves = leavesOf(amounts);
        const tree = runToEnd(SumTree.grow(leaves));
        const index = choice % leaves.length;
        const path = tree.inclusionProof(index);
        const leaf = leaves[index];
        if (leaf === undefined) throw new Error('no such leaf');
        expect(path.reduce(hashUp, leaf)).toEqual(tree.root);
        expect(path.map(({ Side }) => Side)).toEqual(sidesByRecursion(index, leaves.length));
        expect(firstTicket(path)).toBe(amounts.slice(0, index).reduce((sum, stake) => sum + stake, 0n));
      }),
    );
  });

  it('finds the holder of a ticket as counting does', () => {
    fc.assert(
      fc.property(fc.array(fc.bigInt({ min: 1n, max: 9n }), { minLength: 1, maxLength: 20 }), (amounts) => {
        const tree = runToEnd(SumTree.grow(leavesOf(amounts)));
        const holders = amounts.flatMap((stake, place) => new Array<number>(Number(stake)).fill(place));
        expect(holders.map((_, ticket) => tree.leafOf(BigInt(ticket)))).toEqual(holders);
      }),
    );
  });

  it('has no holder for a ticket past its last, or before its first', () => {
    const tree = runToEnd(SumTree.grow(leavesOf([2n, 3n])));
    expect(tree.leafOf(4n)).toBe(1);
    expect(() => tree.leafOf(5n)).toThrow(RangeError);
    expect(() => tree.leafOf(-1n)).toThrow(RangeError);
    expect(() => tree.inclusionProof(2)).toThrow(RangeError);
  });

  it('has at least one leaf', () => {
    expect(() => runToEnd(SumTree.grow([]))).toThrow(RangeError);
  });
});

describe('the shape of a path', () => {
  it('is one that some leaf of a tree of that many leaves has, and no other', () => {
    for (let leafCount = 1; leafCount <= 20; leafCount++) {
      const real = new Set(Array.from({ length: leafCount }, (_, index) => sidesByRecursion(index, leafCount).join()));
      for (let length = 0; length <= 6; length++) {
        for (let bits = 0; bits < 2 ** length; bits++) {
          const path = Array.from({ length }, (_, step): ProofStep => {
            return { Side: (bits >> step) % 2 === 0 ? 'left' : 'right', Hash: '', Stake: '1' };
          });
          expect(hasProofShape(path, leafCount)).toBe(real.has(path.map(({ Side }) => Side).join()));
        }
      }
    }
  });
});
