import { describe, expect, it } from 'vitest';
import { EventHub } from '../../src/node/event-hub.ts';
import type { NodeEvent } from '../../src/node/ports.ts';

const paused: NodeEvent = { kind: 'paused', hasRounds: true };

describe('the event hub', () => {
  it('tells every subscriber every event, in the order in which they subscribed', () => {
    const heard: string[] = [];
    const hub = new EventHub((error) => heard.push(String(error)));
    for (const name of ['first', 'second']) hub.subscribe({ onEvent: ({ kind }) => heard.push(`${name} ${kind}`) });
    hub.onEvent(paused);
    hub.onEvent({ kind: 'chain-due' });
    expect(heard).toEqual(['first paused', 'second paused', 'first chain-due', 'second chain-due']);
  });

  it('reports what a subscriber throws, and tells the others and the next event all the same', () => {
    const faults: unknown[] = [];
    const heard: NodeEvent[] = [];
    const hub = new EventHub((error) => faults.push(error));
    const fault = new Error('a listener fails');
    hub.subscribe({
      onEvent: () => {
        throw fault;
      },
    });
    hub.subscribe({ onEvent: (event) => heard.push(event) });
    hub.onEvent(paused);
    hub.onEvent(paused);
    expect(heard).toEqual([paused, paused]);
    expect(faults).toEqual([fault, fault]);
  });

  it('tells a subscriber nothing any more that has ended its subscription', () => {
    const heard: NodeEvent[] = [];
    const hub = new EventHub(() => undefined);
    const end = hub.subscribe({ onEvent: (event) => heard.push(event) });
    hub.onEvent(paused);
    end();
    hub.onEvent(paused);
    expect(heard).toEqual([paused]);
  });
});
