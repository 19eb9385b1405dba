import { describe, expect, it } from 'vitest';
import { Refresher } from '../../src/web/refresher.ts';

/** Work that goes on until somebody ends it. */
class SlowWork {
  readonly #ends: (() => void)[] = [];
  runs = 0;

  readonly work = (): Promise<void> => {
    this.runs += 1;
    return new Promise((resolve) => this.#ends.push(resolve));
  };

  end(): void {
    this.#ends.shift()?.();
  }
}

describe('what a page fetches again', () => {
  it('is fetched once more after a run in which many asked, and not meanwhile', async () => {
    const slow = new SlowWork();
    const refresher = new Refresher(slow.work);
    const first = refresher.refresh();
    for (let asked = 0; asked < 3; asked++) await refresher.refresh();
    expect(slow.runs).toBe(1);
    slow.end();
    await expect.poll(() => slow.runs).toBe(2);
    slow.end();
    await first;
    expect(slow.runs).toBe(2);
  });

  it('is fetched again after a run that failed', async () => {
    let runs = 0;
    const refresher = new Refresher(async () => {
      runs += 1;
      if (runs === 1) throw new Error('lost');
    });
    await expect(refresher.refresh()).rejects.toThrow('lost');
    await refresher.refresh();
    expect(runs).toBe(2);
  });
});
