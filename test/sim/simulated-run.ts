import { createHash, type Hash } from 'node:crypto';
import { Dice } from './dice.ts';
import type { Fault, Plan } from './faults.ts';
import type { Outcome } from './outcome.ts';
import { SimulatedClock } from './simulated-clock.ts';
import { SimulatedStore } from './simulated-store.ts';

/** How a process ended. */
export type Death = 'stopped' | 'crashed' | 'failed';

/** A run of one plan: server processes one after the other on one disk, as many as its crashes make, and a last one without faults. */
export abstract class SimulatedRun<Life> {
  protected readonly plan: Plan;
  protected readonly dice: Dice;
  protected readonly clock: SimulatedClock;
  protected readonly store: SimulatedStore;
  protected readonly trace: string[] = [];
  protected readonly broken: string[] = [];
  /** A hash over all that anybody sees. */
  protected readonly digest: Hash = createHash('sha256');
  protected step = 0;
  /** How many transactions were in blocks that were told. */
  protected transactions = 0;
  readonly #counts = new Map<Fault, number>();
  #lives = 0;
  #lastDeath: Death | undefined;

  constructor(plan: Plan) {
    this.plan = plan;
    this.dice = new Dice(plan.seed);
    this.clock = new SimulatedClock(this.dice.pick([0, 0.5]));
    this.store = new SimulatedStore(this.clock, this.dice, plan.faults);
  }

  /** How many blocks were told. */
  protected abstract readonly blocks: number;
  /** The most time that passes in a step, ms. */
  protected abstract readonly stepMs: number;

  /** A process starts; the dice of its own world are made from `seed`. */
  protected abstract begin(seed: number): Promise<Life>;

  /** Everybody may do something; time passes behind it. */
  protected abstract act(life: Life): void | Promise<void>;

  /** Looks at what came of a step. Returns how the process died; undefined while it lives. */
  protected abstract look(life: Life): Death | undefined | Promise<Death | undefined>;

  /** A process ends, and what it did is checked. */
  protected abstract end(life: Life, death: Death): Promise<void>;

  /** After the last fault all goes well. */
  protected abstract recover(): Promise<void>;

  async run(): Promise<Outcome> {
    while (this.step < this.plan.steps && this.broken.length === 0) await this.#live();
    this.store.calm();
    if (this.broken.length === 0) await this.recover();
    this.digest.update((await this.store.texts()).join('\n'));
    this.add(this.store.counts);
    return {
      blocks: this.blocks,
      transactions: this.transactions,
      lives: this.#lives,
      faults: this.#counts,
      broken: this.broken,
      brokenAt: this.step,
      digest: this.digest.digest('hex'),
      trace: this.trace,
    };
  }

  /** Starts the next process. */
  protected start(): Promise<Life> {
    this.#lives += 1;
    this.trace.push(`step ${this.step}: server ${this.#lives} starts`);
    this.store.reopen(this.#lastDeath === 'stopped');
    return this.begin(this.plan.seed + 1_000_000 * this.#lives);
  }

  /** Ends the process that was started last. */
  protected finish(life: Life, death: Death): Promise<void> {
    this.trace.push(`step ${this.step}: server ${this.#lives} has ${death}`);
    this.#lastDeath = death;
    return this.end(life, death);
  }

  async #live(): Promise<void> {
    const life = await this.start();
    let death: Death | undefined;
    while (death === undefined && this.step < this.plan.steps && this.broken.length === 0) {
      this.step += 1;
      await this.act(life);
      await this.clock.pass(this.dice.roll(this.stepMs));
      death = await this.look(life);
    }
    if (this.broken.length === 0) await this.finish(life, death ?? 'stopped');
  }

  /** True when a fault of the plan happens, once in `sides` times. */
  protected strikes(fault: Fault, sides: number): boolean {
    const doesIt = this.plan.faults.has(fault) && this.dice.once(sides);
    if (doesIt) {
      this.add(new Map([[fault, 1]]));
      this.trace.push(`step ${this.step}: ${fault}`);
    }
    return doesIt;
  }

  /** Counts faults that happened. */
  protected add(counts: ReadonlyMap<Fault, number>): void {
    for (const [fault, count] of counts) this.#counts.set(fault, (this.#counts.get(fault) ?? 0) + count);
  }
}
