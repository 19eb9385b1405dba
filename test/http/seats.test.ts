import { describe, expect, it } from 'vitest';
import { limits } from '../../src/http/limits.ts';
import type { Seat } from '../../src/http/seat.ts';
import { Seats } from '../../src/http/seats.ts';
import type { LotteryService } from '../../src/node/participant.ts';
import { Change } from '../change.ts';
import { committed, hexOf } from '../core/build-chain.ts';
import { chain, pools } from '../storage/contract.ts';

const pool = pools.at(-1) ?? [];

/** A lottery whose validators are those of a pool, over and over again. */
function lotteryOf(round: () => number): LotteryService {
  let joined = 0;
  return {
    join: () => pool[joined++ % pool.length]?.validator ?? hexOf('nobody'),
    propose: () => ({
      kind: 'accepted',
      index: 1,
      round: round(),
      outlook: { remainingMs: 1, tickets: 1n, totalTickets: 1n },
    }),
    leave: () => undefined,
    rename: () => undefined,
    openSession: () => undefined,
    resumeSession: () => ({ kind: 'unknown' }),
    addStrike: () => 0,
    slash: () => undefined,
    sessionsSynced: () => undefined,
  };
}

function makeSeats(yieldToEventLoop: () => Promise<void>, round: () => number): { seats: Seats; take: () => Seat } {
  let tokens = 0;
  const seats = new Seats({
    kind: () => 'lottery',
    service: () => lottery,
    rules: { stakeMax: 1000n, slashAfter: 1 },
    seatsMax: 10_000,
    subnetLimiter: { enter: () => () => undefined },
    idleMs: 1000,
    nowMs: () => 0,
    newToken: () => String(tokens++),
    count: () => undefined,
    yieldToEventLoop,
    failed: (error) => {
      throw error;
    },
  });
  const lottery = lotteryOf(round);
  const take = (): Seat => {
    const taken = seats.take('100', '192.0.2.1');
    if (taken.kind !== 'taken') throw new Error(taken.kind);
    return taken.seat;
  };
  return { seats, take };
}

describe('the seats that are told of a draw', () => {
  it('are so many in one turn of the event loop, and none in the turn of the draw', async () => {
    const turn = new Change();
    const { seats, take } = makeSeats(
      () => turn.next(),
      () => 0,
    );
    const all = Array.from({ length: 2 * limits.seatsPerTurn + 1 }, take);
    for (const seat of all) seats.propose(seat, 72);
    seats.onEvent({ ...committed(chain.at(-1), pool), round: 0 });
    const counts: number[] = [];
    for (let turns = 0; turns < 4; turns++) {
      await new Promise((resolve) => setImmediate(resolve));
      counts.push(all.filter((seat) => !seat.isWaiting).length);
      turn.tell();
    }
    expect(counts).toEqual([0, limits.seatsPerTurn, 2 * limits.seatsPerTurn, all.length]);
  });

  it('still wait when they have proposed for the next one meanwhile, and are told of both', async () => {
    let round = 0;
    const turn = new Change();
    const { seats, take } = makeSeats(
      () => turn.next(),
      () => round,
    );
    const seat = take();
    seats.propose(seat, 72);
    const block = committed(chain.at(-1), pool);
    seats.onEvent({ ...block, round: 0 });
    round = 1;
    seats.propose(seat, 73);
    await new Promise((resolve) => setImmediate(resolve));
    turn.tell();
    await expect.poll(() => seats.messageOf(seat).result?.index).toBe(block.block.Index);
    expect(seat.isWaiting).toBe(true);
    seats.onEvent({ ...block, round: 1 });
    await new Promise((resolve) => setImmediate(resolve));
    turn.tell();
    await expect.poll(() => seat.isWaiting).toBe(false);
  });
});
