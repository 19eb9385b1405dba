import { describe, expect, it } from 'vitest';
import { colourOf, coloursInRow } from '../../src/web/colours.ts';
import { hexOf } from '../core/build-chain.ts';

/** An address with these last digits. */
function ending(digits: string): string {
  return digits.padStart(64, '0');
}

describe('the colour of a validator', () => {
  it('comes from the last digits of its address, and is the same wherever it stands alone', () => {
    expect(colourOf(ending('08000'))).toEqual({ hue: 180, lightness: 0.52 });
    expect(colourOf(ending('18000'))).toEqual({ hue: 180, lightness: 0.37 });
    expect(colourOf(ending('0ffff')).hue).toBe(0);
    expect(coloursInRow([ending('08000')])).toEqual([colourOf(ending('08000'))]);
  });

  it('is darker or brighter beside a neighbour that looks alike, and only then', () => {
    // 44 and 45 degrees, of 360 in 65,536 steps.
    const [at0, at44, at45] = [ending('00000'), ending('01f4a'), ending('02000')];
    const lightness = (...addresses: readonly (string | undefined)[]): readonly unknown[] =>
      coloursInRow(addresses).map((colour) => colour?.lightness);
    expect(lightness(at0, at44, at0)).toEqual([0.52, 0.37, 0.52]);
    expect(lightness(at0, at45)).toEqual([0.52, 0.52]);
    expect(lightness(at0, undefined, at44)).toEqual([0.52, undefined, 0.52]);
  });

  it('has the same hue in every pool, and differs from that of its neighbours', () => {
    const people = Array.from({ length: 500 }, (_, place) => hexOf(`person ${place}`)).sort();
    const colours = coloursInRow(people);
    expect(colours.map((colour) => colour?.hue)).toEqual(people.map((address) => colourOf(address).hue));
    for (const [place, colour] of colours.entries()) {
      const next = colours[place + 1];
      if (colour === undefined || next === undefined) continue;
      const way = Math.abs(colour.hue - next.hue);
      expect(Math.min(way, 360 - way) >= 45 || colour.lightness !== next.lightness).toBe(true);
    }
  });
});
