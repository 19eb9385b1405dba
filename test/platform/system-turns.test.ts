import { describe, expect, it } from 'vitest';
import { limits } from '../../src/platform/limits.ts';
import { SystemTurns } from '../../src/platform/system-turns.ts';

describe('the turns of the event loop', () => {
  it('are over after their time, and not before', async () => {
    let nowMs = 1000;
    const turns = new SystemTurns(() => nowMs);
    await turns.yieldToEventLoop();
    expect(turns.isTurnOver()).toBe(false);
    nowMs += limits.turnMs / 2;
    expect(turns.isTurnOver()).toBe(false);
    nowMs += limits.turnMs / 2;
    expect(turns.isTurnOver()).toBe(true);
    await turns.yieldToEventLoop();
    expect(turns.isTurnOver()).toBe(false);
  });

  it('begin with a new one, since the age of the current one is not known', () => {
    expect(new SystemTurns(() => 0).isTurnOver()).toBe(true);
  });
});
