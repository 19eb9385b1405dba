import { describe, expect, it } from 'vitest';
import { streamChain } from '../../src/http/chain-stream.ts';
import { EncodedChain } from '../../src/tcp/encoded-chain.ts';

describe('the stream of a chain', () => {
  it.each([1, 2, 3, 7, 65_536])('is the whole line, however small its slices are: %d bytes', async (sliceBytes) => {
    const chain = new EncodedChain(sliceBytes);
    for (const text of ['{"Index":0}', '{"Index":1}', '{"Index":2}']) chain.append(text);
    const { bytes, pieces } = streamChain(chain, async () => undefined);
    // What is drawn while it is read belongs to the next one.
    chain.append('{"Index":3}');
    let text = '';
    for await (const piece of pieces) text += Buffer.from(piece).toString('latin1');
    expect(text).toBe('[{"Index":0},{"Index":1},{"Index":2}]\n');
    expect(bytes).toBe(text.length);
  });
});
