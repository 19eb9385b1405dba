import { bandDeviations } from '../../base/statistics/expected-wins.ts';
import type { Summary, ValidatorResult } from './summary.ts';

const columnsOf = ({ name, stake, share, wins, expected, deviation, shareNow }: ValidatorResult, finalStake: bigint) =>
  ({
    validator: name,
    stake: String(stake),
    share,
    wins,
    expected,
    low: Math.max(0, expected - bandDeviations * deviation),
    high: expected + bandDeviations * deviation,
    finalStake: String(finalStake),
    finalShare: shareNow,
  }) as const;

type Row = ReturnType<typeof columnsOf>;

function rowsOf({ standings, outcome }: Summary): readonly Row[] {
  return standings.map((standing, player) => columnsOf(standing, outcome.stakes[player] ?? 0n));
}

/**
 * The results as one table of comma-separated values with a head, for a spreadsheet; lines end with LF. No value needs quotes. The first
 * column says what a row is: a `validator`; the one that was `split`, in the second run; or a sample of the `richest`, which has a round
 * and a share only.
 */
export function csvText(summary: Summary): string {
  const { setting, outcome, split } = summary;
  const rows = rowsOf(summary).map((row) => cellsOf('validator', row, 1, setting.rounds));
  if (split !== undefined) {
    const { stake, wins } = split.standing;
    const row = columnsOf(split.standing, stake + setting.reward * BigInt(wins));
    rows.push(cellsOf('split', row, split.split.pieces, setting.rounds));
  }
  if (setting.reward > 0n) rows.push(...outcome.richest.map(({ round, share }) => richestCells(round, share)));
  return `${[csvHead, ...rows].map((cells) => cells.join(',')).join('\n')}\n`;
}

const rowNames = [
  'validator',
  'stake',
  'share',
  'wins',
  'expected',
  'low',
  'high',
  'finalStake',
  'finalShare',
] as const;
const csvHead = ['row', ...rowNames, 'pieces', 'round'];

type Cell = string | number;

function cellsOf(kind: string, row: Row, pieces: number, round: number): readonly Cell[] {
  return [kind, ...rowNames.map((name) => row[name]), pieces, round];
}

function richestCells(round: number, share: number): readonly Cell[] {
  return ['richest', ...rowNames.map((name) => (name === 'finalShare' ? share : '')), '', round];
}

/** Everything as one JSON object, for a program; amounts are strings of digits, as in a chain. */
export function jsonText(summary: Summary): string {
  const { setting, totalStake, outcome, chiSquare, streakChance, split } = summary;
  return `${JSON.stringify({
    seed: setting.seed,
    rounds: setting.rounds,
    reward: String(setting.reward),
    totalStake: String(totalStake),
    validators: rowsOf(summary),
    chiSquare: chiSquare ?? null,
    streak: { ...outcome.streak, chance: streakChance ?? null },
    split:
      split === undefined ? null : { ...split.split, wins: split.standing.wins, expected: split.standing.expected },
    richest: outcome.richest,
  })}\n`;
}
