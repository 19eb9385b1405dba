import { describe, expect, it } from 'vitest';
import { CandidateQueue } from '../../src/consensus/candidate-queue.ts';
import { limits } from '../../src/consensus/limits.ts';
import type { Candidate } from '../../src/core/pool.ts';

function candidate(payload: number): Candidate {
  return { validator: 'a'.repeat(64), stake: 1n, payload };
}

describe('the candidate queue', () => {
  it('gives back everything, oldest first, and then nothing', () => {
    const queue = new CandidateQueue<Candidate>();
    for (const bpm of [1, 2, 3]) expect(queue.push(candidate(bpm))).toBe(true);
    expect(queue.length).toBe(3);
    expect(queue.drain().map(({ payload }) => payload)).toEqual([1, 2, 3]);
    expect(queue.drain()).toEqual([]);
  });

  it('wakes its reader when something comes', async () => {
    const queue = new CandidateQueue<Candidate>();
    const ready = queue.ready();
    queue.push(candidate(72));
    expect(await ready).toBe(true);
    expect(queue.drain()).toHaveLength(1);
  });

  it('holds nothing back when it was drained otherwise before the reader came to it', async () => {
    const queue = new CandidateQueue<Candidate>();
    const ready = queue.ready();
    queue.push(candidate(72));
    expect(queue.drain()).toHaveLength(1);
    await ready;
    expect(queue.drain()).toEqual([]);
  });

  it('takes as many as its bound and refuses the next, without waiting', () => {
    const queue = new CandidateQueue<Candidate>();
    for (let count = 0; count < limits.queueLengthMax; count++) expect(queue.push(candidate(count))).toBe(true);
    expect(queue.push(candidate(0))).toBe(false);
    expect(queue.length).toBe(limits.queueLengthMax);
    queue.drain();
    expect(queue.push(candidate(0))).toBe(true);
  });

  it('lets its reader go when it is closed, and takes nothing more', async () => {
    const queue = new CandidateQueue<Candidate>();
    const ready = queue.ready();
    queue.close();
    expect(await ready).toBe(false);
    expect(queue.push(candidate(72))).toBe(false);
    expect(await queue.ready()).toBe(false);
  });
});
