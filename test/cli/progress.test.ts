import { PassThrough } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { limits } from '../../src/cli/limits.ts';
import { Progress, progressBar } from '../../src/cli/progress.ts';
import { linesOnScreen } from './screen.ts';

/** What a terminal shows after these words, each shown as soon as it is due. */
async function shown(columns: number, sayings: readonly string[]): Promise<readonly string[]> {
  const output = Object.assign(new PassThrough({ encoding: 'latin1' }), { isTTY: true, columns });
  let nowMs = 0;
  const progress = new Progress(output, () => nowMs);
  for (const words of sayings) {
    nowMs += limits.progressAfterMs + 1;
    progress.show(() => words);
  }
  return linesOnScreen(String(output.read()), { columns, rows: 10 });
}

describe('the line that shows how far a work has come', () => {
  it('stays one line on a terminal of any width, and is cut just where it would fill it', async () => {
    const words = `${progressBar(0.25)}, 30000 blocks checked`;
    const { length } = words;
    expect(await shown(length + 1, ['x', words, words])).toEqual([words]);
    expect(await shown(length, ['x', words, words])).toEqual([words.slice(0, -1)]);
    expect(await shown(20, ['x', words, words])).toEqual([words.slice(0, 19).trimEnd()]);
  });

  it('is not shown while the work is short', () => {
    const output = new PassThrough();
    let nowMs = 0;
    const onTerminal = new Progress(Object.assign(output, { isTTY: true, columns: 80 }), () => nowMs);
    nowMs = limits.progressAfterMs;
    onTerminal.show(() => 'x');
    onTerminal.end();
    expect(output.read()).toBeNull();
  });
});
