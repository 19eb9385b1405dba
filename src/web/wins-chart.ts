import uPlot from 'uplot';
import type { Participation } from '../http/api/types.ts';
import { element } from './elements.ts';

/** A chart of a validator's wins over time compared with the expectation. It is drawn from two rounds on; its label always has the numbers. */
export function winsChart(parts: readonly Participation[]): HTMLElement {
  const wins = parts.filter(({ isWinner }) => isWinner).length;
  const expected = parts.reduce((sum, { stake, totalStake }) => sum + Number(stake) / Number(totalStake), 0);
  const words = `Wins over time: ${wins}, where ${expected.toFixed(1)} were to be expected`;
  const chart = element('div', { class: 'chart', role: 'img', 'aria-label': words });
  // The size is known only when the element is in the page.
  if (parts.length > 1) requestAnimationFrame(() => showChart(chart, parts));
  return chart;
}

/** Draws the chart as wide as its container and in the colours of the page, and again when these change. */
function showChart(target: HTMLElement, parts: readonly Participation[]): void {
  let chart = drawChart(target, parts);
  let textPx = textPixels();
  const drawAgain = (): void => {
    chart.destroy();
    chart = drawChart(target, parts);
    textPx = textPixels();
  };
  new ResizeObserver(() => {
    // The font size grows with the window.
    if (textPixels() === textPx) chart.setSize(sizeOf(target));
    else drawAgain();
  }).observe(target);
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', drawAgain);
}

/** Draws the wins beyond the expectation, and a band of two standard deviations on both sides of zero. */
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

/** The font size of the chart in pixels: that of table headers. */
function textPixels(): number {
  return Math.round(Number.parseFloat(getComputedStyle(document.documentElement).fontSize) * 0.85);
}

/** Resolves a colour through the browser, because a canvas does not know light-dark(). */
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
