import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { IndexedHeap } from '../../src/base/indexed-heap.ts';

interface Item {
  readonly name: number;
  rank: number;
}

describe('a heap with places', () => {
  it('has at hand what comes first, whatever is put in, changed and taken out', () => {
    const steps = fc.array(fc.tuple(fc.nat(15), fc.option(fc.nat(9))), { maxLength: 80 });
    fc.assert(
      fc.property(steps, (history) => {
        const heap = new IndexedHeap<Item>((one, other) => one.rank - other.rank < 0);
        const items = Array.from({ length: 16 }, (_, name): Item => ({ name, rank: 0 }));
        const inside = new Set<Item>();
        for (const [name, rank] of history) {
          const item = items[name];
          if (item === undefined) throw new Error(`no item ${name}`);
          if (rank === null) {
            heap.remove(item);
            inside.delete(item);
          } else {
            item.rank = rank;
            heap.put(item);
            inside.add(item);
          }
          expect(heap.size).toBe(inside.size);
          expect(heap.first?.rank).toBe(
            inside.size === 0 ? undefined : Math.min(...[...inside].map((one) => one.rank)),
          );
        }
        const ranks: number[] = [];
        for (let first = heap.first; first !== undefined; first = heap.first) {
          ranks.push(first.rank);
          expect(inside.delete(first)).toBe(true);
          heap.remove(first);
        }
        expect(ranks).toEqual([...ranks].sort((one, other) => one - other));
        expect(inside.size).toBe(0);
      }),
    );
  });

  it('compares as often as the logarithm of its size says, not as its size', () => {
    let comparisons = 0;
    const heap = new IndexedHeap<Item>((one, other) => {
      comparisons += 1;
      return one.rank < other.rank;
    });
    const items = Array.from({ length: 4096 }, (_, name): Item => ({ name, rank: (name * 7919) % 4096 }));
    for (const item of items) heap.put(item);
    for (const item of items.slice(0, 1000)) {
      comparisons = 0;
      item.rank = (item.rank * 31) % 5000;
      heap.put(item);
      // Up to 12 levels, each with one comparison on the way up or two on the way down, and one more where it stops.
      expect(comparisons).toBeLessThanOrEqual(12 + 2 * 12 + 2);
    }
  });
});
