import type uPlot from 'uplot';
import { element } from './elements.ts';

/** What a chart is drawn with: the colours and the text of the page as they are now. */
export interface ChartStyle {
  readonly width: number;
  readonly height: number;
  readonly textPx: number;
  /** What both axes have in common. */
  readonly axis: uPlot.Axis;
  /** Resolves a custom property of the page, such as `--accent`. */
  colour(name: string): string;
}

/**
 * Draws a chart as wide as its container and in the colours of the page, and again when these change, once the container is in the page. Returns a
 * function that draws it again with new data.
 */
export function showChart(target: HTMLElement, draw: (style: ChartStyle) => uPlot): () => void {
  let chart: uPlot | undefined;
  let textPx = 0;
  const drawAgain = (): void => {
    textPx = textPixels();
    // An empty container is not shown, so it has its size only before.
    const style = styleOf(target, textPx);
    chart?.destroy();
    chart = draw(style);
  };
  // The size is known only when the element is in the page.
  requestAnimationFrame(() => {
    drawAgain();
    new ResizeObserver(() => {
      // The font size grows with the window.
      if (textPixels() === textPx) chart?.setSize(sizeOf(target));
      else drawAgain();
    }).observe(target);
    matchMedia('(prefers-color-scheme: dark)').addEventListener('change', drawAgain);
  });
  return () => {
    if (chart !== undefined) drawAgain();
  };
}

function styleOf(target: HTMLElement, textPx: number): ChartStyle {
  const style = getComputedStyle(document.documentElement);
  const colour = (name: string): string => resolved(style.getPropertyValue(name), target);
  const font = `${textPx}px ${getComputedStyle(target).fontFamily}`;
  const axis = {
    stroke: colour('--quiet'),
    grid: { stroke: colour('--line'), width: 1 },
    ticks: { show: false },
    font,
    labelFont: font,
    labelSize: 2 * textPx,
  };
  return { ...sizeOf(target), textPx, axis, colour };
}

/** The font size of a chart in pixels: that of table headers. */
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
