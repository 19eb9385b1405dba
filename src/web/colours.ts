import type { Profile } from '../http/api/types.ts';

/** The colour of a validator in OKLCH: a hue in degrees, and a lightness. */
export interface Colour {
  readonly hue: number;
  readonly lightness: number;
}

/** The golden section of a circle: whichever validators come one after another, their hues are spread around the whole of it. */
const goldenSection = (3 - Math.sqrt(5)) / 2;

/** As many hues in a row are told apart from the back of a hall. The next ones have the other lightness. */
const huesInARow = 8;

/** White letters are readable on both. */
const [bright, dark] = [0.52, 0.37];

/** The colour of a validator, the same wherever it is shown: from its place in the order of joining or, where that is forgotten, from its address. */
export function colourOf(validator: string, { order }: Profile): Colour {
  const place = order ?? Number.parseInt(validator.slice(-8), 16);
  return {
    hue: Math.round(place * goldenSection * 360) % 360,
    lightness: Math.floor(place / huesInARow) % 2 === 0 ? bright : dark,
  };
}
