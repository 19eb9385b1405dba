import { pluralizeCount, shortHash } from '../../base/formatting.ts';
import { limits } from '../limits.ts';
import type { Score } from './score.ts';

/** A bot's number and how it has done. */
export interface Standing {
  readonly number: number;
  readonly score: Score;
}

/**
 * Wins against what the tickets promise, the largest stakes first, the rest and the sum in one row each. Behind ± stands one standard
 * deviation: two of three bots lie within it. `rounds` are all that were drawn: no bot need have been in every one.
 */
export function standings(entries: readonly Standing[], rounds: number): string {
  const sorted = [...entries].sort((a, b) => Number(b.score.stake - a.score.stake) || a.number - b.number);
  const shown = sorted.slice(0, limits.listedEntriesMax);
  const others = sorted.slice(limits.listedEntriesMax);
  const rows: (readonly string[])[] = shown.map(({ number, score }) => [
    String(number),
    shortHash(score.address ?? ''),
    String(score.stake),
    String(score.draws),
    String(score.wins),
    `${score.expected.mean.toFixed(2)} ± ${score.expected.deviation.toFixed(2)}`,
  ]);
  if (others.length > 0) rows.push(summedUp('', pluralizeCount(others.length, 'other'), others, rounds));
  if (sorted.length > 1) rows.push(summedUp('all', '', sorted, rounds));
  return drawn(['bot', 'validator', 'stake', 'draws', 'wins', 'expected'], rows);
}

function summedUp(name: string, what: string, entries: readonly Standing[], rounds: number): readonly string[] {
  const sum = (value: (score: Score) => number): number =>
    entries.reduce((total, { score }) => total + value(score), 0);
  const stake = entries.reduce((total, { score }) => total + score.stake, 0n);
  return [
    name,
    what,
    String(stake),
    String(rounds),
    String(sum(({ wins }) => wins)),
    sum(({ expected }) => expected.mean).toFixed(2),
  ];
}

function drawn(heading: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = heading.map((word, column) => Math.max(word.length, ...rows.map((row) => row[column]?.length ?? 0)));
  const line = (cells: readonly string[]): string => {
    const padded = cells.map((cell, column) => {
      const width = widths[column] ?? 0;
      // Words are read from the left, numbers compared from the right; the last column is both.
      return column === 1 || column === 5 ? cell.padEnd(width) : cell.padStart(width);
    });
    return `${padded.join('  ').trimEnd()}\n`;
  };
  return [heading, ...rows].map(line).join('');
}
