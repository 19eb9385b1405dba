import uPlot from 'uplot';
import type { Participation } from '../http/api/types.ts';
import { element } from './elements.ts';

/** How the wins of a validator grew beside what was to be expected: drawn from two rounds on, and in words always. */
export function winsChart(parts: readonly Participation[]): HTMLElement {
  const wins = parts.filter(({ isWinner }) => isWinner).length;
  const expected = parts.reduce((sum, { stake, totalStake }) => sum + Number(stake) / Number(totalStake), 0);
  const words = `Wins over time: ${wins}, where ${expected.toFixed(1)} were to be expected`;
  const chart = element('div', { class: 'chart', role: 'img', 'aria-label': words });
  // Its size is known when it stands in the page.
  if (parts.length > 1) requestAnimationFrame(() => showChart(chart, parts));
  return chart;
}

/** A chart as wide as its place, in the colours of the page, whenever these change. */
function showChart(target: HTMLElement, parts: readonly Participation[]): void {
  let chart = drawChart(target, parts);
  let textPx = textPixels();
  const drawAgain = (): void => {
    chart.destroy();
    chart = drawChart(target, parts);
    textPx = textPixels();
  };
  new ResizeObserver(() => {
    // The page's text grows with the window.
    if (textPixels() === textPx) chart.setSize(sizeOf(target));
    else drawAgain();
  }).observe(target);
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', drawAgain);
}

/** Wins beyond what was to be expected, and two standard deviations on both sides of none. */
function drawChart(target: HTMLElement, parts: readonly Participation[]): uPlot {
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
  const textPx = textPixels();
  const font = `${textPx}px ${getComputedStyle(target).fontFamily}`;
  const axis = {
    stroke: colour('--quiet'),
    grid: { stroke: colour('--line'), width: 1 },
    ticks: { show: false },
    font,
    labelFont: font,
    labelSize: 2 * textPx,
    incrs: [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 5000, 10_000],
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

/** The size of the chart's words, pixels: that of the titles of a table. */
function textPixels(): number {
  return Math.round(Number.parseFloat(getComputedStyle(document.documentElement).fontSize) * 0.85);
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
