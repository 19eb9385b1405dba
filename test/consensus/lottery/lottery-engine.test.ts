import { describe } from 'vitest';
import { describesAnEngine } from '../engine-contract.ts';

describe('the engine of a lottery', () => {
  describesAnEngine('lottery');
});
