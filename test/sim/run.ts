import { createHash } from 'node:crypto';
import type { LotteryEvent } from '../../src/engine/ports.ts';
import { Crowd } from './crowd.ts';
import { Dice } from './dice.ts';
import { findBrokenPromises } from './promises.ts';
import { SimulatedClock } from './simulated-clock.ts';
import { SimulatedStore } from './simulated-store.ts';
import { World } from './world.ts';

export interface Outcome {
  readonly draws: number;
  /** Every promise that was broken, in words; empty when the run is good. */
  readonly broken: readonly string[];
  /** A hash over all that anybody saw and all that was stored: two runs of one seed must agree on it. */
  readonly digest: string;
}

/** Runs one whole lottery from a seed: people, clock, store and secrets. The server is restarted once on the way. */
export async function simulate(seed: number, rounds: number): Promise<Outcome> {
  const dice = new Dice(seed);
  const clock = new SimulatedClock();
  const intervalMs = 1000;
  const store = new SimulatedStore(clock, dice, intervalMs);
  const options = {
    seed,
    clock,
    store,
    intervalMs,
    broadcastIntervalMs: dice.pick([700, 1000, 2000, 5000]),
    // Few links, so that chains of secrets end and hand over many times in a run.
    linksPerChain: dice.pick([1, 2, 7, 64]),
    stakeMax: 1_000_000_000_000_000n,
    slashAfter: dice.pick([1, 2]),
    linesPerSecond: dice.pick([0, 5, 100]),
  };
  const sizeMax = dice.pick([1, 3, 12, 40]);
  const digest = createHash('sha256');
  const broken: string[] = [];
  let draws = 0;

  for (const part of ['first', 'second']) {
    const slashed = new Map<string, number>();
    const witness = (event: LotteryEvent): void => {
      if (event.kind === 'slashed') slashed.set(event.validator, world.openIndex);
      if (event.kind === 'drawn' && event.block.Index !== store.height)
        broken.push('a block was announced before it was stored');
    };
    const addressSeed = part === 'first' ? seed : seed + 1;
    const world: World = await World.open({ ...options, witness, seed: addressSeed, secretsSeed: seed });
    const crowd = new Crowd(dice, sizeMax);
    const startHeight = world.lottery.status().height;
    for (let step = 0; step < rounds * 2; step++) {
      crowd.act(world);
      if (dice.once(50)) clock.stall(dice.roll(4 * intervalMs));
      if (dice.once(50)) clock.jumpWall(dice.roll(7_200_000) - 3_600_000);
      await clock.pass(dice.roll(500));
    }
    // The last chains and announcements reach everybody who is still there.
    for (let step = 0; step < 50; step++) {
      crowd.settle(world);
      await clock.pass(intervalMs / 10);
    }
    await world.stop();
    for (let step = 0; step < 10; step++) {
      crowd.settle(world);
      await clock.pass(intervalMs / 10);
    }
    broken.push(...(await findBrokenPromises({ world, crowd, store, startHeight, slashed })));
    draws += world.drawn().length;
    for (const { person } of crowd.guests) digest.update(`${person.seen}\n${person.ending}\n`);
  }
  digest.update(JSON.stringify(await store.chain()));
  return { draws, broken, digest: digest.digest('hex') };
}
