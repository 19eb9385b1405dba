import type { BlockStore } from '../node/ports.ts';
import { limits } from './limits.ts';
import { Semaphore } from './semaphore.ts';

/** Reads the stored texts of blocks and pools. */
export type StoredTexts = Pick<BlockStore, 'blockRange' | 'blockByHash' | 'poolText' | 'signedBodyText' | 'sealOf'>;

/** Bounds the concurrent reads of a store. The queue needs no bound, because each connection waits for one read at most. */
export function limitReads(store: StoredTexts): StoredTexts {
  const semaphore = new Semaphore({ concurrentMax: limits.storeReadsMax, waitingMax: Number.POSITIVE_INFINITY });
  const whenFree = async <Text>(read: () => Promise<Text>): Promise<Text> => {
    const release = await semaphore.acquire();
    try {
      return await read();
    } finally {
      release?.();
    }
  };
  return {
    blockRange: (first, last) => whenFree(() => store.blockRange(first, last)),
    blockByHash: (hash) => whenFree(() => store.blockByHash(hash)),
    poolText: (index) => whenFree(() => store.poolText(index)),
    sealOf: (index) => whenFree(() => store.sealOf(index)),
    signedBodyText: (index) => whenFree(() => store.signedBodyText(index)),
  };
}
