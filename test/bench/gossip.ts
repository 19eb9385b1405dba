import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';

interface Link {
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

/** As long as a block of a lottery with a pool of ten. */
const blockCharacters = 1200;
/** From one attempt to have something come through to everybody to the next, ms. */
const probeMs = 200;

/** Nodes of one chain in processes of their own, each of which is a link of a bare chain of TCP relays, too. */
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
    for (const [place, { child }] of links.entries()) {
      const behind = links[place + 1];
      if (behind === undefined) break;
      child.send(`follow ${behind.port}`);
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

  /** A block to everybody. Resolves with the milliseconds until the last has it, and over how many nodes it came to the one that is farthest. */
  async announce(): Promise<{ readonly ms: number; readonly depth: number }> {
    const name = this.#say('gossip', this.#maker);
    const arrivals = await this.#complete(name, this.#links.length);
    const linkOf = (id: string): Link | undefined => this.#links.find((link) => link.id === id);
    const depthOf = (link: Link): number => {
      const before = linkOf(arrivals.get(link)?.from ?? '');
      return before === undefined ? 0 : depthOf(before) + 1;
    };
    return { ms: spanMs(arrivals), depth: Math.max(...[...arrivals.keys()].map(depthOf)) };
  }

  /** The same text through a bare chain of relays of so many hops, ms. */
  async relay(hops: number): Promise<number> {
    const start = this.#links[this.#links.length - 1 - hops];
    if (start === undefined) throw new Error(`a chain of ${hops} hops needs more processes`);
    return spanMs(await this.#complete(this.#say('relay', start), hops + 1));
  }

  stop(): void {
    for (const { child } of this.#links) child.kill('SIGKILL');
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
