import { EventEmitter } from 'node:events';
import { describe, expect, it } from 'vitest';
import { UntakenAnswers } from '../../src/http/untaken-answers.ts';

class Response extends EventEmitter {
  destroyed = false;

  destroy(): void {
    this.destroyed = true;
    this.emit('close');
  }
}

function untakenOf(bytesMax: number): UntakenAnswers {
  return new UntakenAnswers(bytesMax, (response) => response.destroy());
}

describe('answers that nobody takes', () => {
  it('may have so many bytes together, and with one more byte the one that is longest under way is cut', () => {
    const untaken = untakenOf(100);
    const responses = [new Response(), new Response(), new Response(), new Response()];
    const [first, second, third, fourth] = responses;
    for (const response of responses.slice(0, 2)) untaken.add(response, 50);
    expect([first?.destroyed, second?.destroyed]).toEqual([false, false]);
    if (third === undefined || fourth === undefined) throw new Error('too few');
    untaken.add(third, 1);
    expect([first?.destroyed, second?.destroyed, third.destroyed]).toEqual([true, false, false]);
    untaken.add(fourth, 100);
    expect(responses.map(({ destroyed }) => destroyed)).toEqual([true, true, true, false]);
  });

  it('count no longer when they were taken', () => {
    const untaken = untakenOf(100);
    const [taken, next] = [new Response(), new Response()];
    untaken.add(taken, 100);
    taken.emit('close');
    untaken.add(next, 100);
    expect([taken.destroyed, next.destroyed]).toEqual([false, false]);
  });

  it('may be larger than all may be together when it is the only one', () => {
    const untaken = untakenOf(100);
    const large = new Response();
    untaken.add(large, 1000);
    expect(large.destroyed).toBe(false);
  });
});
