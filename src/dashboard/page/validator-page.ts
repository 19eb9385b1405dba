import uPlot from 'uplot';
import type { History, Part } from '../messages.ts';
import { fetchHistory } from './answers.ts';
import { element, link, table } from './elements.ts';
import { look } from './look.ts';
import { counted, grouped, percent, short } from './words.ts';

/** One validator: its rounds, and how its wins grew beside what was to be expected. */
export class ValidatorPage {
  readonly root: HTMLElement;

  private constructor({ validator, isConnected, firstBlock, parts }: History) {
    const wins = parts.filter(({ isWinner }) => isWinner).length;
    const since = firstBlock !== null && firstBlock > 1 ? `, counted from block ${grouped(firstBlock)} on` : '';
    const words =
      parts.length === 0
        ? 'It took part in no round that is remembered.'
        : `It took part in ${counted(parts.length, 'round')} and won ${grouped(wins)}${since}.`;
    const chart = element('div', { class: 'chart', role: 'img', 'aria-label': chartWords(parts, wins) });
    this.root = element(
      'div',
      { class: 'sheet' },
      element('h1', {}, 'Validator ', element('span', { class: 'hash' }, short(validator))),
      element('p', { class: 'hash address quiet' }, validator),
      element('p', {}, `${isConnected ? 'Connected now.' : 'Not connected.'} ${words}`),
      chart,
      ...(parts.length < 2
        ? []
        : [
            element(
              'p',
              { class: 'quiet' },
              'The line: how many more wins it has than its stakes let expect. The band: what chance allows, two standard deviations.',
            ),
          ]),
      ...(parts.length > look.roundsMax
        ? [element('p', { class: 'quiet' }, `The newest ${look.roundsMax} of these ${grouped(parts.length)} rounds:`)]
        : []),
      ...(parts.length === 0 ? [] : [partTable(parts)]),
    );
    // Its size is known when it stands in the page.
    if (parts.length > 1) requestAnimationFrame(() => showChart(chart, parts));
  }

  static async load(validator: string): Promise<ValidatorPage> {
    return new ValidatorPage(await fetchHistory(validator));
  }
}

function partTable(parts: readonly Part[]): HTMLElement {
  const rows = parts
    .slice(-look.roundsMax)
    .reverse()
    .map(({ index, stake, totalStake, isWinner }) => {
      const numbers = [grouped(stake), grouped(totalStake), percent(stake, totalStake)];
      return element(
        'tr',
        {},
        element('td', {}, link(`/blocks/${index}`, grouped(index))),
        ...numbers.map((value) => element('td', { class: 'number' }, value)),
        element('td', {}, isWinner ? element('strong', {}, 'won') : 'did not win'),
      );
    });
  return table(
    ['Block', 'Stake', 'Pool', 'Share', 'Result'],
    ['Stake', 'Pool', 'Share'],
    element('tbody', {}, ...rows),
  );
}

function chartWords(parts: readonly Part[], wins: number): string {
  const expected = parts.reduce((sum, { stake, totalStake }) => sum + Number(stake) / Number(totalStake), 0);
  return `Wins over time: ${wins}, where ${expected.toFixed(1)} were to be expected`;
}

/** A chart as wide as its place, in the colours of the page, whenever these change. */
function showChart(target: HTMLElement, parts: readonly Part[]): void {
  let chart = drawChart(target, parts);
  new ResizeObserver(() => chart.setSize(sizeOf(target))).observe(target);
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => {
    chart.destroy();
    chart = drawChart(target, parts);
  });
}

/** Wins beyond what was to be expected, and two standard deviations on both sides of none. */
function drawChart(target: HTMLElement, parts: readonly Part[]): uPlot {
  const columns: [number[], number[], number[], number[], number[]] = [[0], [0], [0], [0], [0]];
  const [rounds, low, high, none, beyond] = columns;
  let won = 0;
  let mean = 0;
  let variance = 0;
  for (const [place, { stake, totalStake, isWinner }] of parts.entries()) {
    const share = Number(stake) / Number(totalStake);
    won += isWinner ? 1 : 0;
    mean += share;
    variance += share * (1 - share);
    rounds.push(place + 1);
    low.push(-2 * Math.sqrt(variance));
    high.push(2 * Math.sqrt(variance));
    none.push(0);
    beyond.push(won - mean);
  }
  const style = getComputedStyle(document.documentElement);
  const colour = (name: string): string => resolved(style.getPropertyValue(name), target);
  const axis = {
    stroke: colour('--quiet'),
    grid: { stroke: colour('--line'), width: 1 },
    ticks: { show: false },
    font: '14px sans-serif',
    labelFont: '14px sans-serif',
  };
  const points = { show: false };
  return new uPlot(
    {
      ...sizeOf(target),
      scales: { x: { time: false } },
      legend: { show: false },
      cursor: { show: false },
      bands: [{ series: [2, 1], fill: colour('--band') }],
      axes: [
        {
          ...axis,
          label: 'rounds that it took part in',
          incrs: [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 5000, 10_000],
        },
        {
          ...axis,
          label: 'wins beyond what was expected',
          size: 60,
          incrs: [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 5000, 10_000],
        },
      ],
      series: [
        {},
        { stroke: 'transparent', points },
        { stroke: 'transparent', points },
        { stroke: colour('--ink'), width: 1.5, dash: [6, 5], points },
        { stroke: colour('--accent'), width: 3, points },
      ],
    },
    columns,
    target,
  );
}

/** A canvas does not know light-dark(): the browser is asked what the colour comes to here. */
function resolved(colour: string, target: HTMLElement): string {
  const probe = element('i');
  probe.style.color = colour;
  document.body.append(probe);
  const value = getComputedStyle(probe).color;
  probe.remove();
  return value === '' ? getComputedStyle(target).color : value;
}

function sizeOf(target: HTMLElement): { width: number; height: number } {
  return { width: Math.max(280, target.clientWidth), height: Math.max(240, target.clientHeight) };
}
