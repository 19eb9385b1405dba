import { describe, expect, it } from 'vitest';
import { Gate } from '../../src/http/gate.ts';

describe('the gate', () => {
  it('lets so many in at a time, then those who wait, in their order, and refuses more than may wait', async () => {
    const gate = new Gate({ insideMax: 2, waitingMax: 2 });
    const entered: number[] = [];
    const leaves: ((() => void) | undefined)[] = [];
    const comers = Array.from({ length: 5 }, async (_, number) => {
      leaves[number] = await gate.enter();
      entered.push(number);
    });
    await comers[4];
    expect(entered).toEqual([0, 1, 4]);
    expect(leaves[4]).toBeUndefined();
    leaves[1]?.();
    await comers[2];
    // Who leaves twice gives back one place.
    leaves[1]?.();
    leaves[0]?.();
    await comers[3];
    expect(entered).toEqual([0, 1, 4, 2, 3]);
    leaves[2]?.();
    leaves[3]?.();
    expect(await gate.enter()).toBeDefined();
    expect(await gate.enter()).toBeDefined();
  });
});
