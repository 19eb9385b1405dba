/** The colour of a validator in OKLCH: a hue in degrees, and a lightness. */
export interface Colour {
  readonly hue: number;
  readonly lightness: number;
}

/** Neighbouring segments whose hues differ by less than this, in degrees, look alike from the back of a hall. */
const hueApart = 45;

/** White letters are readable on both. */
const [dark, bright] = [0.37, 0.52];

/** The colour of an address, from its last digits: neighbours on the ticket bar have similar first ones. */
export function colourOf(address: string): Colour {
  return {
    hue: Math.round((Number.parseInt(address.slice(-4), 16) / 65_536) * 360) % 360,
    lightness: Number.parseInt(address.slice(-5, -4), 16) % 2 === 0 ? bright : dark,
  };
}

/**
 * The colours of neighbouring segments; undefined for a segment that has none. Each has the hue of its address, as everywhere else, and the
 * lightness of its address, unless it looks like its left neighbour: then it is dark beside a bright one, and bright beside a dark one.
 */
export function coloursInRow(addresses: readonly (string | undefined)[]): readonly (Colour | undefined)[] {
  const colours: (Colour | undefined)[] = [];
  for (const address of addresses) {
    const own = address === undefined ? undefined : colourOf(address);
    const left = colours.at(-1);
    const isAlike = own !== undefined && left !== undefined && distance(own.hue, left.hue) < hueApart;
    colours.push(isAlike ? { ...own, lightness: left.lightness === dark ? bright : dark } : own);
  }
  return colours;
}

/** The distance of two hues in degrees, the shorter way round. */
function distance(one: number, other: number): number {
  const way = Math.abs(one - other) % 360;
  return Math.min(way, 360 - way);
}
