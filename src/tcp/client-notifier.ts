import type { NodeEvent } from '../node/ports.ts';
import type { Broadcaster } from './broadcaster.ts';
import { diskIsFull, drawIsLate, drawsArePaused, drawsAreResumed } from './conversation-text.ts';

/** Passes on to all who are connected what happened in the lottery: what the engine knows, in the words of the wire. */
export function notifyClients(broadcaster: Broadcaster, event: NodeEvent): void {
  switch (event.kind) {
    case 'loaded':
      broadcaster.lengthenChain(event.text);
      return;
    case 'committed':
      broadcaster.lengthenChain(event.text);
      broadcaster.announce(event.round, event.block, event.receipts);
      return;
    case 'empty':
      broadcaster.endRound(event.round);
      return;
    case 'disk-full':
      broadcaster.tell(diskIsFull());
      return;
    case 'paused':
      broadcaster.tell(drawsArePaused());
      return;
    case 'resumed':
      broadcaster.tell(drawsAreResumed(event.remainingMs));
      return;
    case 'late':
      broadcaster.tell(drawIsLate(event.index));
      return;
    case 'chain-due':
      broadcaster.offerChain();
      return;
    default:
      return;
  }
}
