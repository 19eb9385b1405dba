import { isDrawn } from '../core/block.ts';
import type { NodeEvent } from '../node/ports.ts';
import type { Broadcaster } from './broadcaster.ts';
import {
  diskIsFull,
  drawIsLate,
  drawsArePaused,
  drawsAreResumed,
  searchIsPaused,
  searchIsResumed,
} from './conversation-text.ts';

/** Passes on to all who are connected what happened in the lottery: what the engine knows, in the words of the wire. */
export function notifyClients(broadcaster: Broadcaster, event: NodeEvent): void {
  switch (event.kind) {
    case 'loaded':
      broadcaster.lengthenChain(event.text);
      return;
    case 'committed':
      broadcaster.lengthenChain(event.text);
      if (isDrawn(event.block)) broadcaster.announce(event.round, event.block, event.receipts);
      else broadcaster.tellOwner(event.round, event.block);
      return;
    case 'searching':
      broadcaster.tellSearch(event);
      return;
    case 'empty':
      broadcaster.endRound(event.round);
      return;
    case 'disk-full':
      broadcaster.tell(diskIsFull());
      return;
    case 'paused':
      broadcaster.tell(event.hasRounds ? drawsArePaused() : searchIsPaused());
      return;
    case 'resumed':
      broadcaster.tell(event.remainingMs === undefined ? searchIsResumed() : drawsAreResumed(event.remainingMs));
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
