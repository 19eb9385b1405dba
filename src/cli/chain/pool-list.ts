import { withThousands } from '../../base/formatting.ts';

/** As many as fit into two lines of a terminal. */
const rangesShown = 10;

/** Pools by the indexes of their blocks: `the pools of blocks 3 and 5 to 9`. The first ranges only, as there may be thousands. */
export function poolList(indexes: readonly number[]): string {
  const ranges: { readonly first: number; last: number }[] = [];
  for (const index of indexes) {
    const range = ranges.at(-1);
    if (range?.last === index - 1) range.last = index;
    else ranges.push({ first: index, last: index });
  }
  const named = ranges
    .slice(0, rangesShown)
    .map(({ first, last }) => (first === last ? `${first}` : `${first} to ${last}`));
  const more = ranges.length > rangesShown ? [`others, ${withThousands(indexes.length)} in all`] : [];
  const list = [...named, ...more];
  const words = list.length > 1 ? `${list.slice(0, -1).join(', ')} and ${list.at(-1)}` : list[0];
  return indexes.length === 1 ? `the pool of block ${words}` : `the pools of blocks ${words}`;
}
