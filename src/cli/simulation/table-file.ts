import { bandDeviations } from '../statistics.ts';
import type { Standing, Summary } from './summary.ts';

const columnsOf = ({ name, stake, share, wins, expected, deviation, shareNow }: Standing, finalStake: bigint) =>
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

/** The standings as comma-separated values with a head, for a spreadsheet; lines end with LF. No value needs quotes. */
export function csvText(summary: Summary): string {
  const rows = rowsOf(summary);
  const head = Object.keys(rows[0] ?? {}).join(',');
  return `${[head, ...rows.map((row) => Object.values(row).join(','))].join('\n')}\n`;
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
