import { describe, expect, it } from 'vitest';
import { parseDuration } from '../../src/base/duration.ts';

describe('a duration', () => {
  it.each([
    ['5s', 5000n],
    ['2m', 120_000n],
    ['500ms', 500n],
    ['30000', 30_000n],
    ['0', 0n],
    ['007s', 7000n],
    [`${'9'.repeat(30)}s`, BigInt(`${'9'.repeat(30)}000`)],
  ])('%s is %s ms', (text, ms) => {
    expect(parseDuration(text)).toBe(ms);
  });

  it.each(['', 's', '-1s', '+1s', '1.5s', '1e3', '5 s', '5S', '1h', '5s ', '1m30s', '5sec', '５s'])(
    'is not "%s"',
    (text) => {
      expect(parseDuration(text)).toBeUndefined();
    },
  );
});
