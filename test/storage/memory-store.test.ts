import { describe } from 'vitest';
import { MemoryStore } from '../../src/storage/memory-store.ts';
import { describesAStore } from './contract.ts';

describe('the store in memory', () => {
  describesAStore(async () => new MemoryStore());
});
