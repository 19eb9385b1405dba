import { SystemClock } from '../../src/platform/system-clock.ts';
import { keepsTheOrder } from '../replication/ordered-log-contract.ts';
import { Dice } from './dice.ts';
import { SimulatedLog } from './simulated-log.ts';

keepsTheOrder('as it is simulated', async () => {
  const clock = new SystemClock();
  const log = new SimulatedLog(clock, new Dice(1));
  log.isCalm = true;
  return { open: async (door) => log.open(door, clock) };
});
