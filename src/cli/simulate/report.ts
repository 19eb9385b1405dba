import type { ChalkInstance } from 'chalk';
import { escapeForDisplay } from '../../base/escape-for-display.ts';
import { compact, oddsText, percent, pluralizeCount, withThousands } from '../../base/formatting.ts';
import { bandDeviations } from '../../base/statistics/expected-wins.ts';
import { wrapText } from '../wrap-text.ts';
import { bandPicture, bar, columns } from './plot.ts';
import { glanceResults, isGrouped, isInBand, type Summary, type ValidatorResult } from './summary.ts';

/** The whole report, laid out for so many columns of a terminal. */
export function reportText(summary: Summary, paint: ChalkInstance, width: number): string {
  const { setting, totalStake } = summary;
  const { players, rounds, reward, seed } = setting;
  const rewarded = reward > 0n ? ` Each win adds ${withThousands(reward)} to the winner's stake.` : '';
  const sections = [
    wrapText(
      `${pluralizeCount(players.length, 'validator')} with ${pluralizeCount(totalStake, 'token')}, ${pluralizeCount(rounds, 'round')}.${rewarded} Seed: ${escapeForDisplay(seed)} (give it to --seed to repeat this run).`,
      width,
    ),
    tableText(summary, paint, width),
    ...(reward > 0n
      ? [richestText(summary, width), wrapText(compoundingText(summary), width)]
      : [wrapText(chiSquareText(summary), width), wrapText(bandText(summary), width)]),
    wrapText(streakText(summary), width),
    ...(summary.split === undefined ? [] : [wrapText(splitText(summary), width)]),
  ];
  return `${sections.join('\n')}`;
}

/** A narrower terminal has no room for bars. */
const barWidthMin = 80;

/** A column of the table, and how wide a terminal must be for it. */
interface Column {
  readonly widthMin: number;
  readonly head: string;
  cell(standing: ValidatorResult): string;
}

function tableText(summary: Summary, paint: ChalkInstance, width: number): string {
  const standings = glanceResults(summary);
  const shown = columnsFor(summary, standings, paint, width >= barWidthMin).filter(({ widthMin }) => width >= widthMin);
  const rows = standings.map((standing) => shown.map(({ cell }) => cell(standing)).join(''));
  const head = shown.map((column) => column.head).join('');
  const order = isGrouped(summary) ? wrapText('The ranks go by stake, the poorest first.', width) : '';
  return `${order}${paint.dim(head)}\n${rows.map((row) => `${row.trimEnd()}\n`).join('')}`;
}

/** Where the bar is, its heading stands for the number, too. */
function columnsFor(
  summary: Summary,
  standings: readonly ValidatorResult[],
  paint: ChalkInstance,
  hasBar: boolean,
): readonly Column[] {
  const isRewarded = summary.setting.reward > 0n;
  const most = Math.max(...standings.map(({ wins, expected }) => Math.max(wins, expected)));
  const band = (standing: ValidatorResult): string => {
    const { wins, expected, deviation } = standing;
    const picture = bandPicture(deviation === 0 ? 0 : (wins - expected) / deviation, bandDeviations);
    return ` ${isInBand(standing) ? paint.green(picture) : paint.yellow(picture)}`;
  };
  return [
    {
      widthMin: 0,
      head: `${(isGrouped(summary) ? 'rank' : 'validator').padEnd(10)}${'stake'.padStart(10)}`,
      cell: ({ name, stake }) => `${name}${compact(stake).padStart(20 - name.length)}`,
    },
    { widthMin: 50, head: 'share'.padStart(9), cell: ({ share }) => percent(share).padStart(9) },
    {
      widthMin: barWidthMin,
      head: ` ${'wins'.padEnd(14)}`,
      cell: ({ wins }) => ` ${paint.cyan(bar(most === 0 ? 0 : wins / most, 14))}`,
    },
    { widthMin: 0, head: (hasBar ? '' : 'wins').padStart(10), cell: ({ wins }) => compact(wins).padStart(10) },
    {
      widthMin: 0,
      head: (isRewarded ? 'share now' : 'of all').padStart(10),
      cell: ({ wins, shareNow }) => percent(isRewarded ? shareNow : wins / summary.setting.rounds).padStart(10),
    },
    { widthMin: 64, head: '   expected', cell: band },
  ];
}

function chiSquareText({ standings, chiSquare: test }: Summary): string {
  if (standings.length === 1) return 'There is nothing to test: one validator alone wins every round.';
  if (test === undefined) {
    return 'Too few wins are expected for a chi-square test: simulate more rounds, or more validators.';
  }
  const { value, degrees, chance } = test;
  const freedom = pluralizeCount(degrees, 'degree');
  const p = chance < 0.0001 ? chance.toExponential(1) : chance.toFixed(4);
  const verdict =
    chance >= 0.05
      ? 'Nothing here speaks against a fair draw.'
      : chance >= 0.001
        ? 'That happens; it should not happen again with another --seed.'
        : 'Chance alone hardly does that: if other seeds show it too, the draw is not fair.';
  return `Do wins follow stakes? Chi-square ${value.toFixed(2)} with ${freedom} of freedom, p = ${p}: of fair draws, ${oddsText(chance)} are at least as far from the stakes as this one. ${verdict}`;
}

function bandText({ standings }: Summary): string {
  const outside = standings.filter((standing) => !isInBand(standing)).length;
  const usual =
    standings.length < 20 ? 'usually none or one' : `usually about ${withThousands(Math.round(standings.length / 20))}`;
  return `The brackets hold 95 of 100 fair results. Outside of theirs: ${withThousands(outside)} of ${pluralizeCount(standings.length, 'validator')} (${usual}).`;
}

function streakText({ setting, outcome, streakChance }: Summary): string {
  const { player, length, last } = outcome.streak;
  const who = setting.players[player]?.name ?? '';
  const rounds =
    length === 1
      ? `round ${withThousands(last)}`
      : `rounds ${withThousands(last - length + 1)} to ${withThousands(last)}`;
  const times =
    length === 1
      ? 'nobody won twice in a row'
      : `validator ${who} won ${withThousands(length)} times in a row, ${rounds}`;
  const odds =
    streakChance === undefined || length === 1
      ? ''
      : ` In ${oddsText(streakChance)} such runs somebody has a streak as long as that.`;
  return `The longest streak: ${times}.${odds}`;
}

function splitText({ setting, standings, split }: Summary): string {
  if (split === undefined) return '';
  const { player, pieces } = split.split;
  const whole = standings[player];
  if (whole === undefined) return '';
  const margin = bandDeviations * whole.deviation;
  const share = (standing: ValidatorResult): string =>
    `${withThousands(standing.wins)} (${percent(standing.wins / setting.rounds)})`;
  const isIn = isInBand(split.standing);
  return `Does splitting pay? Validator ${whole.name} won ${share(whole)} in one piece and, in the same rounds, ${share(split.standing)} as ${withThousands(pieces)} validators together. Expected of both: ${withThousands(Math.round(whole.expected))}, give or take ${withThousands(Math.round(margin))}. ${isIn ? 'Splitting gains nothing: tokens hold tickets, not validators.' : 'That is outside of the band, which happens in 5 of 100 runs: try another --seed.'}`;
}

function richestText({ setting, outcome }: Summary, width: number): string {
  const samples = outcome.richest;
  const count = Math.min(samples.length, width - 18);
  const shares = Array.from({ length: count }, (_, place) => {
    return samples[Math.round((place * (samples.length - 1)) / Math.max(1, count - 1))]?.share ?? 0;
  });
  const lines = columns(shares, 1, 8).map((line, row) => {
    const label = row === 0 ? '100 %' : row === 4 ? ' 50 %' : '';
    return `  ${label.padStart(5)} │${line.trimEnd()}\n`;
  });
  const axis = `    0 % └${'─'.repeat(count)}\n${' '.repeat(9)}0${withThousands(setting.rounds).padStart(count - 1)} rounds\n`;
  return `Share of the richest, round by round:\n${lines.join('')}${axis}`;
}

function compoundingText({ setting, outcome, standings, totalStake }: Summary): string {
  const [first = 0, last = 0] = [outcome.richest[0]?.share, outcome.richest.at(-1)?.share];
  const most = standings.reduce((a, b) => (b.share > a.share ? b : a));
  const urn = Number(totalStake) / Number(setting.reward);
  const spread = most.deviation / (urn + setting.rounds);
  const [low, high] = [Math.max(0, most.share - 2 * spread), Math.min(1, most.share + 2 * spread)];
  const words = [
    `The richest began with ${percent(first)} of all tokens and ends with ${percent(last)}.`,
    `On average a reward changes nobody's share: what you have is what you are expected to win. But early luck is kept.`,
    `With other seeds validator ${most.name}, who began with ${percent(most.share)}, ends mostly between ${percent(low)} and ${percent(high)};`,
    'the larger the reward is beside the stakes, the wider that is.',
    'The brackets show the usual range of wins under compounding. There is no chi-square test here, as every win changes the odds of the next round.',
  ];
  return words.join(' ');
}
