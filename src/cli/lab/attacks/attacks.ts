import { announce } from './announce.ts';
import type { Attack } from './attack.ts';
import { clock } from './clock.ts';
import { list } from './list.ts';
import { pool } from './pool.ts';
import { remainder } from './remainder.ts';
import { split } from './split.ts';
import { winner } from './winner.ts';

/** All attacks, in the order in which they are told. */
export const attacks: readonly Attack[] = [clock, winner, pool, remainder, list, split, announce];
