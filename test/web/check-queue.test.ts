import { expect, it } from 'vitest';
import { CheckQueue } from '../../src/web/check-queue.ts';

it('checks blocks one after the other, each once', async () => {
  const begun: number[] = [];
  const ends: (() => void)[] = [];
  const queue = new CheckQueue((index) => {
    begun.push(index);
    return new Promise((resolve) => ends.push(resolve));
  });
  queue.add(1);
  queue.add(2);
  queue.add(1);
  const run = queue.run();
  await queue.run();
  expect(begun).toEqual([1]);
  ends[0]?.();
  await expect.poll(() => begun).toEqual([1, 2]);
  queue.add(3);
  ends[1]?.();
  await expect.poll(() => begun).toEqual([1, 2, 3]);
  ends[2]?.();
  await run;
  await queue.run();
  expect(begun).toEqual([1, 2, 3]);
});

it('tries a block again that could not be had, and those behind it after that', async () => {
  const checked: number[] = [];
  let isAway = true;
  const queue = new CheckQueue(async (index) => {
    if (isAway) throw new Error('the server does not answer');
    checked.push(index);
  });
  queue.add(7);
  queue.add(8);
  await queue.run();
  expect(checked).toEqual([]);
  isAway = false;
  await queue.run();
  expect(checked).toEqual([7, 8]);
});
