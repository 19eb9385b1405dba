import { percent, pluralizeCount, withThousands } from '../../base/formatting.ts';
import { bandDeviations } from '../../base/statistics/expected-wins.ts';
import { limits } from './limits.ts';
import type { Sample } from './simulation.ts';
import { isInBand, type Summary, type ValidatorResult } from './summary.ts';

const plot = { left: 70, width: 620, height: 300 } as const;
const panelHeight = 400;
const colours = { inside: '#1a7f5a', outside: '#c0392b', band: '#9ab' } as const;

/**
 * A picture for a report (SVG 1.1, no script, no font of its own): every validator's share of the wins over its share of the stakes, with
 * the band of 95 of 100 fair results; with a reward also the share of the richest over the rounds. Nothing that a person typed is in it.
 */
export function svgText(summary: Summary): string {
  const { setting, standings, outcome } = summary;
  const panels = [winsPanel(standings, setting.rounds)];
  if (setting.reward > 0n) panels.push(richestPanel(outcome.richest, setting.rounds));
  const height = panels.length * panelHeight;
  const placed = panels.map((panel, place) => `<g transform="translate(0 ${place * panelHeight})">\n${panel}</g>\n`);
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 720 ${height}" font-family="sans-serif" font-size="13">
<rect width="720" height="${height}" fill="#fff"/>
${placed.join('')}</svg>
`;
}

function winsPanel(standings: readonly ValidatorResult[], rounds: number): string {
  const highOf = ({ expected, deviation }: ValidatorResult): number => (expected + bandDeviations * deviation) / rounds;
  const xMax = Math.max(...standings.map(({ share }) => share));
  const yMax = Math.min(1, Math.max(...standings.map((one) => Math.max(highOf(one), one.wins / rounds))));
  const x = (share: number): number => round(plot.left + (share / xMax) * plot.width);
  const y = (share: number): number => round(50 + plot.height - (Math.min(share, yMax) / yMax) * plot.height);
  const marks = standings.map((standing) => {
    const { share, wins, expected, deviation } = standing;
    const low = Math.max(0, expected - bandDeviations * deviation) / rounds;
    const colour = isInBand(standing) ? colours.inside : colours.outside;
    return `<line x1="${x(share)}" y1="${y(low)}" x2="${x(share)}" y2="${y(highOf(standing))}" stroke="${colours.band}" stroke-width="3"/><circle cx="${x(share)}" cy="${y(wins / rounds)}" r="3" fill="${colour}"/>\n`;
  });
  // Of many, most labels would stand on top of each other.
  const labels =
    standings.length > limits.svgLabelsMax
      ? []
      : standings.map((one) => label(one, x(one.share), y(one.wins / rounds)));
  const diagonal = `<line x1="${x(0)}" y1="${y(0)}" x2="${x(xMax)}" y2="${y(xMax)}" stroke="#ccc"/>\n`;
  const title = `Wins over stakes: ${pluralizeCount(standings.length, 'validator')}, ${pluralizeCount(rounds, 'round')}`;
  return `${frame(title, percent(xMax), percent(yMax), 'share of all stakes', 'share of all wins')}${legend()}${diagonal}${marks.join('')}${labels.join('')}`;
}

/** Says beside a dot whose it is: on its left where there is no room on its right. */
function label({ stake, wins }: ValidatorResult, x: number, y: number): string {
  const isLeft = x > plot.left + plot.width / 2;
  const words = `${pluralizeCount(stake, 'token')}, ${pluralizeCount(wins, 'win')}`;
  return `<text x="${round(x + (isLeft ? -8 : 8))}" y="${round(y + 4)}" text-anchor="${isLeft ? 'end' : 'start'}">${words}</text>\n`;
}

function legend(): string {
  const [line, middle] = [44, 40];
  return `<g font-size="12"><line x1="73" y1="34" x2="73" y2="46" stroke="${colours.band}" stroke-width="3"/>
<text x="82" y="${line}">the band that holds 95 of 100 fair results</text>
<circle cx="346" cy="${middle}" r="3" fill="${colours.inside}"/><text x="355" y="${line}">wins inside of it</text>
<circle cx="476" cy="${middle}" r="3" fill="${colours.outside}"/><text x="485" y="${line}">wins outside of it</text></g>
`;
}

function richestPanel(samples: readonly Sample[], rounds: number): string {
  const points = samples.map(({ round: at, share }) => {
    const x = round(plot.left + (at / rounds) * plot.width);
    return `${x},${round(50 + plot.height - share * plot.height)}`;
  });
  const axes = frame('Share of the richest, round by round', withThousands(rounds), '100 %', 'rounds', 'share');
  return `${axes}<polyline points="${points.join(' ')}" fill="none" stroke="${colours.inside}" stroke-width="2"/>\n`;
}

function frame(title: string, xMax: string, yMax: string, xLabel: string, yLabel: string): string {
  const [right, bottom] = [plot.left + plot.width, 50 + plot.height];
  return `<text x="${plot.left}" y="24" font-size="16">${title}</text>
<path d="M${plot.left} 50V${bottom}H${right}" fill="none" stroke="#333"/>
<text x="${plot.left}" y="${bottom + 18}" text-anchor="middle">0</text>
<text x="${right}" y="${bottom + 18}" text-anchor="end">${xMax}</text>
<text x="${plot.left + plot.width / 2}" y="${bottom + 36}" text-anchor="middle">${xLabel}</text>
<text x="${plot.left - 6}" y="56" text-anchor="end">${yMax}</text>
<text transform="translate(${plot.left - 20} ${50 + plot.height / 2}) rotate(-90)" text-anchor="middle">${yLabel}</text>
`;
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}
