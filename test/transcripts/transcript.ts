import { MemoryStore } from '../../src/storage/memory-store.ts';
import type { CloseReason } from '../../src/tcp/close-reason.ts';
import { TestBeacon } from '../core/build-beacon-chain.ts';
import type { BrowserPerson } from '../sim/browser-person.ts';
import { SimulatedBeacons } from '../sim/simulated-beacons.ts';
import { SimulatedClock } from '../sim/simulated-clock.ts';
import { type Person, World } from '../sim/world.ts';

interface Step {
  readonly kind: 'types' | 'happens';
  readonly text: string;
}

/** The chain of work of a transcript: a block takes about two seconds. */
const work = { difficulty: 2000n, intervalMs: 2000, noncesPerMs: 1 } as const;

/** The beacon of a transcript. */
const quick = new TestBeacon('quick', { GenesisTime: Date.UTC(2025, 11, 31) / 1000, Period: 3 });

/** By which door the person of a transcript comes. */
export type Door = 'nc' | 'browser';

interface Played {
  /** The transcript as it comes out. */
  readonly transcript: string;
  /** What the person has seen of the server. */
  readonly seen: string;
  readonly closeReason: CloseReason | undefined;
}

/** Plays what people do in a transcript. */
export async function replay(transcript: string, door: Door = 'nc'): Promise<Played> {
  const head = transcript.split('\n').filter((line) => line.startsWith('#'));
  const setting = (name: string, initial: number): number => {
    return Number(new RegExp(`^# ${name}=(\\d+)$`, 'm').exec(transcript)?.[1] ?? initial);
  };
  const clock = new SimulatedClock();
  const beacons = /^# BEACON=quick$/m.test(transcript) ? new SimulatedBeacons(clock, [quick]) : undefined;
  const world = await World.open({
    seed: 1,
    clock,
    store: new MemoryStore(),
    consensus: /^# CONSENSUS=instant$/m.test(transcript) ? 'instant' : 'lottery',
    ...(/^# CONSENSUS=work$/m.test(transcript) ? { work } : {}),
    ...(beacons === undefined ? {} : { beacons }),
    intervalMs: 30_000,
    broadcastIntervalMs: 60_000,
    linksPerChain: 8,
    stakeMax: 1_000_000_000_000_000n,
    slashAfter: setting('SLASH_AFTER', 1),
    rejoinGraceMs: setting('REJOIN_GRACE_MS', 0),
    linesPerSecond: 100,
  });
  const player = new Player(world, door, beacons);
  for (const step of steps(transcript.slice(head.join('\n').length))) await player.play(step);
  await world.stop();
  if (world.faults.length > 0) throw world.faults[0];
  return {
    transcript: `${head.join('\n')}\n${player.shown}${player.shown.endsWith('\n') ? '' : '\\\n'}`,
    seen: player.seen,
    closeReason: player.closeReason,
  };
}

class Player {
  readonly #world: World;
  readonly #beacons: SimulatedBeacons | undefined;
  readonly #me: Person | BrowserPerson;
  readonly #others = new Map<string, Person>();
  #seen = 0;
  #hasEnded = false;
  shown = '';

  constructor(world: World, door: Door, beacons: SimulatedBeacons | undefined) {
    this.#world = world;
    this.#beacons = beacons;
    this.#me = door === 'nc' ? world.connect() : world.connectBrowser();
    this.#look();
  }

  get seen(): string {
    return this.#me.seen;
  }

  get closeReason(): CloseReason | undefined {
    return this.#me.closeReason;
  }

  async play({ kind, text }: Step): Promise<void> {
    if (kind === 'types') {
      this.shown += `{${text}}\n`;
      this.#me.type(`${unescaped(text)}\n`);
    } else {
      this.#showHappening(text);
      await this.#happen(text);
    }
    await this.#world.clock.pass(0);
    for (const person of [this.#me, ...this.#others.values()]) person.flow();
    this.#look();
  }

  async #happen(what: string): Promise<void> {
    const [, seconds] = /^(\d+) seconds pass$/.exec(what) ?? [];
    const [, stalled] = /^the server stands still for (\d+) seconds$/.exec(what) ?? [];
    const [, name, deed, amount] = /^([A-Z][a-z]+) (joins with|proposes) (\d+)$/.exec(what) ?? [];
    const [, bytes] = /^sends "(.*)"$/.exec(what) ?? [];
    if (seconds !== undefined) await this.#world.clock.pass(Number(seconds) * 1000);
    else if (stalled !== undefined) this.#world.clock.stall(Number(stalled) * 1000);
    else if (name !== undefined && deed !== undefined) this.#other(name).type(`${amount}\n`);
    else if (bytes !== undefined) this.#me.type(unescaped(bytes));
    else if (what === 'closes their side') this.#me.closeSide();
    else if (what === 'the operator pauses') this.#world.service.pause();
    else if (what === 'the operator resumes') this.#world.service.resume();
    else if (what === 'the beacon is silent') this.#beacons?.silence('quick');
    else if (what === 'the beacon speaks again') this.#beacons?.speak('quick');
    else if (what === 'the connection breaks') this.#me.reset();
    else throw new Error(`this transcript does not say what happens by "${what}"`);
  }

  #other(name: string): Person {
    const person = this.#others.get(name) ?? this.#world.connect();
    this.#others.set(name, person);
    return person;
  }

  #look(): void {
    this.shown += this.#me.seen.slice(this.#seen);
    this.#seen = this.#me.seen.length;
    if (this.#me.closeReason === undefined || this.#hasEnded) return;
    this.#hasEnded = true;
    this.#showHappening(`closed: ${this.#me.closeReason}`);
  }

  /** On a line of its own. Where the server did not end its line, a backslash says so. */
  #showHappening(text: string): void {
    this.shown += `${this.shown.endsWith('\n') ? '' : '\\\n'}-- ${text}\n`;
  }
}

function steps(body: string): readonly Step[] {
  return [...body.matchAll(/(?:^|:)\{(.*)\}$|^-- (.+)$/gm)]
    .map(([, typed, happening]): Step => {
      return typed !== undefined ? { kind: 'types', text: typed } : { kind: 'happens', text: happening ?? '' };
    })
    .filter(({ kind, text }) => kind === 'types' || !text.startsWith('closed: '));
}

function unescaped(text: string): string {
  return text.replace(/\\(x[0-9a-f]{2}|.)/g, (_, code: string) => {
    if (code.startsWith('x')) return String.fromCharCode(Number.parseInt(code.slice(1), 16));
    return { r: '\r', n: '\n', t: '\t' }[code] ?? code;
  });
}
