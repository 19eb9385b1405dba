import type { DrawnBlock } from '../../src/core/block.ts';
import { SystemClock } from '../../src/platform/system-clock.ts';
import { Broadcaster, socketPortions } from '../../src/tcp/broadcaster.ts';
import { Connection } from '../../src/tcp/connection.ts';
import type { SocketLike } from '../../src/tcp/send-buffer.ts';
import { buildChain, hexOf } from '../core/build-chain.ts';
import { compare, type Finding, type Group } from './measure.ts';

const people = 100;
const repeats = 50;

/** A socket that takes everything and does nothing, so that only the preparation is measured. */
const nowhere: SocketLike = {
  writableLength: 0,
  writableNeedDrain: false,
  write: () => true,
  end: () => undefined,
  destroy: () => undefined,
  resetAndDestroy: () => undefined,
  cork: () => undefined,
  uncork: () => undefined,
  pause: () => undefined,
  resume: () => undefined,
};

/** A chain of so many blocks, ready to be broadcast. Returns what one more block and one broadcast, up to everybody's first bytes, take, ms. */
function prepare(blocks: number): () => Promise<number> {
  const [, block] = buildChain([[{ validator: hexOf('winner'), stake: 100n, payload: 72 }]], 8);
  if (block === undefined || !('Draw' in block)) throw new Error('no block');
  const drawn: DrawnBlock = block;
  const text = JSON.stringify(drawn);
  const clock = new SystemClock();
  let due: Connection[] = [];
  const host = {
    service: {
      round: 0,
      join: () => hexOf(0),
      openSession: () => undefined,
      resumeSession: () => ({ kind: 'unknown' as const }),
      addStrike: () => 1,
      sessionsSynced: () => undefined,
      propose: () => ({ kind: 'full' as const }),
      slash: () => undefined,
      rename: () => undefined,
      leave: () => undefined,
    },
    rules: { stakeMax: 1n, slashAfter: 1, rejoinGraceMs: 0 },
    linesPerSecond: 0,
    clock,
    deliver: (connection: Connection) => {
      due.push(connection);
    },
    forget: () => undefined,
    failed: () => undefined,
  };
  const connections = new Set<Connection>();
  const broadcaster = new Broadcaster({
    connections,
    yieldToEventLoop: () => clock.yieldToEventLoop(),
    portions: socketPortions,
    store: { blockRange: async (first, last) => Array.from({ length: last + 1 - first }, () => text) },
  });
  broadcaster.lengthenChain(blocks - 1);
  return async () => {
    let milliseconds = 0;
    for (let run = 0; run < repeats; run++) {
      // New ones each time: whoever has not taken the chain before is not offered the next.
      connections.clear();
      due = [];
      for (let count = 0; count < people; count++) connections.add(new Connection(nowhere, host));
      // What is measured is the sending alone.
      await broadcaster.chain.slice(0);
      const startMs = performance.now();
      broadcaster.lengthenChain(blocks + run);
      broadcaster.offerChain();
      await broadcaster.settled();
      // Whoever has taken a piece is due again, and is not asked: only their first counts.
      for (const connection of [...due]) connection.sendPiece();
      milliseconds += performance.now() - startMs;
    }
    return milliseconds / repeats;
  };
}

export const preparation: Group = {
  name: 'preparation',
  async *run(): AsyncGenerator<Finding> {
    const { ratio, spread, ours, bare } = await compare({ ours: prepare(1_000_000), bare: prepare(1000) }, 15);
    yield {
      what: `one more block and a broadcast to ${people}, up to everybody's first bytes, at 1,000,000 blocks`,
      against: 'the same at 1,000 blocks',
      ratio,
      spread,
      goal: { bound: 'at most', value: 2 },
      note: `${ours.toFixed(2)} ms and ${bare.toFixed(2)} ms`,
    };
  },
};
