import { describePeerNetwork } from '../node/sync/peer-network-contract.ts';
import { Dice } from './dice.ts';
import { SimulatedClock } from './simulated-clock.ts';
import { SimulatedNetworks } from './simulated-network.ts';

describePeerNetwork('simulated', () => {
  // Nothing takes any time: the wakes of the clock come as soon as they are asked for.
  const clock = new (class extends SimulatedClock {
    override wakeAt(_monotonicMs: number, wake: () => void): () => void {
      const timer = setImmediate(wake);
      return () => clearImmediate(timer);
    }
  })();
  const world = new SimulatedNetworks(clock, new Dice(1), { latencyMaxMs: 20, lossOnceIn: 0 });
  let count = 0;
  return {
    make: async () => {
      count += 1;
      return world.peer(`peer-${count}`);
    },
    until: async (condition) => {
      do await new Promise<void>((resolve) => setImmediate(resolve));
      while (!condition());
    },
  };
});
