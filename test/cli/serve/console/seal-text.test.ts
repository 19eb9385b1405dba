import { describe, expect, it } from 'vitest';
import { sealText } from '../../../../src/cli/serve/console/seal-text.ts';
import type { AwaitedRound } from '../../../../src/consensus/engine.ts';

const pool = { Index: 1, Sealed: '2026-01-01T00:00:00.000Z', PoolRoot: 'ab', PoolSize: 1, TotalStake: '1' };
const timeMs = Date.UTC(2026, 0, 1, 0, 0, 5);
const anna: AwaitedRound = { name: 'anna', round: 7, timeMs, signature: undefined, isLate: false };
const ben: AwaitedRound = { ...anna, name: 'ben', round: 9, timeMs: timeMs - 1000 };
const textOf = (...rounds: readonly AwaitedRound[]): string => sealText({ pool, signature: 'cd', rounds });

describe('the line of status while a draw waits for beacons', () => {
  it('says which rounds are awaited, and nothing of those that have come', () => {
    expect(textOf(anna, ben)).toBe('the draw waits for anna round 7, ben round 9');
    expect(textOf({ ...anna, signature: 'ef' }, ben)).toBe('the draw waits for ben round 9');
    expect(textOf({ ...anna, signature: 'ef' })).toBe('drawing');
  });

  it('says since when, where a beacon is silent', () => {
    expect(textOf({ ...anna, isLate: true }, { ...ben, isLate: true })).toBe(
      'the draw waits for anna round 7, ben round 9 since 00:00:04 UTC',
    );
  });
});
