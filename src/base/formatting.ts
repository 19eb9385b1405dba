/** The first eight digits of an address or hash: enough to tell the participants of one lottery apart. */
export function shortHash(hash: string): string {
  return `${hash.slice(0, 8)}…`;
}

/** A number of things: "1 win", "2 wins". `shown` is how the count is written, where that is not its plain digits. */
export function pluralize(count: number | bigint | string, noun: string, shown: string = String(count)): string {
  return `${shown} ${noun}${String(count) === '1' ? '' : 's'}`;
}

/** A number of things with commas between thousands: "1 validator", "2,000 validators". */
export function pluralizeCount(count: number | bigint, noun: string): string {
  return pluralize(count, noun, withThousands(count));
}

/**
 * A count with commas between thousands: 100,000. A value that a reader may type or search for (an index, a ticket, a stake, a port) is not
 * a count: it is written in plain digits, as in a chain, a setting or the conversation.
 */
export function withThousands(count: number | bigint): string {
  return count.toLocaleString('en-US');
}

/** A count in at most ten characters: whole where it fits, else as in 1.23e15. */
export function compact(count: number | bigint): string {
  const whole = withThousands(count);
  return whole.length <= 10 ? whole : Number(count).toExponential(2).replace('+', '');
}

/** A share of one as a percentage: 12.34 %. */
export function percent(share: number): string {
  return `${(share * 100).toFixed(2)} %`;
}

/** A chance in words that need no mathematics: "54 of 100", "about 1 of 20,000". */
export function oddsText(chance: number): string {
  if (chance >= 1) return 'all';
  if (chance > 0.995) return 'nearly all';
  if (chance >= 0.1) return `${Math.round(chance * 100)} of 100`;
  if (chance >= 0.01) return `${Math.round(chance * 1000)} of 1,000`;
  return chance < 1e-9
    ? 'less than 1 of 1,000,000,000'
    : `about 1 of ${withThousands(Number((1 / chance).toPrecision(2)))}`;
}
