import { describe } from 'vitest';
import { MemoryStore } from '../../src/store/memory-store.ts';
import { describesAStore } from './contract.ts';

describe('the store in memory', () => {
  describesAStore(async () => new MemoryStore());
});
