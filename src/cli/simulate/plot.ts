const eighths = ['', '▏', '▎', '▍', '▌', '▋', '▊', '▉'];
const levels = [' ', '▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];

/** A bar for `part` of 1, `width` characters wide with its blanks, exact to an eighth of a character. */
export function bar(part: number, width: number): string {
  const filled = Math.round(Math.min(1, Math.max(0, part)) * width * 8);
  return `${'█'.repeat(Math.floor(filled / 8))}${eighths[filled % 8] ?? ''}`.padEnd(width);
}

/**
 * Where a value stands in its band: `├───┼─●─┤`, the middle being what is expected and the ends `deviations` to both sides. Thirteen
 * characters; what is far outside stands at an edge.
 */
export function bandPicture(deviation: number, deviations: number): string {
  const place = Math.min(12, Math.max(0, 6 + Math.round((deviation / deviations) * 4)));
  const empty = '  ├───┼───┤  ';
  return `${empty.slice(0, place)}●${empty.slice(place + 1)}`;
}

/** Values from 0 to `max` as columns, one character each, `height` lines high; lines from the top. */
export function columns(values: readonly number[], max: number, height: number): readonly string[] {
  return Array.from({ length: height }, (_, line) => {
    const below = height - 1 - line;
    return values
      .map((value) => levels[Math.min(8, Math.max(0, Math.round(((value / max) * height - below) * 8)))] ?? '')
      .join('');
  });
}
