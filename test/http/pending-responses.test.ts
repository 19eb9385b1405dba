import { EventEmitter } from 'node:events';
import { describe, expect, it } from 'vitest';
import { PendingResponses } from '../../src/http/pending-responses.ts';

class Response extends EventEmitter {
  destroyed = false;

  destroy(): void {
    this.destroyed = true;
    this.emit('close');
  }
}

function pendingWithin(bytesMax: number): PendingResponses {
  return new PendingResponses(bytesMax, (response) => response.destroy());
}

describe('responses that are not received', () => {
  it('may have so many bytes together, and one more byte disconnects the oldest', () => {
    const pending = pendingWithin(100);
    const responses = [new Response(), new Response(), new Response(), new Response()];
    const [first, second, third, fourth] = responses;
    for (const response of responses.slice(0, 2)) pending.add(response, 50);
    expect([first?.destroyed, second?.destroyed]).toEqual([false, false]);
    if (third === undefined || fourth === undefined) throw new Error('too few');
    pending.add(third, 1);
    expect([first?.destroyed, second?.destroyed, third.destroyed]).toEqual([true, false, false]);
    pending.add(fourth, 100);
    expect(responses.map(({ destroyed }) => destroyed)).toEqual([true, true, true, false]);
  });

  it('no longer count when they were received', () => {
    const pending = pendingWithin(100);
    const [received, next] = [new Response(), new Response()];
    pending.add(received, 100);
    received.emit('close');
    pending.add(next, 100);
    expect([received.destroyed, next.destroyed]).toEqual([false, false]);
  });

  it('may be larger than all may be together when it is the only one', () => {
    const pending = pendingWithin(100);
    const large = new Response();
    pending.add(large, 1000);
    expect(large.destroyed).toBe(false);
  });
});
