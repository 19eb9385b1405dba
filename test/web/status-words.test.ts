import { describe, expect, it } from 'vitest';
import { limits } from '../../src/http/api/limits.ts';
import type { Seal } from '../../src/http/api/types.ts';
import { stopWords, untilWords } from '../../src/web/status-words.ts';

describe('the words beside the countdown', () => {
  it('say in which phase the round is', () => {
    const words = (['open', 'drawing', 'paused', 'disk-full'] as const).map((phase) =>
      untilWords({ consensus: 'lottery', phase, height: 6 }, 1000),
    );
    expect(words).toEqual([
      'until the draw of block 7',
      'drawing block 7',
      'paused before block 7',
      'block 7 is drawn, and waits for room on the disk',
    ]);
  });

  it('say what the draw of a sealed pool waits for', () => {
    const round = { beacon: 'anna', round: 7, time: '2026-01-01T00:00:00.000Z' };
    const wordsOf = (...rounds: Seal['rounds']): string => {
      const seal = { index: 7, sealed: round.time, root: 'ab', size: 1, total: '1', signature: 'cd', rounds };
      return untilWords({ consensus: 'lottery', phase: 'drawing', height: 6, seal }, 1000);
    };
    const ben = { ...round, beacon: 'ben', round: 9 };
    const sealed = 'the pool of block 7 is sealed, its draw waits for';
    expect(wordsOf(round, ben)).toBe(`${sealed} anna round 7 and ben round 9`);
    expect(wordsOf({ ...round, signature: 'ef' }, { ...ben, isLate: true })).toBe(
      `${sealed} ben round 9, which is silent`,
    );
    expect(wordsOf({ ...round, signature: 'ef' })).toBe('drawing block 7');
  });

  it('count down to no draw that another server makes', () => {
    const network = { peers: 1, authority: 'reached' } as const;
    expect(untilWords({ consensus: 'lottery', phase: 'open', height: 6, network }, 1000)).toBe('block 6 is the newest');
    expect(untilWords({ consensus: 'lottery', phase: 'open', height: 6, network: { peers: 1 } }, 1000)).toBe(
      'until the draw of block 7',
    );
  });

  it('say what the newest block is where there are no draws', () => {
    const words = (['open', 'paused', 'disk-full'] as const).map((phase) =>
      untilWords({ consensus: 'instant', phase, height: 6 }, 0),
    );
    expect(words).toEqual([
      'block 6 is the newest',
      'paused; block 6 is the newest',
      'the next block waits for room on the disk; block 6 is the newest',
    ]);
  });

  it('say that a draw is late when it is overdue, and not sooner', () => {
    const open = { consensus: 'lottery', phase: 'open', height: 6 } as const;
    expect(untilWords(open, -limits.drawOverdueMs)).toBe('until the draw of block 7');
    expect(untilWords(open, -limits.drawOverdueMs - 1)).toBe('the draw of block 7 is late');
  });
});

describe('what the page says of a server that has ended', () => {
  it('is when the page goes on, where the server was asked to stop', () => {
    expect(stopWords('asked')).toBe('This page goes on when it is started again.');
  });

  it.each(['disk-refused', 'chain-gone'] as const)(
    'is what is known of the last draw, where the reason is %s',
    (why) => {
      expect(stopWords(why)).toMatch(/ disk.*\. It is not known whether that draw was kept; the chain will show it\.$/);
    },
  );
});
