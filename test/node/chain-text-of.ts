import { type BlockTexts, ChainText } from '../../src/node/chain-text.ts';

/** The texts of blocks where a chain reads them. */
export function storeOf(texts: readonly string[]): BlockTexts {
  return { blockRange: async (first, last) => texts.slice(first, last + 1) };
}

/** The text of a chain of these blocks, and of those that are added to them, read a few at a time. */
export function chainTextOf(texts: readonly string[], blocksPerSlice = 3, keptBytesMax = 1000): ChainText {
  return new ChainText({ store: storeOf(texts), blocksPerSlice, keptBytesMax }, texts.length);
}
