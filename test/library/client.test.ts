import { describe, expect, it, onTestFinished } from 'vitest';
import { type Block, connect, RefusedError } from '../../src/library/index.ts';
import { limits } from '../../src/library/limits.ts';
import { type RunningNode, type StartOptions, start } from '../../src/library/node/index.ts';
import { SeededSecrets, SettableClock } from '../../src/library/node/testing.ts';
import { shortSeries } from '../e2e/short-series.ts';
import { listenOverHttp } from '../http-listener.ts';

const roundMs = 30_000;

/** A node whose rounds end when the test says so. */
async function running(
  options: StartOptions = {},
): Promise<{ readonly node: RunningNode; readonly clock: SettableClock }> {
  const clock = new SettableClock();
  const secrets = new SeededSecrets('client');
  const node = await start({ clock, secrets, linksPerChain: shortSeries, lotteryIntervalMs: roundMs, ...options });
  onTestFinished(() => node.stop());
  return { node, clock };
}

describe('a client', () => {
  it('takes a seat, proposes, and learns what came of it', async () => {
    const { node, clock } = await running();
    const client = connect(node.url);
    const seat = await client.join(10n ** 15n);
    expect(seat.stake).toBe(10n ** 15n);
    expect(await seat.propose(72)).toEqual({
      validator: seat.validator,
      stake: String(10n ** 15n),
      index: 1,
      bpm: 72,
    });
    await expect(seat.propose(73)).rejects.toThrow(
      new RefusedError(409, 'Already in the draw for block 1: one candidate a round.'),
    );
    expect(await client.status()).toMatchObject({ height: 0, candidates: 1, validators: 1 });
    await clock.pass(roundMs);
    expect(await seat.state()).toMatchObject({ result: { index: 1, isWinner: true, firstTicket: '0' } });
    expect(await client.block(1)).toMatchObject({ Index: 1, Validator: seat.validator, BPM: 72 });
    expect(await client.verify()).toMatchObject({ blocks: 2, fault: undefined });
    await seat.leave();
    await expect(seat.state()).rejects.toThrow('this names a seat that is not there');
  });

  it('follows a chain from any block on, until the server stops', async () => {
    const { node, clock } = await running();
    const { client } = node;
    const seat = await client.join(5);
    await seat.propose(1);
    await clock.pass(roundMs);
    const followed: Block[] = [];
    for await (const block of client.follow(1)) {
      followed.push(block);
      if (block.Index === 1) {
        await seat.propose(2);
        await clock.pass(roundMs);
      } else void node.stop();
    }
    expect(followed.map(({ BPM }) => BPM)).toEqual([1, 2]);
  });

  it('follows until it is told not to', async () => {
    const { node } = await running();
    const stopping = new AbortController();
    const followed: number[] = [];
    for await (const block of node.client.follow(0, stopping.signal)) {
      followed.push(block.Index);
      stopping.abort();
    }
    expect(followed).toEqual([0]);
  });

  it('calls methods, and those of the operator with the credentials of a node', async () => {
    const { node } = await running();
    expect(await node.client.call('getblockcount')).toBe(0);
    expect(await node.client.call('pause')).toBeDefined();
    const stranger = connect(node.url);
    await expect(stranger.call('pause')).rejects.toThrow(RefusedError);
    await expect(stranger.call('nothing')).rejects.toThrow(/\(-32601\)$/);
  });

  it('shows the words of a server, and nothing that a terminal interprets', async () => {
    const { node } = await running({ maxStake: 100 });
    await expect(connect(node.url).join(101)).rejects.toThrow(/"101" is .*A stake is a whole number from 1 to 100/);
    const url = await listenOverHttp((_, response) => response.writeHead(500).end('{"error":"\\u001b[31mred"}'));
    await expect(connect(url).status()).rejects.toThrow(new RefusedError(500, String.raw`\x1b[31mred`));
  });

  it.each([
    ['no JSON', 'hello', "The server's answer cannot be read: it is not JSON."],
    ['another value', '{}', "The server's answer cannot be read: status.version is not a text."],
    ['too much', 'x'.repeat(limits.answerBytesMax + 1), `it has more than ${limits.answerBytesMax} bytes`],
  ])('takes %s for no answer', async (_, body, words) => {
    const url = await listenOverHttp((_request, response) => response.end(body));
    await expect(connect(url).status()).rejects.toThrow(words);
  });

  it('goes to no other address than its own', async () => {
    const url = await listenOverHttp((_, response) =>
      response.writeHead(302, { location: 'http://127.0.0.1:1/' }).end(),
    );
    await expect(connect(url).status()).rejects.toThrow();
  });

  it('is not made for what is no address', () => {
    expect(() => connect('localhost')).toThrow(TypeError);
  });
});
