import { describe } from 'vitest';
import { MemoryStore } from '../../src/storage/memory-store.ts';
import { describesABlockStore, describesASessionStore } from './contract.ts';

describe('the store in memory', () => {
  describesABlockStore(async () => new MemoryStore());
  describesASessionStore(async () => new MemoryStore());
});
