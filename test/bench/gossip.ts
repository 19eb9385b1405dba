import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';

export interface Link {
  readonly child: ChildProcess;
  readonly id: string;
  readonly line: string;
  readonly port: number;
}

/** A text that has come to a process. */
interface Arrival {
  readonly at: bigint;
  /** Who passed it here. */
  readonly from: string;
}

/** How a block came to everybody. */
export interface Spread {
  /** Until the last had it. */
  readonly ms: number;
  /** Over how many processes it came to the one that is farthest. */
  readonly depth: number;
  /** Whom each process has it from. */
  readonly ways: ReadonlyMap<Link, Link>;
}

/** As long as a block of a lottery with a pool of ten. */
const blockCharacters = 1200;
/** From one attempt to have something come through to everybody to the next, ms. */
const probeMs = 400;
/** What the processes were told is over by then, ms. */
const quietMs = 100;

/** Nodes of one chain in processes of their own, each of which is a bare relay on TCP, too. */
export class Gossip {
  readonly #links: readonly Link[];
  readonly #arrivals = new Map<string, Map<Link, Arrival>>();
  #texts = 0;
  #arrived: () => void = () => undefined;

  private constructor(links: readonly Link[]) {
    this.#links = links;
    for (const link of links) link.child.on('message', (message) => this.#hear(link, message));
  }

  /** Starts the nodes, and waits until what one of them says comes through to everybody. */
  static async start(nodes: number): Promise<Gossip> {
    const links = await Promise.all(Array.from({ length: nodes }, startLink));
    const [first, ...others] = links;
    for (const { child } of others) {
      child.send(`dial ${first?.line}`);
      await once(child, 'message');
    }
    for (const { child, port } of links) {
      const ports = links.map((link) => link.port).filter((other) => other !== port);
      child.send(`connect ${ports.join(' ')}`);
      await once(child, 'message');
    }
    // Everybody has more peers than the one that it dialled, as nodes that ask each other for peers have.
    for (const [place, { child }] of links.entries()) {
      for (const step of [3, 7]) {
        const { line, id } = links[(place + step) % links.length] ?? {};
        if (line === undefined || id === links[place]?.id) continue;
        child.send(`dial ${line}`);
        await once(child, 'message');
      }
    }
    const gossip = new Gossip(links);
    for (;;) {
      const name = gossip.#say('gossip', gossip.#maker);
      await delay(probeMs);
      if (gossip.#arrivals.get(name)?.size === nodes) return gossip;
    }
  }

  /** A block to everybody. */
  async announce(): Promise<Spread> {
    const arrivals = await this.#complete(this.#say('gossip', this.#maker), this.#links.length);
    const ways = new Map<Link, Link>();
    for (const [link, { from }] of arrivals) {
      const before = this.#links.find(({ id }) => id === from);
      if (before !== undefined) ways.set(link, before);
    }
    const depthOf = (link: Link): number => {
      const before = ways.get(link);
      return before === undefined ? 0 : depthOf(before) + 1;
    };
    return { ms: spanMs(arrivals), depth: Math.max(...this.#links.map(depthOf)), ways };
  }

  /** The same text from bare relay to bare relay over the same ways to everybody, ms. */
  async relayOver(ways: ReadonlyMap<Link, Link>): Promise<number> {
    return this.#relay(ways, this.#maker);
  }

  /** The same text through a bare chain of relays of so many hops, ms. The others have nothing to do meanwhile. */
  async relayThrough(hops: number): Promise<number> {
    const [first, ...others] = [this.#maker, ...this.#links.filter((link) => link !== this.#maker)];
    if (others.length < hops) throw new Error(`a chain of ${hops} hops needs more processes`);
    const chain = [first, ...others.slice(0, hops)];
    return this.#relay(new Map(others.slice(0, hops).map((link, place) => [link, chain[place] ?? first])), first);
  }

  stop(): void {
    for (const { child } of this.#links) child.kill('SIGKILL');
  }

  /** @param ways whom each process has the text from */
  async #relay(ways: ReadonlyMap<Link, Link>, start: Link): Promise<number> {
    for (const link of this.#links) {
      const ports = [...ways].filter(([, before]) => before === link).map(([{ port }]) => port);
      link.child.send(`next ${ports.join(' ')}`);
      await once(link.child, 'message');
    }
    await delay(quietMs);
    return spanMs(await this.#complete(this.#say('relay', start), ways.size + 1));
  }

  get #maker(): Link {
    const maker = this.#links[1];
    if (maker === undefined) throw new Error('a gossip takes two');
    return maker;
  }

  #say(way: 'gossip' | 'relay', { child }: Link): string {
    this.#texts += 1;
    const name = `${way}-${this.#texts}`;
    this.#arrivals.set(name, new Map());
    child.send(`${way} ${`${name} `.padEnd(blockCharacters, 'x')}`);
    return name;
  }

  async #complete(name: string, size: number): Promise<ReadonlyMap<Link, Arrival>> {
    const arrivals = this.#arrivals.get(name) ?? new Map<Link, Arrival>();
    while (arrivals.size < size) {
      await new Promise<void>((resolve) => {
        this.#arrived = resolve;
      });
    }
    return arrivals;
  }

  #hear(link: Link, message: unknown): void {
    if (typeof message !== 'object' || message === null || !('text' in message)) return;
    const { text, from, atNs }: { text: unknown; from?: unknown; atNs?: unknown } = message;
    const arrivals = this.#arrivals.get(String(text));
    if (arrivals === undefined || arrivals.has(link)) return;
    arrivals.set(link, { at: BigInt(String(atNs)), from: String(from) });
    this.#arrived();
  }
}

function spanMs(arrivals: ReadonlyMap<Link, Arrival>): number {
  const times = [...arrivals.values()].map(({ at }) => at).sort((one, other) => (one < other ? -1 : 1));
  return Number((times.at(-1) ?? 0n) - (times[0] ?? 0n)) / 1e6;
}

async function startLink(): Promise<Link> {
  const child = fork(new URL('./gossip-child.ts', import.meta.url), { execArgv: [...process.execArgv] });
  const [message]: unknown[] = await once(child, 'message');
  if (typeof message !== 'object' || message === null) throw new Error('a node of the bench did not start');
  const { id, line, port }: { id?: unknown; line?: unknown; port?: unknown } = message;
  return { child, id: String(id), line: String(line), port: Number(port) };
}
