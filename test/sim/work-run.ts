import { findFault } from '../../src/consensus/verifier.ts';
import { isMined, type WorkBlock } from '../../src/core/block.ts';
import type { NodeEvent } from '../../src/node/ports.ts';
import { nativeVerifier } from '../../src/platform/ed25519.ts';
import type { Plan } from './faults.ts';
import type { Outcome } from './outcome.ts';
import { type Death, SimulatedRun } from './simulated-run.ts';
import { type Person, World } from './world.ts';

const intervalMs = 200;
const firstDifficulty = 300n;

/** One server process with its people. */
interface Life {
  readonly world: World;
  readonly people: Person[];
  /** Candidates in the order in which they were accepted, and the blocks that were told. */
  readonly accepted: (readonly [validator: string, payload: number])[];
  readonly told: WorkBlock[];
  readonly slashed: ReadonlyMap<string, unknown>;
}

/** Runs one chain of work from a plan: people, clock, disk and search, over as many server processes as its crashes make. */
export async function simulateWork(plan: Plan): Promise<Outcome> {
  return new WorkSimulation(plan).run();
}

class WorkSimulation extends SimulatedRun<Life> {
  protected readonly stepMs = 400;
  /** The texts of all blocks that were told, by their indexes. */
  readonly #told = new Map<number, string>();

  protected get blocks(): number {
    return this.#told.size;
  }

  protected async begin(seed: number): Promise<Life> {
    const [accepted, told]: [Life['accepted'], WorkBlock[]] = [[], []];
    // Whether a block was being stored at that moment, which may be theirs.
    const slashed = new Map<string, boolean>();
    let world: World | undefined;
    const witness = (event: NodeEvent): void => {
      if (event.kind !== 'chain-due' && event.kind !== 'loaded')
        this.trace.push(`  ${event.kind} at ${this.clock.monotonicMs()} ms`);
      if (event.kind === 'proposed') accepted.push([event.candidate.validator, event.candidate.payload]);
      if (event.kind === 'slashed') slashed.set(event.validator, world?.service.status().isDrawing === true);
      if (event.kind !== 'committed' || !isMined(event.block)) return;
      const { Index, Validator } = event.block;
      if (slashed.get(Validator) === false)
        this.broken.push(`block ${Index} is of a validator that was slashed before`);
      if (slashed.has(Validator)) slashed.set(Validator, false);
      told.push(event.block);
      this.#told.set(event.block.Index, event.text);
    };
    world = await World.open({
      seed,
      secretsSeed: this.plan.seed,
      clock: this.clock,
      store: this.store,
      intervalMs: 1000,
      broadcastIntervalMs: 5000,
      linksPerChain: 4,
      stakeMax: 1000n,
      slashAfter: 1,
      linesPerSecond: 0,
      work: { difficulty: firstDifficulty, intervalMs, noncesPerMs: this.dice.pick([1, 4, 9]) },
      witness,
    });
    return { world, people: [], accepted, told, slashed };
  }

  protected act(life: Life): void {
    this.#actAsSomebody(life);
    if (this.strikes('wall-jump', 20)) this.clock.jumpWall(this.dice.roll(400_000) - 200_000);
    if (this.strikes('stall', 20)) this.clock.stall(this.dice.roll(60_000));
  }

  protected look({ world }: Life): Death | undefined {
    if (this.strikes('crash', 40) || this.store.hasCrashed) return 'crashed';
    return world.hasFailed ? 'failed' : undefined;
  }

  /** Somebody does something. */
  #actAsSomebody({ world, people }: Life): void {
    const { dice } = this;
    const person = people.length === 0 || dice.once(4) ? world.connect() : dice.pick(people);
    if (!people.includes(person)) people.push(person);
    if (!person.isConnected) return;
    const propose = (): void => person.type(`${dice.roll(1000)}\n`.repeat(1 + dice.roll(3)));
    const deed = dice.pick([
      ...Array.from({ length: 9 }, () => propose),
      () => person.type(`nonce ${dice.roll(1000)}\n`),
      () => person.type(`nonce ${dice.roll(1000)}\n`),
      () => person.type('no number\n'),
      () => person.reset(),
      () => person.closeSide(),
      () => world.service.pause(),
    ]);
    deed();
    if (dice.once(3)) world.service.resume();
  }

  protected async end(life: Life, death: Death): Promise<void> {
    const { world } = life;
    let isClean = death === 'stopped';
    if (isClean) {
      world.service.resume();
      // Wall clocks that jumped back are waited for.
      for (let time = 0; time < 100 && world.service.status().candidates > 0; time++) await this.clock.pass(10_000);
      isClean = !this.store.hasCrashed && !world.hasFailed;
    }
    if (isClean) await world.stop();
    if (!world.hasFailed) for (const fault of world.faults) this.broken.push(`the server failed: ${String(fault)}`);
    this.clock.forget();
    await this.#check(life, isClean);
  }

  async #check(life: Life, isClean: boolean): Promise<void> {
    const texts = await this.store.texts();
    const chain = texts.map((text): unknown => JSON.parse(text));
    const fault = findFault(chain, nativeVerifier());
    if (fault !== undefined) this.broken.push(`block ${fault.index} breaks ${fault.rule}: ${fault.why}`);
    if (this.store.hasRedrawn) this.broken.push('a block was changed between two attempts to store it');
    for (const [index, text] of this.#told) {
      if (texts[index] !== text) this.broken.push(`block ${index} was told and is lost`);
    }
    this.#checkOrder(life, isClean);
    this.#checkWords(life);
    for (const { seen, closeReason } of life.people) this.digest.update(`${seen}\n${closeReason}\n`);
    this.broken.push(...findWrongDifficulties(texts));
  }

  /** Blocks come in the order of their candidates, and none is left out but those of people who were slashed. */
  #checkOrder({ accepted, told, slashed }: Life, isClean: boolean): void {
    let place = 0;
    for (const { Index, Validator, BPM } of told) {
      while (place < accepted.length && !(accepted[place]?.[0] === Validator && accepted[place]?.[1] === BPM)) {
        if (!slashed.has(accepted[place]?.[0] ?? ''))
          this.broken.push(`candidate ${place} was passed over by block ${Index}`);
        place += 1;
      }
      if (place === accepted.length) this.broken.push(`block ${Index} has a candidate that was not accepted, or twice`);
      place += 1;
    }
    const left = accepted.slice(place).filter(([validator]) => !slashed.has(validator));
    if (isClean && left.length > 0) this.broken.push(`${left.length} candidates never became blocks`);
  }

  /** Each validator hears of its own blocks and of no others, each once. */
  #checkWords({ people, told }: Life): void {
    for (const { seen } of people) {
      const [, address] = /^You are validator ([0-9a-f]{64}) with 0 tokens\./.exec(seen) ?? [];
      const heard = [...seen.matchAll(/^Block (\d+) is yours: ([0-9a-f]{64})\.$/gm)].map(
        ([, index, hash]) => `${index} ${hash}`,
      );
      const owned = told.filter(({ Validator }) => Validator === address).map(({ Index, Hash }) => `${Index} ${Hash}`);
      // Who hung up hears no more.
      if (heard.some((block, place) => block !== owned[place]))
        this.broken.push(`${address} heard of other blocks than its own`);
    }
  }

  /** After the last fault a BPM becomes a block. */
  protected async recover(): Promise<void> {
    const life = await this.start();
    life.world.connect().type('72\n');
    await this.finish(life, 'stopped');
    if (life.told.length !== 1) this.broken.push('the BPM after the last fault became no block');
  }
}

/** The rule of the specification for difficulties, with nothing of ours: which blocks have another one. */
function findWrongDifficulties(texts: readonly string[]): readonly string[] {
  const blocks = texts.map((text): { Timestamp: string; Work?: { Difficulty: string } } => JSON.parse(text));
  const time = (index: number): number => Date.parse(blocks[index]?.Timestamp ?? '');
  const difficulty = (index: number): bigint => BigInt(blocks[index]?.Work?.Difficulty ?? 0);
  const wrong: string[] = [];
  for (let n = 1; n < blocks.length; n++) {
    let expected = firstDifficulty;
    if (n > 1) {
      const k = Math.min(16, n - 1);
      let sum = 0n;
      for (let i = n - k; i < n; i++) sum += difficulty(i);
      const span = Math.max(1, time(n - 1) - time(n - 1 - k));
      expected = (sum * BigInt(intervalMs)) / BigInt(span);
      const quarter = difficulty(n - 1) / 4n;
      if (expected < quarter) expected = quarter;
      if (expected < 1n) expected = 1n;
      if (expected > 4n * difficulty(n - 1)) expected = 4n * difficulty(n - 1);
    }
    if (difficulty(n) !== expected)
      wrong.push(`block ${n} has the difficulty ${difficulty(n)}, and should have ${expected}`);
  }
  return wrong;
}
