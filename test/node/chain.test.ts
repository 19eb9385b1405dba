import { describe, expect, it } from 'vitest';
import { Chain } from '../../src/node/chain.ts';
import type { BlockStore, NodeEvent } from '../../src/node/ports.ts';
import { buildChain, candidatesWith, verifySignature } from '../core/build-chain.ts';
import { SimulatedClock } from '../sim/simulated-clock.ts';
import { SimulatedSecrets } from '../sim/simulated-secrets.ts';

describe('a chain that is loaded', () => {
  const texts = buildChain([candidatesWith([1n]), candidatesWith([2n]), candidatesWith([3n])], 4).map((block) =>
    JSON.stringify(block),
  );

  /** Loads the chain, a block at a time, and asks to stop before the block with an index is read. */
  async function load(stopBefore: number): Promise<{ heard: number; read: number; reason: unknown; why: unknown }> {
    const stopping = new AbortController();
    let read = 0;
    const store: BlockStore = {
      async *blocks() {
        for (const [index, text] of texts.entries()) {
          if (index === stopBefore) stopping.abort();
          read += 1;
          yield [text];
        }
      },
      append: async () => undefined,
      verifyPlace: async () => undefined,
    };
    const events: NodeEvent[] = [];
    const listener = { onEvent: (event: NodeEvent) => events.push(event) };
    const ports = {
      clock: new SimulatedClock(),
      secrets: new SimulatedSecrets(1, 1),
      verifySignature,
      store,
      listener,
    };
    const why: unknown = await Chain.open({ ...ports, stopAsked: stopping.signal }, 4).then(
      () => 'opened',
      (error: unknown) => error,
    );
    return { heard: events.length, read, reason: stopping.signal.reason, why };
  }

  it.each([0, 2, 3])('is left alone at once when somebody asks to stop before block %i', async (index) => {
    const { heard, read, reason, why } = await load(index);
    expect(why).toBe(reason);
    expect(heard).toBe(index);
    expect(read).toBe(index + 1);
  });

  it('is told to the listener as a whole when nobody does', async () => {
    const { heard, why } = await load(Number.POSITIVE_INFINITY);
    expect(heard).toBe(texts.length);
    expect(String(why)).toContain('the master secret is not the one');
  });
});
