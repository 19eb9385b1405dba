import { runToEnd } from '../../src/base/run-to-end.ts';
import { ChainVerifier } from '../../src/consensus/verifier.ts';
import { type SealedPool, sealedPoolOf } from '../../src/core/beacon.ts';
import { type DrawnBlock, isDrawn } from '../../src/core/block.ts';
import { drandVerifier } from '../../src/core/drand-signature.ts';
import type { NodeEvent } from '../../src/node/ports.ts';
import { nativeVerifier } from '../../src/platform/ed25519.ts';
import { remembering, TestBeacon } from '../core/build-beacon-chain.ts';
import { Dice } from './dice.ts';
import type { Plan } from './faults.ts';
import type { Outcome } from './outcome.ts';
import { SimulatedRelays } from './simulated-relays.ts';
import { type Death, SimulatedRun } from './simulated-run.ts';
import { type Person, World, type WorldOptions } from './world.ts';

const intervalMs = 4000;
const GenesisTime = Date.UTC(2025, 11, 31) / 1000;
const quick = new TestBeacon('quick', { GenesisTime, Period: 1 });
const slow = new TestBeacon('slow', { GenesisTime, Period: 7 });

/** One server process with its people. */
interface Life {
  readonly world: World;
  readonly people: Person[];
}

/** Runs one lottery whose draws wait for beacons from a plan: people, clock, disk and relays, over as many processes as its crashes make. */
export async function simulateBeacons(plan: Plan): Promise<Outcome> {
  return new BeaconSimulation(plan).run();
}

class BeaconSimulation extends SimulatedRun<Life> {
  protected readonly stepMs = 3000;
  readonly #relays: SimulatedRelays;
  readonly #options: Omit<WorldOptions, 'seed'>;
  readonly #verifyBeacon = remembering(drandVerifier());
  /** What was told of each sealed pool, and the texts of all blocks that were told, by their indexes. */
  readonly #seals = new Map<number, { readonly text: string; readonly signature: string }>();
  readonly #told = new Map<number, string>();

  constructor(plan: Plan) {
    super(plan);
    const beacons = this.dice.pick([[quick], [slow], [quick, slow]]);
    this.#relays = new SimulatedRelays(this.clock, new Dice(plan.seed ^ 0xbea), beacons, this.#verifyBeacon);
    this.#options = {
      secretsSeed: plan.seed,
      clock: this.clock,
      store: this.store,
      intervalMs,
      broadcastIntervalMs: 60_000,
      linksPerChain: this.dice.pick([1, 3, 64]),
      stakeMax: 1000n,
      slashAfter: 1,
      linesPerSecond: 0,
      beacons: this.#relays,
      ...(plan.hasLedger ? { ledger: { reward: 50n, grant: 1000n } } : {}),
      witness: (event) => this.#look(event),
    };
  }

  protected get blocks(): number {
    return this.#told.size;
  }

  protected async begin(seed: number): Promise<Life> {
    this.#relays.reopen();
    return { world: await World.open({ ...this.#options, seed }), people: [] };
  }

  protected act({ world, people }: Life): void {
    const { dice } = this;
    const person = people.length === 0 || dice.once(4) ? world.connect() : dice.pick(people);
    if (!people.includes(person)) {
      people.push(person);
      person.type(`${1 + dice.roll(100)}\n`);
    }
    const deed = dice.pick([
      ...Array.from({ length: 9 }, () => () => person.type(`${dice.roll(1000)}\n`)),
      () => person.type('no number\n'),
      () => person.reset(),
      () => world.service.sealNow(),
    ]);
    if (person.isConnected) deed();
    if (dice.once(3)) this.trace.push(`step ${this.step}: ${this.#relays.change()}`);
    if (this.strikes('wall-jump', 15)) this.#relays.jumpServerClock(dice.roll(30_000) - 15_000);
    if (this.strikes('stall', 30)) this.clock.stall(dice.roll(40_000));
  }

  protected look({ world }: Life): Death | undefined {
    if (this.strikes('crash', 25) || this.store.hasCrashed) return 'crashed';
    if (world.hasFailed) return 'failed';
    return this.dice.once(40) ? 'stopped' : undefined;
  }

  /** A sealed pool is drawn exactly as it was sealed, and once; no draw uses a round that came before its seal. */
  #look(event: NodeEvent): void {
    if (event.kind !== 'chain-due' && event.kind !== 'loaded')
      this.trace.push(`  ${event.kind} at ${this.clock.monotonicMs()} ms`);
    if (event.kind === 'sealed') {
      const { Index, Sealed } = event.pool;
      const { signature } = event;
      const text = textOf(
        event.pool,
        event.rounds.map(({ round }) => round),
      );
      const before = this.#seals.get(Index) ?? { text, signature };
      if (before.text !== text || before.signature !== signature)
        this.broken.push(`two pools were sealed for block ${Index}`);
      if (this.store.isKeepingPool) this.broken.push(`the pool of block ${Index} was told before it was kept`);
      if (this.#told.has(Index)) this.broken.push(`the pool of block ${Index} was sealed after its draw`);
      this.#seals.set(Index, { text, signature });
      if (event.rounds.some(({ timeMs }) => timeMs < Date.parse(Sealed) + 3000))
        this.broken.push(`the draw of block ${Index} waits for a round that may be known`);
    }
    if (event.kind !== 'committed' || !isDrawn(event.block)) return;
    const { Index, Draw, Timestamp } = event.block;
    if (this.#told.has(Index)) this.broken.push(`block ${Index} was told twice`);
    this.#told.set(Index, event.text);
    if (Date.parse(Timestamp) < Date.parse(Draw.Sealed ?? '') + 3000)
      this.broken.push(`block ${Index} is older than its rounds`);
  }

  protected async end({ world, people }: Life, death: Death): Promise<void> {
    if (death === 'stopped') await world.stop();
    if (!world.hasFailed) this.broken.push(...world.faults.map((fault) => `the server failed: ${String(fault)}`));
    this.clock.forget();
    const texts = await this.store.texts();
    for (const [index, text] of this.#told) {
      if (texts[index] !== text) this.broken.push(`block ${index} was told and is lost`);
    }
    if (this.store.hasRedrawn) this.broken.push('a draw that was not stored yet was made again');
    await this.#judge(texts);
    for (const { seen, closeReason } of people) this.digest.update(`${seen}\n${closeReason}\n`);
  }

  /** The stored chain holds, with all that lies beside its blocks. */
  async #judge(texts: readonly string[]): Promise<void> {
    const verifier = new ChainVerifier(nativeVerifier(), { verifyBeacon: this.#verifyBeacon });
    for (const [index, text] of texts.entries()) {
      const signed: object = JSON.parse((await this.store.signedBodyText(index)) ?? '{}');
      const Seal = await this.store.sealOf(index);
      const body = { ...signed, ...(Seal === undefined ? {} : { Seal }) };
      const checked = runToEnd(verifier.nextInSteps(JSON.parse(text), body));
      if ('fault' in checked) this.broken.push(`block ${index} breaks ${checked.fault.rule}: ${checked.fault.why}`);
      else if (isDrawn(checked.block)) this.#compare(checked.block, Seal);
    }
  }

  /** A stored block is drawn from the very pool that was told as sealed, with the rounds and the signature that were told with it. */
  #compare(block: DrawnBlock, signature: string | undefined): void {
    const { Index, Draw } = block;
    const seal = this.#seals.get(Index);
    const text = textOf(
      sealedPoolOf(block),
      Draw.Beacons?.map(({ Round }) => Round),
    );
    if (seal?.text !== text || seal.signature !== signature)
      this.broken.push(`block ${Index} is drawn from another pool, or waited for other rounds, than was sealed`);
  }

  /** Once all relays are honest and the clock is right, what was sealed is drawn, and so is a candidate of now. */
  protected async recover(): Promise<void> {
    this.#relays.calm();
    const owed = [...this.#seals.keys()];
    const life = await this.start();
    life.world.connect().type('10\n72\n');
    // The last block may be from a time when the clock was ahead.
    const isDrawn = (): boolean =>
      life.world.drawn().some(({ BPM }) => BPM === 72) && life.world.service.status().seal === undefined;
    for (let time = 0; time < 60 && !isDrawn(); time++) await this.clock.pass(2000);
    if (!isDrawn()) this.broken.push('the pool after the last fault was not drawn');
    await this.finish(life, 'stopped');
    for (const index of owed) {
      if (index > life.world.service.status().height)
        this.broken.push(`the sealed pool of block ${index} was never drawn`);
    }
  }
}

function textOf(pool: SealedPool | undefined, rounds: readonly number[] | undefined): string {
  return JSON.stringify([pool, rounds]);
}
