import { announce } from './announce.ts';
import type { Attack } from './attack.ts';
import { clock } from './clock.ts';
import { double } from './double.ts';
import { list } from './list.ts';
import { longest } from './longest.ts';
import { operator } from './operator.ts';
import { pool } from './pool.ts';
import { remainder } from './remainder.ts';
import { rewrite } from './rewrite.ts';
import { split } from './split.ts';
import { timestamps } from './timestamps.ts';
import { winner } from './winner.ts';

/** All attacks, in the order in which they are told. */
export const attacks: readonly Attack[] = [
  clock,
  winner,
  pool,
  operator,
  remainder,
  list,
  split,
  announce,
  double,
  timestamps,
  rewrite,
  longest,
];
