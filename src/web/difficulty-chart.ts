import uPlot from 'uplot';
import { difficultyBits } from '../consensus/work/difficulty.ts';
import type { WorkBlock } from '../core/block.ts';
import { type ChartStyle, showChart } from './chart-frame.ts';
import { element } from './elements.ts';
import { bitsText } from './work-text.ts';

/** A chart of the difficulty of blocks, in bits. It is drawn from two blocks on; its label always has the numbers. */
export class DifficultyChart {
  readonly root: HTMLElement = element('div', { class: 'chart', role: 'img' });
  #blocks: readonly WorkBlock[] = [];
  #drawAgain: (() => void) | undefined;

  constructor() {
    this.root.hidden = true;
  }

  /** Shows these blocks, the oldest first. */
  show(blocks: readonly WorkBlock[]): void {
    this.#blocks = blocks;
    const [first, last] = [blocks[0], blocks.at(-1)];
    this.root.hidden = blocks.length < 2;
    if (first === undefined || last === undefined || this.root.hidden) return;
    const [before, after] = [first, last].map(({ Work }) => bitsText(BigInt(Work.Difficulty)));
    this.root.setAttribute(
      'aria-label',
      `Difficulty over time: ${before} with block ${first.Index}, ${after} with block ${last.Index}`,
    );
    if (this.#drawAgain === undefined) this.#drawAgain = showChart(this.root, (style) => this.#draw(style));
    else this.#drawAgain();
  }

  #draw({ width, height, textPx, axis, colour }: ChartStyle): uPlot {
    const indexes = this.#blocks.map(({ Index }) => Index);
    const bits = this.#blocks.map(({ Work }) => difficultyBits(BigInt(Work.Difficulty)));
    return new uPlot(
      {
        width,
        height,
        scales: {
          x: { time: false },
          y: { range: [Math.floor(Math.min(...bits)) - 1, Math.ceil(Math.max(...bits)) + 1] },
        },
        legend: { show: false },
        cursor: { show: false },
        axes: [
          { ...axis, incrs: [1, 2, 5, 10, 20, 50, 100], label: 'block', size: 2.5 * textPx },
          { ...axis, incrs: [1, 2, 5, 10], label: 'difficulty, bits', size: 3.5 * textPx },
        ],
        series: [{}, { stroke: colour('--accent'), width: 3, points: { show: false } }],
      },
      [indexes, bits],
      this.root,
    );
  }
}
