import type { ChalkInstance } from 'chalk';
import { printable } from '../../protocol/printable.ts';
import { bandDeviations, type ChiSquare } from '../statistics.ts';
import { wrapped } from '../wrapped.ts';
import { compact, counted, grouped, oddsText, percent } from './number-text.ts';
import { bandPicture, bar, columns } from './plot.ts';
import { glanceStandings, isInBand, type Standing, type Summary } from './summary.ts';

/** The whole report as text for a terminal of 80 columns. */
export function reportText(summary: Summary, paint: ChalkInstance): string {
  const { setting, totalStake } = summary;
  const { players, rounds, reward, seed } = setting;
  const rewarded = reward > 0n ? ` Each win adds ${grouped(reward)} to the winner's stake.` : '';
  const sections = [
    wrapped(
      `${counted(players.length, 'validator')} with ${grouped(totalStake)} tokens, ${counted(rounds, 'round')}.${rewarded} Seed: ${printable(seed)} (give it to --seed to repeat this run).`,
    ),
    tableText(summary, paint),
    ...(reward > 0n ? [compoundingText(summary)] : [chiSquareText(summary.chiSquare), bandText(summary)]),
    streakText(summary),
    ...(summary.split === undefined ? [] : [splitText(summary)]),
  ];
  return `${sections.join('\n')}`;
}

function tableText(summary: Summary, paint: ChalkInstance): string {
  const standings = glanceStandings(summary);
  const isGrouped = standings.length < summary.standings.length;
  const isRewarded = summary.setting.reward > 0n;
  const most = Math.max(...standings.map(({ wins, expected }) => Math.max(wins, expected)));
  const head = [
    (isGrouped ? 'by stake' : 'validator').padEnd(10),
    'stake'.padStart(10),
    'share'.padStart(9),
    ` ${'wins'.padEnd(14)}`,
    ''.padStart(10),
    (isRewarded ? 'share now' : 'of all').padStart(10),
    '   expected',
  ].join('');
  const rows = standings.map((standing) => {
    const { name, stake, share, wins, expected, deviation, shareNow } = standing;
    const isIn = isInBand(standing);
    const band = bandPicture(deviation === 0 ? 0 : (wins - expected) / deviation, bandDeviations);
    return [
      name,
      compact(stake).padStart(20 - name.length),
      percent(share).padStart(9),
      ` ${paint.cyan(bar(most === 0 ? 0 : wins / most, 14))}`,
      compact(wins).padStart(10),
      percent(isRewarded ? shareNow : wins / summary.setting.rounds).padStart(10),
      ` ${isIn ? paint.green(band) : paint.yellow(band)}`,
    ].join('');
  });
  return `${paint.dim(head)}\n${rows.map((row) => `${row.trimEnd()}\n`).join('')}`;
}

function chiSquareText(test: ChiSquare | undefined): string {
  if (test === undefined) {
    return wrapped('Too few wins are expected for a chi-square test: simulate more rounds, or more validators.');
  }
  const { value, degrees, chance } = test;
  const freedom = counted(degrees, 'degree');
  const p = chance < 0.0001 ? chance.toExponential(1) : chance.toFixed(4);
  const verdict =
    chance >= 0.05
      ? 'Nothing here speaks against a fair draw.'
      : chance >= 0.001
        ? 'That happens; it should not happen again with another --seed.'
        : 'Chance alone hardly does that: if other seeds show it too, the draw is not fair.';
  return wrapped(
    `Do wins follow stakes? Chi-square ${value.toFixed(2)} with ${freedom} of freedom, p = ${p}: of fair draws, ${oddsText(chance)} are at least as far from the stakes as this one. ${verdict}`,
  );
}

function bandText({ standings }: Summary): string {
  const outside = standings.filter((standing) => !isInBand(standing)).length;
  const usual =
    standings.length < 20 ? 'usually none or one' : `usually about ${grouped(Math.round(standings.length / 20))}`;
  return wrapped(
    `The brackets hold 95 of 100 fair results. Outside of theirs: ${grouped(outside)} of ${counted(standings.length, 'validator')} (${usual}).`,
  );
}

function streakText({ setting, outcome, streakChance }: Summary): string {
  const { player, length, last } = outcome.streak;
  const who = setting.players[player]?.name ?? '';
  const rounds = length === 1 ? `round ${grouped(last)}` : `rounds ${grouped(last - length + 1)} to ${grouped(last)}`;
  const times =
    length === 1 ? 'nobody won twice in a row' : `validator ${who} won ${grouped(length)} times in a row, ${rounds}`;
  const odds =
    streakChance === undefined || length === 1
      ? ''
      : ` In ${oddsText(streakChance)} such runs somebody has a streak as long as that.`;
  return wrapped(`The longest streak: ${times}.${odds}`);
}

function splitText({ setting, standings, split }: Summary): string {
  if (split === undefined) return '';
  const { player, pieces } = split.split;
  const whole = standings[player];
  if (whole === undefined) return '';
  const margin = bandDeviations * whole.deviation;
  const share = (standing: Standing): string =>
    `${grouped(standing.wins)} (${percent(standing.wins / setting.rounds)})`;
  const isIn = isInBand(split.standing);
  return wrapped(
    `Does splitting pay? Validator ${whole.name} won ${share(whole)} in one piece and, in the same rounds, ${share(split.standing)} as ${grouped(pieces)} validators together. Expected of both: ${grouped(Math.round(whole.expected))}, give or take ${grouped(Math.round(margin))}. ${isIn ? 'Splitting gains nothing: tokens hold tickets, not validators.' : 'That is outside of the band, which happens in 5 of 100 runs: try another --seed.'}`,
  );
}

function compoundingText({ setting, outcome, standings, totalStake }: Summary): string {
  const shares = outcome.richest.map(({ share }) => share);
  const [first = 0, last = 0] = [shares[0], shares.at(-1)];
  const lines = columns(shares, 1, 8).map((line, row) => {
    const label = row === 0 ? '100 %' : row === 4 ? ' 50 %' : '';
    return `  ${label.padStart(5)} │${line.trimEnd()}\n`;
  });
  const axis = `    0 % └${'─'.repeat(shares.length)}\n${' '.repeat(9)}0${grouped(setting.rounds).padStart(shares.length - 1)} rounds\n`;
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
  return `Share of the richest, round by round:\n${lines.join('')}${axis}\n${wrapped(words.join(' '))}`;
}
