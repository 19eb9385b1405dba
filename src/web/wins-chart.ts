import uPlot from 'uplot';
import type { Participation } from '../http/api/types.ts';
import { type ChartStyle, showChart } from './chart-frame.ts';
import { element } from './elements.ts';

/** A chart of a validator's wins over time compared with the expectation. It is drawn from two rounds on; its label always has the numbers. */
export function winsChart(parts: readonly Participation[]): HTMLElement {
  const wins = parts.filter(({ isWinner }) => isWinner).length;
  const expected = parts.reduce((sum, { stake, totalStake }) => sum + Number(stake) / Number(totalStake), 0);
  const words = `Wins over time: ${wins}, where ${expected.toFixed(1)} were to be expected`;
  const chart = element('div', { class: 'chart', role: 'img', 'aria-label': words });
  if (parts.length > 1) showChart(chart, (style) => drawChart(chart, parts, style));
  return chart;
}

/** Draws the wins beyond the expectation, and a band of two standard deviations on both sides of zero. */
function drawChart(
  target: HTMLElement,
  parts: readonly Participation[],
  { width, height, textPx, axis: common, colour }: ChartStyle,
): uPlot {
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
  const axis = { ...common, incrs: [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 5000, 10_000] };
  const points = { show: false };
  return new uPlot(
    {
      width,
      height,
      scales: { x: { time: false } },
      legend: { show: false },
      cursor: { show: false },
      bands: [{ series: [2, 1], fill: colour('--band') }],
      axes: [
        { ...axis, label: 'rounds that it took part in', size: 2.5 * textPx },
        { ...axis, label: 'wins beyond what was expected', size: 3.5 * textPx },
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
