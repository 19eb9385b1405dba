import { createHash } from 'node:crypto';
import type { StoredBlock } from '../../src/consensus/engine.ts';
import { isDrawn } from '../../src/core/block.ts';
import { assemble, type Node } from '../../src/node/assemble.ts';
import { Doors } from '../../src/node/doors.ts';
import type { NodeEvent } from '../../src/node/ports.ts';
import { nativeVerifier } from '../../src/platform/ed25519.ts';
import { MemoryStore } from '../../src/storage/memory-store.ts';
import { Dice } from './dice.ts';
import type { Plan } from './faults.ts';
import type { Outcome } from './outcome.ts';
import { ProcessClock } from './process-clock.ts';
import { SimulatedClock } from './simulated-clock.ts';
import { type LogDoor, SimulatedLog } from './simulated-log.ts';
import { SimulatedSecrets } from './simulated-secrets.ts';

const intervalMs = 4000;
const stepMs = 700;
/** After all faults: elections, what waits, and several rounds. */
const calmMs = 40_000;

interface Person {
  readonly address: string;
  readonly code: string | undefined;
  isHere: boolean;
}

/** One run of a door, from its start to its end. */
interface Life {
  readonly node: Node;
  readonly log: LogDoor;
  readonly clock: ProcessClock;
  readonly ending: AbortController;
  readonly people: Person[];
  height: number;
}

interface Place {
  readonly store: MemoryStore;
  life: Life | undefined;
  isStarting: boolean;
}

/** Runs several doors of one lottery from a seed: over a log that is slow, cut off from them and without answers, while they crash and come back. */
export async function simulateDoors(plan: Plan): Promise<Outcome> {
  return new DoorRun(plan).run();
}

class DoorRun {
  readonly #plan: Plan;
  readonly #dice: Dice;
  readonly #clock = new SimulatedClock();
  readonly #log: SimulatedLog;
  readonly #places: readonly Place[];
  readonly #broken: string[] = [];
  readonly #trace: string[] = [];
  /** Of every index: the block, and the pool that it is told with. */
  readonly #told = new Map<
    number,
    { readonly text: string; readonly pool: string; readonly validators: ReadonlySet<string> }
  >();
  readonly #accepted = new Map<string, number>();
  /** Validators whose slash was said, and the last block that may still have them in its pool. */
  readonly #slashed = new Map<string, number>();
  /** The blocks whose time is that of a closing. */
  readonly #timed = new Set<number>();
  /** Everybody who may come back anywhere. */
  readonly #codes: { readonly code: string; readonly address: string }[] = [];
  #lives = 0;
  #brokenAt = 0;
  #step = 0;

  constructor(plan: Plan) {
    this.#plan = plan;
    this.#dice = new Dice(plan.seed);
    this.#log = new SimulatedLog(this.#clock, this.#dice);
    this.#places = Array.from({ length: 2 + this.#dice.roll(3) }, () => ({
      store: new MemoryStore(),
      life: undefined,
      isStarting: false,
    }));
  }

  async run(): Promise<Outcome> {
    for (const place of this.#places) this.#start(place);
    for (this.#step = 1; this.#step <= this.#plan.steps && this.#broken.length === 0; this.#step += 1) {
      for (const place of this.#places) this.#happen(place);
      await this.#clock.pass(stepMs);
    }
    this.#brokenAt = this.#step;
    this.#log.isCalm = true;
    for (const place of this.#places) {
      if (place.life !== undefined) this.#log.heal(place.life.log.door);
      this.#start(place);
    }
    await this.#clock.pass(calmMs / 2);
    for (const { life } of this.#places) life?.node.service.resume();
    await this.#clock.pass(calmMs / 2);
    if (this.#broken.length === 0) this.#judge();
    for (const { life } of this.#places) life?.ending.abort();
    await this.#clock.pass(2 * intervalMs);
    const seen = JSON.stringify([...this.#told.values()].map(({ text, pool }) => [text, pool]));
    return {
      blocks: this.#told.size,
      transactions: 0,
      lives: this.#lives,
      faults: new Map(),
      broken: this.#broken,
      brokenAt: this.#brokenAt,
      digest: createHash('sha256').update(seen).update(this.#trace.join('\n')).digest('hex'),
      trace: this.#trace,
    };
  }

  #start(place: Place): void {
    if (place.life !== undefined || place.isStarting) return;
    place.isStarting = true;
    this.#open(place).then(
      () => undefined,
      (error: unknown) => this.#break(`a door did not start: ${String(error)}`),
    );
  }

  async #open(place: Place): Promise<void> {
    this.#lives += 1;
    const number = this.#lives;
    const clock = new ProcessClock(this.#clock);
    const log = this.#log.open(`door ${number}`, clock);
    const state = { height: Number.NaN };
    const node = await assemble(
      {
        clock,
        // All have the secret of the chain.
        secrets: new SimulatedSecrets(this.#plan.seed * 1000 + number, this.#plan.seed),
        verifySignature: nativeVerifier(),
        store: place.store,
        sessionStore: place.store,
        doors: await Doors.open(log),
        subscribers: [{ onEvent: (event) => this.#hear(number, state, event) }],
        failed: (error) => this.#break(`a listener failed: ${String(error)}`),
      },
      { linksPerChain: 8, intervalMs, broadcastIntervalMs: 1_000_000, rejoinGraceMs: 60_000 },
    );
    const ending = new AbortController();
    place.life = { node, log, clock, ending, people: [], height: node.chain.height };
    place.isStarting = false;
    this.#say(`door ${number} begins at ${node.chain.height}`);
    node.run(ending.signal).catch((error: unknown) => this.#break(`door ${number} failed: ${String(error)}`));
  }

  #happen(place: Place): void {
    const { life } = place;
    if (life === undefined) {
      if (this.#dice.once(4)) this.#start(place);
      return;
    }
    const { door } = life.log;
    if (this.#dice.once(40)) {
      this.#say(`${door} is killed`);
      life.clock.kill();
      this.#log.cut(door);
      place.life = undefined;
      return;
    }
    if (this.#log.isCut(door)) {
      if (this.#dice.once(6)) this.#log.heal(door);
    } else if (this.#dice.once(25)) {
      this.#say(`${door} is cut off`);
      this.#log.cut(door);
    }
    for (let count = this.#dice.roll(3); count > 0; count -= 1) this.#act(life);
    if (this.#dice.once(60)) life.node.service.sealNow();
    if (this.#dice.once(80)) life.node.service.pause();
    else if (life.node.service.status().isPaused && this.#dice.once(3)) life.node.service.resume();
  }

  /** A person does something at a door. */
  #act(life: Life): void {
    const { service } = life.node;
    const here = life.people.filter(({ isHere }) => isHere);
    if (here.length === 0 || this.#dice.once(3)) {
      if (this.#codes.length > 0 && this.#dice.once(2)) this.#comeBack(life);
      else {
        const address = service.join(BigInt(1 + this.#dice.roll(100)));
        const person: Person = { address, code: service.openSession(address, () => this.#lose(person)), isHere: true };
        life.people.push(person);
        if (person.code !== undefined) this.#codes.push({ code: person.code, address });
      }
      return;
    }
    const person = this.#dice.pick(here);
    if (this.#dice.once(12)) {
      this.#slash(life, person);
      return;
    }
    if (this.#dice.once(10)) {
      person.isHere = false;
      service.leave(person.address);
      return;
    }
    this.#propose(life, person);
  }

  #lose(person: Person): void {
    person.isHere = false;
  }

  #comeBack(life: Life): void {
    const { code } = this.#dice.pick(this.#codes);
    const person: { address: string; code: string; isHere: boolean } = { address: '', code, isHere: false };
    const result = life.node.service.resumeSession(code, 'somewhere', () => this.#lose(person));
    if (result.kind !== 'resumed') return;
    // The same connection would not come back to itself.
    for (const other of life.people) if (other.address === result.address) other.isHere = false;
    person.address = result.address;
    this.#say(`${result.address.slice(0, 8)} comes back at ${life.log.door}`);
    person.isHere = true;
    life.people.push(person);
  }

  #propose(life: Life, { address }: Person): void {
    const payload = this.#dice.roll(200);
    const proposal = life.node.service.propose(address, payload);
    this.#say(`${address.slice(0, 8)} proposes ${payload} at ${life.log.door}: ${proposal.kind}`);
    if (proposal.kind !== 'deciding') return;
    proposal.decided.then(
      (decided) => {
        this.#say(`${address.slice(0, 8)} at ${life.log.door}: ${decided.kind}`);
        if (decided.kind !== 'accepted') return;
        const key = `${address} ${decided.index}`;
        if (this.#accepted.has(key) && !this.#slashed.has(address))
          this.#break(`two candidates of one validator were accepted for block ${decided.index}`);
        this.#accepted.set(key, payload);
      },
      () => undefined,
    );
  }

  #slash({ node, log }: Life, person: Person): void {
    person.isHere = false;
    this.#say(`${person.address.slice(0, 8)} is slashed at ${log.door}`);
    node.service.slash(person.address, { text: 'x', problem: 'not a number', max: 1 });
    node.service.sessionsSynced()?.then(
      () => {
        // What is being drawn then stays drawn.
        const isDrawing = node.service.status().isDrawing ? 1 : 0;
        this.#say(`the slash of ${person.address.slice(0, 8)} is said at height ${node.chain.height}`);
        if (!this.#slashed.has(person.address)) this.#slashed.set(person.address, node.chain.height + isDrawing);
      },
      () => undefined,
    );
  }

  #hear(number: number, state: { height: number }, event: NodeEvent): void {
    if (event.kind === 'loaded') state.height = event.block.Index;
    if (event.kind !== 'committed') return;
    const { block, text, body } = event;
    if (block.Index !== state.height + 1)
      this.#break(`door ${number} told block ${block.Index} behind ${state.height}`);
    state.height = block.Index;
    const pool = poolText(body);
    const before = this.#told.get(block.Index);
    if (before !== undefined && (before.text !== text || before.pool !== pool))
      this.#break(`two doors told another block ${block.Index}`);
    const validators = new Set(body?.map(({ validator }) => validator));
    if (validators.size !== body?.length) this.#break(`a validator is twice in the pool of block ${block.Index}`);
    if (isDrawn(block) && !validators.has(block.Validator))
      this.#break(`the winner of block ${block.Index} is not in its pool`);
    this.#told.set(block.Index, { text, pool, validators });
    this.#say(`door ${number} tells block ${block.Index}`);
  }

  #judge(): void {
    const heights = this.#places.map(({ life }) => life?.node.chain.height);
    if (new Set(heights).size !== 1) this.#break(`the doors end at the heights ${heights.join(', ')}`);
    this.#judgeTimes();
    const here = this.#places.flatMap(({ life }) => (life?.people ?? []).filter(({ isHere }) => isHere));
    if (new Set(here.map(({ address }) => address)).size < here.length) this.#break('a person is at two doors');
    for (const [key, payload] of this.#accepted) {
      const [address = '', index = ''] = key.split(' ');
      const told = this.#told.get(Number(index));
      const isSlashed = this.#slashed.has(address);
      if (!isSlashed && told?.validators.has(address) !== true)
        this.#break(
          `candidate ${payload} of ${address.slice(0, 8)} was accepted for block ${index} and is not in its pool`,
        );
    }
    for (const [address, last] of this.#slashed) {
      for (const [index, { validators }] of this.#told) {
        if (index > last && validators.has(address))
          this.#break(`${address.slice(0, 8)} was slashed before block ${index} and is in its pool`);
      }
    }
    if (this.#told.size === 0) this.#break('no block was told');
  }

  /** The time of a block is fixed with its pool, whichever door draws. */
  #judgeTimes(): void {
    for (const record of this.#log.records) {
      if (record.kind !== 'control' || record.entry.kind !== 'closed') continue;
      const { index, timestamp } = record.entry;
      const told = this.#told.get(index);
      // The last of several closings of an index, of which the others were empty.
      if (told?.text.includes(`"Timestamp":"${timestamp}"`)) this.#timed.add(index);
    }
    for (const index of this.#told.keys())
      if (!this.#timed.has(index)) this.#break(`block ${index} has a time of its own`);
  }

  #say(words: string): void {
    this.#trace.push(`${this.#clock.monotonicMs()} ${words}`);
  }

  #break(words: string): void {
    this.#say(`BROKEN: ${words}`);
    this.#broken.push(words);
  }
}

function poolText(body: StoredBlock['body']): string {
  return (body ?? []).map(({ validator, stake, payload }) => `${validator} ${stake} ${payload}`).join('\n');
}
