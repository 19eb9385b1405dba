import type { Turns } from '../base/run-to-end.ts';
import { limits } from './limits.ts';
import { PendingResponses } from './pending-responses.ts';
import { Semaphore } from './semaphore.ts';
import { TurnThrottle } from './turn-throttle.ts';
import type { WebCounters } from './web-counters.ts';

/** What bounds the answers that are made at a time, begun in a turn, and not taken yet. */
export interface RequestBounds {
  readonly semaphore: Semaphore;
  readonly pendingResponses: PendingResponses;
  /** Resolves when one more answer, or piece of an answer, may be made. */
  next(): Promise<void>;
}

/** The bounds of one server. */
export function makeRequestBounds(turns: Turns, counters: WebCounters): RequestBounds {
  const throttle = new TurnThrottle(() => turns.yieldToEventLoop(), limits.answersPerTurn);
  return {
    semaphore: new Semaphore({ concurrentMax: limits.requestsConcurrentMax, waitingMax: limits.requestsWaitingMax }),
    pendingResponses: new PendingResponses(limits.pendingResponseBytesMax, (response) =>
      counters.disconnect(response, 'slow-reader'),
    ),
    next: () => throttle.next(),
  };
}
