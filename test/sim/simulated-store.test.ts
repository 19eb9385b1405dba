import { describe } from 'vitest';
import { describesABlockStore } from '../storage/contract.ts';
import { Dice } from './dice.ts';
import { SimulatedClock } from './simulated-clock.ts';
import { SimulatedStore } from './simulated-store.ts';

/** A clock that waits for nothing. */
class HastyClock extends SimulatedClock {
  override wakeAt(_: number, wake: () => void): () => void {
    wake();
    return () => undefined;
  }
}

describe('the store of the simulation, on a disk without faults', () => {
  describesABlockStore(async () => new SimulatedStore(new HastyClock(), new Dice(1), new Set()));
});
