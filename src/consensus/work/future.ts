import { timestampMs } from '../../core/timestamp.ts';
import type { Clock } from '../clock.ts';
import { limits } from './limits.ts';

/** How far a Timestamp is ahead of this node's wall clock, ms; negative where it is behind. */
export function aheadOf(timestamp: string, clock: Pick<Clock, 'timestamp'>): number {
  return timestampMs(timestamp) - timestampMs(clock.timestamp());
}

/** True for the Timestamp of a block that no node takes yet (SPEC 7). */
export function isTooFarAhead(timestamp: string, clock: Pick<Clock, 'timestamp'>): boolean {
  return aheadOf(timestamp, clock) > limits.futureMaxMs;
}
