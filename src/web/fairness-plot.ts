import type { ValidatorStats } from '../http/api/types.ts';
import { amountText, pluralizeAmount } from './amount-text.ts';
import { drawing, element } from './elements.ts';
import { isOutlier } from './fairness-selection.ts';
import { expectationText } from './fairness-text.ts';
import { fullName, paint } from './validator-name.ts';

/**
 * Draws the wins of many validators over those to expect, a dot each in its colour: the closer to the line the closer to its share, and inside of the
 * band where chance allows it.
 */
export function fairnessPlot(validators: readonly ValidatorStats[]): HTMLElement {
  const right = Math.max(...validators.map(({ expectedWins }) => expectedWins));
  const top = Math.max(1, ...validators.map(({ wins, high }) => Math.max(wins, high)));
  const outliers = validators.filter(isOutlier).length;
  const words = `Wins over expected wins of ${pluralizeAmount(validators.length, 'validator')}, ${
    outliers === 0 ? 'all within' : `${amountText(outliers)} outside of`
  } what chance allows`;
  const area = element(
    'div',
    { class: 'plot-area', role: 'img', 'aria-label': words },
    bandOf(validators, right, top),
    ...validators.map((stats) => dotOf(stats, right, top)),
  );
  return element(
    'figure',
    { class: 'plot' },
    element('span', { class: 'plot-top' }, pluralizeAmount(top, 'win')),
    area,
    element(
      'figcaption',
      { class: 'quiet' },
      element('span', {}, '0'),
      element('span', {}, 'expected wins →'),
      element('span', {}, expectationText(right)),
    ),
  );
}

/** What chance allows, from the smallest expectation to the largest, and the line on which wins and expectation are the same. */
function bandOf(validators: readonly ValidatorStats[], right: number, top: number): SVGElement {
  const at = (expected: number, wins: number): string =>
    `${((expected / right) * 100).toFixed(2)},${(100 - (wins / top) * 100).toFixed(2)}`;
  const sorted = validators.toSorted((one, other) => one.expectedWins - other.expectedWins);
  const upper = sorted.map(({ expectedWins, high }) => at(expectedWins, high));
  const lower = sorted.map(({ expectedWins, low }) => at(expectedWins, low)).reverse();
  const most = Math.min(right, top);
  return drawing(
    'svg',
    { viewBox: '0 0 100 100', preserveAspectRatio: 'none' },
    drawing('polygon', { class: 'chance', points: [at(0, 0), ...upper, ...lower].join(' ') }),
    drawing('polyline', { class: 'expected', points: `${at(0, 0)} ${at(most, most)}` }),
  );
}

function dotOf({ validator, expectedWins, wins, ...stats }: ValidatorStats, right: number, top: number): HTMLElement {
  const dot = element('i', { title: `${fullName(validator, stats)}: ${pluralizeAmount(wins, 'win')}` });
  if (isOutlier({ wins, ...stats })) dot.className = 'odd';
  paint(dot, validator, stats);
  dot.style.setProperty('left', `${(expectedWins / right) * 100}%`);
  dot.style.setProperty('bottom', `${(wins / top) * 100}%`);
  return dot;
}
