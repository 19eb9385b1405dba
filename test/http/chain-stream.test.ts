import { describe, expect, it } from 'vitest';
import { streamChain } from '../../src/http/chain-stream.ts';
import { chainTextOf } from '../node/chain-text-of.ts';

describe('the stream of a chain', () => {
  it.each([1, 2, 3, 7])('is the whole line, however small its slices are: %d blocks', async (blocksPerSlice) => {
    const texts = ['{"Index":0}', '{"Index":1}', '{"Index":2}'];
    const chain = chainTextOf(texts, blocksPerSlice);
    const { pieces } = streamChain(chain, async () => undefined);
    // What is drawn while it is read belongs to the next one.
    texts.push('{"Index":3}');
    chain.lengthen(3);
    let text = '';
    for await (const piece of pieces) text += Buffer.from(piece).toString('latin1');
    expect(text).toBe('[{"Index":0},{"Index":1},{"Index":2}]\n');
  });
});
