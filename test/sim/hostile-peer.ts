import { limits } from '../../src/node/sync/limits.ts';
import type { PeerNetworkUser, Verdict } from '../../src/node/sync/peer-network.ts';
import type { SimulatedNetwork, SimulatedNetworks } from './simulated-network.ts';

/** How a hostile peer answers a request for blocks. */
export type Hostility =
  /** With blocks that nobody signed. */
  | 'forges'
  /** With what is no block. */
  | 'babbles'
  /** Never. */
  | 'stalls'
  /** With less than it says to have. */
  | 'boasts'
  /** As an honest one, but it ends the connection in between. */
  | 'leaves'
  /** With a line without an end. */
  | 'floods'
  /** With a long chain that holds and weighs little, of which it says that it weighs more than any. */
  | 'lengthens'
  /** As an honest one would, but it announces what is no block. */
  | 'announces'
  /** As an honest one would, but it announces without end. */
  | 'repeats';

/** All of them. */
export const hostilities: readonly Hostility[] = [
  'forges',
  'babbles',
  'stalls',
  'boasts',
  'leaves',
  'floods',
  'announces',
  'repeats',
];

/** A peer that says to have a longer chain than anybody, and to be of the same one. */
export class HostilePeer implements PeerNetworkUser {
  readonly network: SimulatedNetwork;
  readonly #hostility: Hostility;
  readonly #texts: readonly string[];
  readonly #chainId: string;
  readonly #greeted = new Set<string>();
  #announced = 0;

  /** @param texts the blocks of the honest chain, which it has, too */
  constructor(world: SimulatedNetworks, id: string, hostility: Hostility, chainId: string, texts: readonly string[]) {
    this.network = world.peer(id);
    this.#hostility = hostility;
    this.#chainId = chainId;
    this.#texts = texts;
  }

  async start(...addresses: readonly string[]): Promise<void> {
    await this.network.start(this);
    await this.network.join(this.#chainId);
    for (const address of addresses) void this.network.dial(address).catch(() => undefined);
  }

  onConnected(): void {
    // It waits to be greeted.
  }

  onFlood(): void {}

  onDisconnected(): void {
    // It has others.
  }

  async judge(): Promise<Verdict> {
    return 'accept';
  }

  async *answer(peer: string, request: string): AsyncGenerator<string> {
    const asked: {
      readonly Request: string;
      readonly From?: number;
      readonly Locator?: readonly string[];
      readonly Limit?: number;
    } = JSON.parse(request);
    const isHonest = ['leaves', 'announces', 'repeats'].includes(this.#hostility);
    const height = isHonest ? this.#texts.length - 1 : 100_000;
    const tip = isHonest ? /"Hash":"(\w+)"/.exec(this.#texts.at(-1) ?? '')?.[1] : undefined;
    const Chain = {
      ChainId: this.#chainId,
      Height: height,
      Tip: tip ?? 'ab'.repeat(32),
      Weight: isHonest ? '1' : '1000000000000',
    };
    if (asked.Request === 'hello' && this.#hostility === 'announces') await this.#announce(1);
    if (asked.Request === 'hello' && this.#hostility === 'repeats') await this.#flood(peer);
    if (asked.Request === 'hello') yield `${JSON.stringify({ Version: 2, Chain, Roles: ['full'] })}\n`;
    if (asked.Request === 'peers') yield 'nobody-1\nnobody-2\n';
    if (asked.Request !== 'blocks') return;
    const known = this.#texts.findIndex((text) => text.includes(`"Hash":"${asked.Locator?.[0]}"`));
    const { From: first = known + 1 || 1, Limit: limit = 1 } = asked;
    switch (this.#hostility) {
      case 'forges':
        for (let index = first; index < first + limit; index++) {
          const text = this.#texts[Math.min(index, this.#texts.length - 1)] ?? '';
          yield `${text.replace(/"Index":\d+/, `"Index":${index}`).replace(/"BPM":\d+/, '"BPM":99')}\n{}\n`;
        }
        return;
      case 'babbles':
        yield 'hello\nworld\n';
        return;
      case 'stalls':
        await new Promise(() => undefined);
        return;
      case 'boasts':
        return;
      case 'leaves':
        yield `${this.#texts[first] ?? ''}\n{}\n`;
        this.network.cut(peer);
        return;
      case 'announces':
      case 'repeats':
      case 'lengthens':
        for (const text of this.#texts.slice(first, first + limit)) yield `${text}\n{}\n`;
        return;
      case 'floods':
        for (;;) yield 'x'.repeat(60_000);
    }
  }

  /** Once, and not before a peer greets again: by then all are connected and have begun with the chain. A simulated network takes long for so many. */
  async #flood(peer: string): Promise<void> {
    const hasGreeted = this.#greeted.has(peer);
    this.#greeted.add(peer);
    if (hasGreeted && this.#announced === 0)
      await this.#announce(limits.announcementBurst + limits.announcementsPerSecondMax);
  }

  /** Announces what is no block, or such blocks as no node can place yet. */
  async #announce(count: number): Promise<void> {
    for (let time = 0; time < count; time++) {
      this.#announced += 1;
      const place = `"Index":${1e6 + this.#announced},"Timestamp":"2026-01-01T00:00:00.000Z"`;
      const text = count === 1 ? `{"Index":${this.#announced}}` : `{${place},"Hash":"ab","PrevHash":"cd"}`;
      await this.network.publish('blocks', `${text}\n{}`);
    }
  }
}
