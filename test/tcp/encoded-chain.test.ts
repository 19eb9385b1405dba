import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { EncodedChain } from '../../src/tcp/encoded-chain.ts';

function readAll(body: EncodedChain, end: number): string {
  let text = '';
  while (text.length < end) text += body.read(text.length, end).toString('latin1');
  return text;
}

const texts = fc.array(fc.string({ unit: 'grapheme-ascii', minLength: 1, maxLength: 50 }), { minLength: 1 });

describe('the body of the chain', () => {
  it('is a line feed and the blocks in an array, up to its closing bracket, in slices of any size', () => {
    fc.assert(
      fc.property(texts, fc.integer({ min: 1, max: 64 }), (blocks, sliceBytes) => {
        const body = new EncodedChain(sliceBytes);
        for (const block of blocks) body.append(block);
        expect(readAll(body, body.bytes)).toBe(`\n[${blocks.join(',')}`);
      }),
    );
  });

  it('reads the same up to an end that was noted before it grew', () => {
    fc.assert(
      fc.property(texts, texts, fc.integer({ min: 1, max: 64 }), (before, after, sliceBytes) => {
        const body = new EncodedChain(sliceBytes);
        for (const block of before) body.append(block);
        const end = body.bytes;
        for (const block of after) body.append(block);
        expect(readAll(body, end)).toBe(`\n[${before.join(',')}`);
      }),
    );
  });

  it('has a shorter one behind it when its last blocks fall out, and is read to its own end still', () => {
    fc.assert(
      fc.property(texts, texts, texts, fc.integer({ min: 1, max: 64 }), (kept, removed, others, sliceBytes) => {
        const body = new EncodedChain(sliceBytes);
        for (const block of [...kept, ...removed]) body.append(block);
        const end = body.bytes;
        const shorter = body.without(removed);
        expect(readAll(shorter, shorter.bytes)).toBe(`\n[${kept.join(',')}`);
        for (const block of others) shorter.append(block);
        expect(readAll(shorter, shorter.bytes)).toBe(`\n[${[...kept, ...others].join(',')}`);
        expect(readAll(body, end)).toBe(`\n[${[...kept, ...removed].join(',')}`);
      }),
    );
  });

  it('never gives more than a slice at once, and the same memory to everybody', () => {
    const body = new EncodedChain(16);
    for (let block = 0; block < 10; block++) body.append('0123456789');
    expect(body.read(0, body.bytes).length).toBe(16);
    expect(body.read(20, body.bytes).length).toBe(12);
    expect(body.read(16, body.bytes).buffer).toBe(body.read(20, body.bytes).buffer);
  });

  it('has no byte behind its end', () => {
    const body = new EncodedChain(16);
    body.append('x');
    expect(() => body.read(16, 17)).toThrow('the chain has no byte 16');
  });
});
