import { describe, expect, it } from 'vitest';
import { colourOf } from '../../src/web/colours.ts';
import { hexOf } from '../core/build-chain.ts';

const ada = hexOf('ada');

/** The distance of two hues in degrees, the shorter way round. */
function distance(one: number, other: number): number {
  const way = Math.abs(one - other);
  return Math.min(way, 360 - way);
}

describe('the colour of a validator', () => {
  it('comes from its place in the order of joining, whatever its address', () => {
    expect(colourOf(ada, { order: 5 })).toEqual(colourOf(hexOf('bob'), { order: 5 }));
    expect(colourOf(ada, { order: 5 })).not.toEqual(colourOf(ada, { order: 6 }));
    expect(colourOf(ada, { order: 0 })).toEqual({ hue: 0, lightness: 0.52 });
  });

  it('comes from the address where the order is forgotten, and is always the same', () => {
    expect(colourOf(ada, {})).toEqual(colourOf(ada, {}));
    expect(colourOf(ada, {})).not.toEqual(colourOf(hexOf('bob'), {}));
    const { hue } = colourOf('f'.repeat(64), {});
    expect(hue).toBeGreaterThanOrEqual(0);
    expect(hue).toBeLessThan(360);
  });

  it.each([
    [3, 80],
    [8, 30],
  ])('has a hue far from the others in every room of %i who came one after another', (people, apart) => {
    for (let first = 0; first < 500; first++) {
      const hues = Array.from({ length: people }, (_, place) => colourOf(ada, { order: first + place }).hue);
      for (const [place, hue] of hues.entries()) {
        for (const other of hues.slice(place + 1)) expect(distance(hue, other)).toBeGreaterThan(apart);
      }
    }
  });
});
