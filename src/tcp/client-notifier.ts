import type { ChainKind } from '../consensus/engine.ts';
import { isDrawn, isMined } from '../core/block.ts';
import type { NodeEvent } from '../node/ports.ts';
import { beaconIsHeard, beaconIsLate, poolIsSealed } from './beacon-text.ts';
import type { Broadcaster } from './broadcaster.ts';
import {
  blocksArePaused,
  blocksAreResumed,
  blocksWait,
  diskIsFull,
  drawIsLate,
  drawsArePaused,
  drawsAreResumed,
  searchIsPaused,
  searchIsResumed,
} from './operator-text.ts';

/** Passes on to all who are connected what happened in the lottery: what the engine knows, in the words of the wire. `kind` is how the chain is made. */
export function notifyClients(broadcaster: Broadcaster, event: NodeEvent, kind: ChainKind): void {
  switch (event.kind) {
    case 'loaded':
      broadcaster.lengthenChain(event.block.Index);
      return;
    case 'committed':
      broadcaster.lengthenChain(event.block.Index);
      if (isDrawn(event.block)) broadcaster.announce(event.round, event.block, event.receipts);
      else {
        // On an instant chain the owner of a block has it as the answer to the BPM.
        if (isMined(event.block)) broadcaster.tellOwner(event.round, event.block);
        broadcaster.announceBlock(event.block);
      }
      return;
    case 'reorganised':
      broadcaster.removeBlocks(
        event.removed.map(({ block }) => block),
        event.added,
      );
      return;
    case 'searching':
      broadcaster.tellSearch(event);
      return;
    case 'ledger':
      broadcaster.tellLedger(event.news);
      return;
    case 'empty':
      broadcaster.endRound(event.round);
      return;
    case 'disk-full':
      broadcaster.tell(kind === 'lottery' ? diskIsFull() : blocksWait());
      return;
    case 'paused':
      broadcaster.tell(pausedWords[kind]());
      return;
    case 'resumed':
      broadcaster.tell(event.remainingMs === undefined ? resumedWords(kind) : drawsAreResumed(event.remainingMs));
      return;
    case 'late':
      broadcaster.tell(
        event.awaited === undefined ? drawIsLate(event.index) : beaconIsLate(event.index, event.awaited),
      );
      return;
    case 'sealed':
      broadcaster.tell(poolIsSealed(event));
      return;
    case 'beacon-heard':
      if (event.heard.isLate) broadcaster.tell(beaconIsHeard(event.index, event.heard, event.awaited));
      return;
    case 'chain-due':
      broadcaster.offerChain();
      return;
    default:
      return;
  }
}

const pausedWords = { lottery: drawsArePaused, work: searchIsPaused, instant: blocksArePaused } as const;

function resumedWords(kind: ChainKind): string {
  return kind === 'work' ? searchIsResumed() : blocksAreResumed();
}
