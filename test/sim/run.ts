import { limits } from '../../src/consensus/lottery/limits.ts';
import type { NodeEvent } from '../../src/node/ports.ts';
import { simulateBeacons } from './beacon-run.ts';
import { Crowd } from './crowd.ts';
import { Dice } from './dice.ts';
import { simulateDoors } from './door-run.ts';
import type { Plan } from './faults.ts';
import { simulateLedger } from './ledger-run.ts';
import { Model } from './model.ts';
import { simulateNetwork } from './network-run.ts';
import type { Outcome } from './outcome.ts';
import { findBrokenNow, findBrokenPromises, type Life } from './promises.ts';
import { type Death, SimulatedRun } from './simulated-run.ts';
import { SimulatedSessions } from './simulated-sessions.ts';
import { simulateWork } from './work-run.ts';
import { World, type WorldOptions } from './world.ts';

const intervalMs = 1000;

/** Runs one whole server from a plan: people, clock, store and secrets, over as many processes as its crashes make. */
export async function simulate(plan: Plan): Promise<Outcome> {
  const { scene, kind, hasLedger } = plan;
  if (scene === 'network') return simulateNetwork(plan);
  if (scene === 'beacons') return simulateBeacons(plan);
  if (scene === 'doors') return simulateDoors(plan);
  if (hasLedger) return simulateLedger(plan);
  return kind === 'work' ? simulateWork(plan) : new Simulation(plan, kind).run();
}

/** People hear once of every draw that is late by more than a second, or that the disk is full, and of no other. */
class LateDrawPromise {
  /** The rounds that people were told of. */
  readonly #late = new Set<number>();
  #isDiskFull = false;

  /** Returns in words what must not have happened. */
  onEvent(event: NodeEvent): readonly string[] {
    if (event.kind === 'drawing') this.#isDiskFull = false;
    if (event.kind === 'disk-full') this.#isDiskFull = true;
    if (event.kind === 'late') {
      const isTold = this.#late.has(event.round);
      this.#late.add(event.round);
      return isTold ? [`people heard twice that the draw of round ${event.round} is late`] : [];
    }
    if (event.kind !== 'committed') return [];
    const { round = -1, lateMs = 0 } = event;
    // A look comes a millisecond after the limit, or two where timers are early.
    if (lateMs > limits.lateDrawMs + 2 && !this.#late.has(round) && !this.#isDiskFull) {
      return [`nobody heard that the draw of round ${round} is late`];
    }
    return lateMs <= limits.lateDrawMs && this.#late.has(round) ? [`the draw of round ${round} was called late`] : [];
  }
}

class Simulation extends SimulatedRun<Life> {
  protected readonly stepMs = 500;
  readonly #sessionStore: SimulatedSessions;
  readonly #options: WorldOptions;
  readonly #sizeMax: number;
  /** The texts of all blocks that anybody was told of, by their indexes. */
  readonly #announced = new Map<number, string>();
  /** The codes of sessions of all servers so far. */
  readonly #codes: string[] = [];
  /** The stakes of everybody who may come back: all but those who have heard that they are slashed. */
  readonly #sessions = new Map<string, bigint>();

  constructor(plan: Plan, kind: 'lottery' | 'instant') {
    super(plan);
    const { dice } = this;
    // Dice of its own: what befalls sessions does not change the rest of a run.
    this.#sessionStore = new SimulatedSessions(this.clock, new Dice(plan.seed ^ 0x5ea7), plan.faults);
    this.#options = {
      consensus: kind,
      seed: plan.seed,
      clock: this.clock,
      store: this.store,
      intervalMs,
      broadcastIntervalMs: dice.pick([700, 1000, 2000, 5000]),
      // Few links, so that chains of secrets end and hand over many times in a run.
      linksPerChain: dice.pick([1, 2, 7, 64]),
      stakeMax: dice.pick([1_000_000_000_000_000n, limits.stakeCeiling]),
      slashAfter: dice.pick([1, 2]),
      linesPerSecond: dice.pick([0, 5, 100]),
      rejoinGraceMs: plan.faults.has('comeback') ? dice.pick([1500, 60_000]) : 0,
      sessionStore: this.#sessionStore,
    };
    this.#sizeMax = dice.pick([1, 3, 12, 40]);
  }

  protected get blocks(): number {
    return this.#announced.size;
  }

  protected async begin(seed: number): Promise<Life> {
    const slashed = new Map<string, number>();
    const model = new Model(this.#sessions);
    const lateDraws = new LateDrawPromise();
    const startMs = this.clock.monotonicMs();
    let slot = 0;
    const witness = (event: NodeEvent, openIndex: number): void => {
      if (event.kind === 'slashed') slashed.set(event.validator, openIndex);
      if (event.kind === 'committed') this.#announced.set(event.block.Index, event.text);
      if (event.kind !== 'chain-due' && event.kind !== 'loaded')
        this.trace.push(`  ${event.kind} at ${this.clock.monotonicMs() - startMs} ms`);
      if (event.kind === 'empty' || event.kind === 'drawing') {
        // A round ends on the grid and not before; and however late it is, no slot of the grid ends two rounds.
        const now = Math.floor((this.clock.monotonicMs() - startMs) / intervalMs);
        if (now <= slot) this.broken.push(`a round ended ${now === slot ? 'twice in' : 'before'} slot ${slot}`);
        slot = now;
      }
      model.onEvent(event, openIndex);
      this.broken.push(...model.broken, ...lateDraws.onEvent(event));
    };
    const world = await World.open({ ...this.#options, witness, seed, secretsSeed: this.plan.seed });
    const crowd = new Crowd(this.dice, this.plan.faults, this.#sizeMax, this.trace, this.#codes);
    return { world, crowd, store: this.store, startHeight: world.service.status().height, slashed, model };
  }

  protected act({ world, crowd }: Life): void {
    const { dice } = this;
    crowd.act(world);
    if (this.strikes('stall', 60)) this.clock.stall(dice.roll(dice.once(2) ? 4 * intervalMs : 120_000));
    if (this.strikes('wall-jump', 50)) this.clock.jumpWall(dice.roll(7_200_000) - 3_600_000);
  }

  protected look(life: Life): Death | undefined {
    this.broken.push(...findBrokenNow(life));
    if (this.#hasCrashed) return 'crashed';
    if (this.strikes('crash', 80)) return 'crashed';
    if (life.world.hasFailed) return 'failed';
    return this.dice.once(100) ? 'stopped' : undefined;
  }

  protected async end(life: Life, death: Death): Promise<void> {
    const { world, crowd } = life;
    let isClean = death === 'stopped';
    if (isClean) {
      // The last chains and announcements reach everybody who is still there.
      await this.#settle(life, 50);
      isClean = !this.#hasCrashed && !world.hasFailed;
    }
    if (isClean) {
      await world.stop();
      await this.#settle(life, 10);
      isClean = !this.#hasCrashed && !world.hasFailed;
    }
    if (!world.hasFailed) this.broken.push(...world.faults.map((fault) => `the server failed: ${String(fault)}`));
    // Whatever that process still had to do, it never does.
    this.clock.forget();
    this.#sessionStore.reopen(isClean);
    if (isClean && life.model.waiting > 0) this.broken.push(`${life.model.waiting} accepted BPMs are no blocks`);
    this.broken.push(...(await findBrokenPromises(life, isClean)));
    const texts = await this.store.texts();
    for (const [index, text] of this.#announced) {
      if (texts[index] !== text) this.broken.push(`block ${index} was announced and is lost`);
    }
    this.add(crowd.counts);
    for (const { person } of crowd.guests) {
      const [, slashed] = /You are validator ([0-9a-f]{64})[\s\S]*\nEnter a new BPM:Slashed: /.exec(person.seen) ?? [];
      if (slashed !== undefined) this.#sessions.delete(slashed);
      for (const [, code = ''] of person.seen.matchAll(/seconds: rejoin (\S+)\n/g)) this.#codes.push(code);
    }
    for (const { address, stake } of await this.#sessionStore.sessions()) {
      if (this.#sessions.get(address) !== stake)
        this.broken.push(`the session of ${address} is back although its end was told`);
    }
    for (const { person } of crowd.guests) this.digest.update(`${person.seen}\n${person.closeReason}\n`);
  }

  get #hasCrashed(): boolean {
    return this.store.hasCrashed || this.#sessionStore.hasCrashed;
  }

  /** After the last fault the next round that has a candidate closes in time. */
  protected async recover(): Promise<void> {
    this.#sessionStore.calm();
    const life = await this.start();
    const before = life.world.committed().length;
    life.crowd.join(life.world).person.type(this.plan.kind === 'instant' ? '72\n' : '10\n72\n');
    await this.clock.pass(intervalMs + 100);
    if (life.world.committed().length !== before + 1)
      this.broken.push('the round after the last fault was not drawn in time');
    await this.finish(life, 'stopped');
    this.add(this.#sessionStore.counts);
  }

  async #settle({ world, crowd }: Life, times: number): Promise<void> {
    for (let time = 0; time < times; time++) {
      crowd.settle(world);
      await this.clock.pass(intervalMs / 10);
    }
  }
}
