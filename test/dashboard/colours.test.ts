import { describe, expect, it } from 'vitest';
import { colourOf, coloursInRow } from '../../src/dashboard/page/colours.ts';
import { hexOf } from '../core/forge.ts';

/** An address with these last digits. */
function ending(digits: string): string {
  return digits.padStart(64, '0');
}

describe('the colour of a validator', () => {
  it('comes from the last digits of its address, and is the same wherever it stands alone', () => {
    expect(colourOf(ending('08000'))).toEqual({ hue: 180, lightness: 0.52 });
    expect(colourOf(ending('18000'))).toEqual({ hue: 180, lightness: 0.41 });
    expect(colourOf(ending('0ffff')).hue).toBe(0);
    expect(coloursInRow([ending('08000')])).toEqual([colourOf(ending('08000'))]);
  });

  it('is another one beside a neighbour that looks alike, and only then', () => {
    // 44 and 46 degrees, in steps of 360 / 65,536.
    const [at0, at44, at46] = [ending('00000'), ending('01f4a'), ending('020b6')];
    expect(coloursInRow([at0, at44]).map((colour) => colour?.hue)).toEqual([0, 164]);
    expect(coloursInRow([at0, at46]).map((colour) => colour?.hue)).toEqual([0, 46]);
    expect(coloursInRow([at0, undefined, at44]).map((colour) => colour?.hue)).toEqual([0, undefined, 44]);
  });

  it('differs from that of its neighbours in every pool', () => {
    const people = Array.from({ length: 500 }, (_, place) => hexOf(`person ${place}`)).sort();
    const hues = coloursInRow(people).map((colour) => colour?.hue ?? Number.NaN);
    for (const [place, hue] of hues.entries()) {
      const way = Math.abs(hue - (hues[place + 1] ?? hue + 180));
      expect(Math.min(way, 360 - way)).toBeGreaterThanOrEqual(45);
    }
  });
});
