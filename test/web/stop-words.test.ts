import { describe, expect, it } from 'vitest';
import { stopWords } from '../../src/web/stop-words.ts';

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
