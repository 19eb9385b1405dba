import { afterEach, describe, expect, it } from 'vitest';
import {
  type PeerConnection,
  PeerError,
  type PeerNetwork,
  type PeerNetworkUser,
  type Topic,
  type Verdict,
} from '../../../src/node/sync/peer-network.ts';

/** A user that keeps what it hears, and answers as it is told. */
class KeepingUser implements PeerNetworkUser {
  readonly connected: PeerConnection[] = [];
  readonly disconnected: string[] = [];
  readonly announced: { readonly topic: Topic; readonly text: string; readonly peer: string }[] = [];
  verdict: Verdict = 'accept';
  answerWith: (request: string, signal: AbortSignal) => AsyncIterable<string> = async function* (request) {
    yield `answer to ${request}`;
  };

  onConnected(connection: PeerConnection): void {
    this.connected.push(connection);
  }

  onFlood(): void {}

  onDisconnected(peer: string): void {
    this.disconnected.push(peer);
  }

  answer(_peer: string, request: string, signal: AbortSignal): AsyncIterable<string> {
    return this.answerWith(request, signal);
  }

  async judge(topic: Topic, text: string, peer: string): Promise<Verdict> {
    this.announced.push({ topic, text, peer });
    return this.verdict;
  }
}

/** Where the networks of a test come from. */
export interface NetworkSource {
  /** A network that was not started. All that come from one source can dial each other. */
  make(): Promise<PeerNetwork>;
  /** Resolves once the condition holds. */
  until(condition: () => boolean): Promise<void>;
}

const chainId = 'a1'.repeat(32);

/** What every implementation of the port does. */
export function describePeerNetwork(name: string, open: () => NetworkSource): void {
  describe(`the port of peers: ${name}`, () => {
    const running: PeerNetwork[] = [];

    afterEach(async () => {
      await Promise.all(running.splice(0).map(async (network) => network.stop()));
    });

    async function startTwo(): Promise<{
      readonly source: NetworkSource;
      readonly networks: readonly [PeerNetwork, PeerNetwork];
      readonly users: readonly [KeepingUser, KeepingUser];
    }> {
      const source = open();
      const networks = [await source.make(), await source.make()] as const;
      const users = [new KeepingUser(), new KeepingUser()] as const;
      running.push(...networks);
      await networks[0].start(users[0]);
      await networks[1].start(users[1]);
      return { source, networks, users };
    }

    async function connectTwo(): ReturnType<typeof startTwo> {
      const two = await startTwo();
      const [a, b] = two.networks;
      await a.join(chainId);
      await b.join(chainId);
      await a.dial(b.addresses[0] ?? '');
      await two.source.until(() => two.users[1].connected.length > 0);
      return two;
    }

    it('tells both ends of a connection, and who dialled', async () => {
      const { networks, users } = await connectTwo();
      expect(users[0].connected).toMatchObject([{ peer: networks[1].id, isInbound: false }]);
      expect(users[1].connected).toMatchObject([{ peer: networks[0].id, isInbound: true }]);
      expect(networks[0].id).toMatch(/^[!-~]{1,128}$/);
    });

    it('tells where others can dial a peer that is connected', async () => {
      const { source, networks, users } = await connectTwo();
      await source.until(() => networks[0].peerAddresses.length > 0);
      const third = await source.make();
      const user = new KeepingUser();
      running.push(third);
      await third.start(user);
      expect(await third.dial(networks[0].peerAddresses[0] ?? '')).toBe(networks[1].id);
      expect(users[0].connected).toHaveLength(1);
    });

    it('rejects with a PeerError where nobody answers at an address', async () => {
      const { networks } = await startTwo();
      const address = networks[1].addresses[0] ?? '';
      await networks[1].stop();
      const error: unknown = await networks[0].dial(address).catch((caught: unknown) => caught);
      expect(error).toBeInstanceOf(PeerError);
      expect(error).toMatchObject({ isInvalid: false });
    });

    it('asks a peer before it joined a chain, because the peer may have the chain to join', async () => {
      const { source, networks, users } = await startTwo();
      await networks[1].join(chainId);
      const peer = await networks[0].dial(networks[1].addresses[0] ?? '');
      await source.until(() => users[1].connected.length > 0);
      expect(await all(networks[0].ask(peer, 'who?', new AbortController().signal))).toEqual(['answer to who?']);
    });

    it('gives all frames of an answer in their order, in both directions', async () => {
      const { networks, users } = await connectTwo();
      const frames = Array.from({ length: 50 }, (_, place) => `${place} ${'x'.repeat(60_000)}`);
      for (const user of users)
        user.answerWith = async function* () {
          yield* frames;
        };
      const { signal } = new AbortController();
      expect(await all(networks[0].ask(networks[1].id, 'blocks', signal))).toEqual(frames);
      expect(await all(networks[1].ask(networks[0].id, 'blocks', signal))).toEqual(frames);
    });

    it('ends a request by its signal while the peer is silent, and the connection lasts', async () => {
      const { networks, users } = await connectTwo();
      users[1].answerWith = async function* (_, signal) {
        yield 'begun';
        await new Promise((resolve) => signal.addEventListener('abort', resolve));
      };
      const asked = new AbortController();
      const frames = networks[0].ask(networks[1].id, 'blocks', asked.signal)[Symbol.asyncIterator]();
      expect(await frames.next()).toMatchObject({ value: 'begun' });
      const next = frames.next();
      asked.abort(new PeerError('too slow', false));
      await expect(next).rejects.toThrow();
      users[1].answerWith = async function* () {
        yield 'still here';
      };
      expect(await all(networks[0].ask(networks[1].id, 'hello', new AbortController().signal))).toEqual(['still here']);
    });

    it('ends a request with a PeerError where the answer fails, and the connection lasts', async () => {
      const { networks, users } = await connectTwo();
      users[1].answerWith = async function* () {
        yield 'begun';
        throw new Error('a fault of the other node');
      };
      const error: unknown = await all(networks[0].ask(networks[1].id, 'blocks', new AbortController().signal)).catch(
        (caught: unknown) => caught,
      );
      expect(error).toBeInstanceOf(PeerError);
      expect(users[0].disconnected).toEqual([]);
    });

    it('ends the connection to a peer whose request broke the protocol', async () => {
      const { source, networks, users } = await connectTwo();
      users[1].answerWith = async function* () {
        yield* [];
        throw new PeerError('no such request', true);
      };
      const asking = all(networks[0].ask(networks[1].id, 'rubbish', new AbortController().signal));
      await expect(asking).rejects.toThrow(PeerError);
      await source.until(() => users[0].disconnected.length > 0 && users[1].disconnected.length > 0);
    });

    it('delivers announcements of the chain to a peer, under their topics', async () => {
      const { source, networks, users } = await connectTwo();
      let count = 0;
      // A mesh of announcements takes a moment to form.
      while (users[1].announced.length === 0) {
        count += 1;
        await networks[0].publish('blocks', `block ${count}`);
        await source.until(() => true);
      }
      expect(users[1].announced[0]).toMatchObject({ topic: 'blocks', peer: networks[0].id });
      expect(users[0].announced).toEqual([]);
    });

    it('ends the connection that is cut, and tells both', async () => {
      const { source, networks, users } = await connectTwo();
      networks[1].cut(networks[0].id);
      await source.until(() => users[0].disconnected.length > 0 && users[1].disconnected.length > 0);
      expect(users[0].disconnected).toEqual([networks[1].id]);
      // A network that looks for nodes by itself may be back by now: whether a peer stays away is for the user to say.
      expect(users[1].disconnected).toEqual([networks[0].id]);
    });

    it('asks no peer that was never connected', async () => {
      const { networks } = await connectTwo();
      const asking = all(networks[0].ask(`${networks[1].id}x`, 'hello', new AbortController().signal));
      await expect(asking).rejects.toThrow(PeerError);
    });

    it('dials a peer again after a cut', async () => {
      const { source, networks, users } = await connectTwo();
      networks[1].cut(networks[0].id);
      await source.until(() => users[0].disconnected.length > 0 && users[1].disconnected.length > 0);
      await networks[0].dial(networks[1].addresses[0] ?? '');
      await source.until(() => users[1].connected.length === 2);
    });
  });
}

async function all(frames: AsyncIterable<string>): Promise<readonly string[]> {
  const kept: string[] = [];
  for await (const frame of frames) kept.push(frame);
  return kept;
}
