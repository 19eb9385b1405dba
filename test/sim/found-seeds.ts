import type { Plan } from './faults.ts';

/** Seeds that once showed a fault of the product, kept for ever. All are of a server. */
export const foundSeeds: readonly Pick<Plan, 'seed' | 'kind' | 'hasLedger'>[] = [
  // A late draw, and a timer that was late as well, ended two rounds within 9 ms.
  { seed: 68, kind: 'lottery', hasLedger: false },
  // These two notice planted bugs of late draws, which few seeds do.
  { seed: 156, kind: 'lottery', hasLedger: false },
  { seed: 92, kind: 'lottery', hasLedger: false },
  // A crash right behind the write of a heavier branch lost a transaction of the blocks that fell out.
  { seed: 5, kind: 'work', hasLedger: true },
  // The sender of a transaction that was replaced during its draw heard that nothing of it was done, and then in which block it was.
  { seed: 1026, kind: 'lottery', hasLedger: true },
];
