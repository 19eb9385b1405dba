/** A word with more mistyped letters than this is taken for another word. */
const slipsMax = 2;

/** The one of `names` that a person probably meant: the one with the fewest slips, or one that `word` begins; undefined when none is near. */
export function nearestOf(word: string, names: readonly string[]): string | undefined {
  const lower = word.toLowerCase();
  const found = names.map((name) => ({ name, slips: slipsBetween(lower, name) }));
  const [nearest] = found.sort((one, other) => one.slips - other.slips);
  if (nearest !== undefined && nearest.slips <= Math.min(slipsMax, lower.length / 2)) return nearest.name;
  return lower.length > 1 ? names.find((name) => name.startsWith(lower)) : undefined;
}

/**
 * How many letters have to be put in, taken out, changed, or swapped with the next one to make one word the other (the distance of Damerau and
 * Levenshtein, where no part is changed twice).
 */
function slipsBetween(one: string, other: string): number {
  const rows: number[][] = [Array.from({ length: other.length + 1 }, (_, column) => column)];
  const at = (row: number, column: number): number => rows[row]?.[column] ?? 0;
  for (let row = 1; row <= one.length; row++) {
    rows.push([row]);
    for (let column = 1; column <= other.length; column++) {
      const isSame = one[row - 1] === other[column - 1];
      const isSwapped =
        row > 1 && column > 1 && one[row - 1] === other[column - 2] && one[row - 2] === other[column - 1];
      const change = at(row - 1, column - 1) + (isSame ? 0 : 1);
      const swap = isSwapped ? at(row - 2, column - 2) + 1 : Number.POSITIVE_INFINITY;
      rows[row]?.push(Math.min(at(row - 1, column) + 1, at(row, column - 1) + 1, change, swap));
    }
  }
  return at(one.length, other.length);
}
