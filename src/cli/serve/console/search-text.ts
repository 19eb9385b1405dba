import { withThousands } from '../../../base/formatting.ts';
import { difficultyBits } from '../../../consensus/work/difficulty.ts';
import { expectedMs, hashRate, type SearchProgress, shareEnded } from '../../../consensus/work/search-progress.ts';

/** A difficulty as a number, and as bits for people. */
export function difficultyText(difficulty: bigint): string {
  return `difficulty ${difficulty} (${difficultyBits(difficulty).toFixed(1)} bits)`;
}

/**
 * A search as it stands, in one line. It does not say how long the search will still take: that is always the average, however long it has
 * lasted. It says how many searches of this difficulty are over by now.
 */
export function searchText(progress: SearchProgress): string {
  const { index, tried } = progress;
  const averageMs = expectedMs(progress);
  const average = averageMs === undefined ? '' : `, one takes ${formatSeconds(averageMs)} on average`;
  const rate = `${withThousands(Number((hashRate(progress) / 1000).toPrecision(3)))} kH/s`;
  const ended = `${Math.floor(shareEnded(progress) * 100)} % of searches would have ended by now`;
  return `searching for block ${index}: ${rate}, ${withThousands(tried)} hashes${average}; ${ended}`;
}

/** A time in seconds, with as many digits as people read. */
export function formatSeconds(milliseconds: number): string {
  return `${withThousands(Number((milliseconds / 1000).toPrecision(2)))} s`;
}
