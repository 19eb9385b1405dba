import { describe, expect, it } from 'vitest';
import { fromFrames, toFrames } from '../../../src/node/sync/frames.ts';
import { type Hello, isClaimProved, parseHello, signPeer } from '../../../src/node/sync/hello.ts';
import { limits } from '../../../src/node/sync/limits.ts';
import { PeerError } from '../../../src/node/sync/peer-network.ts';
import { parseRequest, type Request, requestText } from '../../../src/node/sync/request.ts';
import { authority, hexOf, verifySignature } from '../../core/build-chain.ts';

const Chain = { ChainId: hexOf(1), Height: 7, Tip: hexOf(2), Weight: '7' };
const hash = hexOf(3);

describe('a request', () => {
  const requests: readonly Request[] = [
    { Request: 'hello', Hello: { Version: 2, Roles: ['full'] } },
    { Request: 'hello', Hello: { Version: 2, Chain, Roles: ['full', 'miner'] } },
    { Request: 'hello', Hello: { Version: 2, Chain, Roles: ['authority', 'full'], Proof: 'ab'.repeat(64) } },
    { Request: 'blocks', From: 0, Limit: 1 },
    { Request: 'blocks', From: 12, Limit: limits.blocksPerRequestMax },
    { Request: 'blocks', Locator: [], Limit: 3 },
    { Request: 'blocks', Locator: Array.from({ length: limits.locatorHashesMax }, () => hash), Limit: 3 },
    { Request: 'headers', From: 3, Limit: 3 },
    { Request: 'headers', Locator: [hash], Limit: 3 },
    { Request: 'block', Hash: hash },
    { Request: 'transaction', Id: hash },
    { Request: 'proof', Key: hash, Hash: hash },
    { Request: 'peers' },
  ];

  it.each(requests.map((request) => [requestText(request).slice(0, 60), request] as const))(
    'is read as it was written: %s',
    (_, request) => {
      expect(parseRequest(requestText(request))).toEqual({ value: request });
      expect(requestText(request).length).toBeLessThanOrEqual(limits.requestBytesMax);
    },
  );

  it.each([
    ['no JSON', 'hello'],
    ['nothing', ''],
    ['an array', '["hello"]'],
    ['an unknown word', '{"Request":"money"}'],
    ['white space', '{"Request": "peers"}'],
    ['a key too many', '{"Request":"peers","Limit":1}'],
    ['a key twice', '{"Request":"peers","Request":"peers"}'],
    ['another order', `{"Limit":1,"From":1,"Request":"blocks"}`],
    ['a limit of nothing', '{"Request":"blocks","From":1,"Limit":0}'],
    ['a limit above the largest', `{"Request":"blocks","From":1,"Limit":${limits.blocksPerRequestMax + 1}}`],
    ['an index below the first', '{"Request":"blocks","From":-1,"Limit":1}'],
    ['a locator that is too long', JSON.stringify({ Request: 'blocks', Locator: Array(75).fill(hash), Limit: 1 })],
    ['a locator of something else', '{"Request":"blocks","Locator":["x"],"Limit":1}'],
    ['a hash in capitals', `{"Request":"block","Hash":"${'AB'.repeat(32)}"}`],
    ['a key that is none', `{"Request":"proof","Key":"sort1","Hash":"${hash}"}`],
    ['a proof behind no block', `{"Request":"proof","Key":"${hash}","Hash":7}`],
    ['an Id that is none', '{"Request":"transaction","Id":7}'],
    ['a hello without a version', '{"Request":"hello","Hello":{"Roles":[]}}'],
  ])('is refused, with what is accepted, when it has %s', (_, text) => {
    expect(parseRequest(text)).toMatchObject({ why: expect.stringMatching(/must|JSON/) });
  });
});

describe('a hello', () => {
  it.each([
    ['another version', { Version: 1, Roles: [] }],
    ['an unknown role', { Version: 2, Roles: ['king'] }],
    ['roles in another order', { Version: 2, Roles: ['miner', 'full'] }],
    ['a role twice', { Version: 2, Roles: ['full', 'full'] }],
    ['an authority without a proof', { Version: 2, Chain, Roles: ['authority'] }],
    ['a proof without the authority', { Version: 2, Chain, Roles: ['full'], Proof: 'ab'.repeat(64) }],
    ['a height below the genesis', { Version: 2, Chain: { ...Chain, Height: -1 }, Roles: [] }],
    ['a weight that is no amount', { Version: 2, Chain: { ...Chain, Weight: '07' }, Roles: [] }],
  ])('is refused with %s', (_, json) => {
    expect(parseHello(json)).toHaveProperty('why');
  });

  it('proves that a peer is the authority for this very peer and this very chain', () => {
    const proof = signPeer(authority, Chain.ChainId, 'peer-1');
    const hello: Hello = { Version: 2, Chain, Roles: ['authority'], Proof: proof };
    const elsewhere = { ...hello, Chain: { ...Chain, ChainId: hexOf(9) } };
    expect(isClaimProved(hello, 'peer-1', authority.key, verifySignature)).toBe(true);
    expect(isClaimProved(hello, 'peer-2', authority.key, verifySignature)).toBe(false);
    expect(isClaimProved(elsewhere, 'peer-1', authority.key, verifySignature)).toBe(false);
    expect(isClaimProved(hello, 'peer-1', undefined, verifySignature)).toBe(false);
    expect(isClaimProved({ Version: 2, Roles: ['full'] }, 'peer-1', undefined, verifySignature)).toBe(true);
  });
});

describe('frames', () => {
  it.each([
    ['nothing', []],
    ['short lines', ['a', '{}', '', 'b']],
    ['a line that fills a frame', ['x'.repeat(limits.frameBytesMax - 1)]],
    ['a line of one more', ['x'.repeat(limits.frameBytesMax), 'y']],
    ['a line of many frames', ['x'.repeat(5 * limits.frameBytesMax), 'y', 'z'.repeat(limits.frameBytesMax)]],
  ])('carry %s, none of them too long', async (_, lines) => {
    const frames: string[] = [];
    for await (const frame of toFrames(lines)) frames.push(frame);
    for (const frame of frames) expect(frame.length).toBeLessThanOrEqual(limits.frameBytesMax);
    expect(await linesOf(frames)).toEqual(lines);
  });

  it('share a frame where lines are short', async () => {
    const frames: string[] = [];
    for await (const frame of toFrames(Array<string>(1000).fill('x'))) frames.push(frame);
    expect(frames).toHaveLength(1);
  });

  it('are refused as the fault of the peer when a line does not end', async () => {
    const endless = Array<string>(limits.lineBytesMax / limits.frameBytesMax + 1).fill(
      'x'.repeat(limits.frameBytesMax),
    );
    await expect(linesOf(endless)).rejects.toThrow(new PeerError('a line of the answer is too long', true));
  });

  it('are refused when the answer ends within a line', async () => {
    await expect(linesOf(['a\nb'])).rejects.toMatchObject({ isInvalid: false });
  });
});

async function linesOf(frames: readonly string[]): Promise<readonly string[]> {
  const lines: string[] = [];
  for await (const line of fromFrames(toStream(frames))) lines.push(line);
  return lines;
}

async function* toStream(frames: readonly string[]): AsyncGenerator<string> {
  yield* frames;
}
