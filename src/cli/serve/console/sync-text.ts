import { escapeForDisplay } from '../../../base/escape-for-display.ts';
import { withThousands } from '../../../base/formatting.ts';
import type { SyncEvent } from '../../../node/sync/sync-event.ts';
import { peerName } from './peers-text.ts';
import { formatSeconds } from './search-text.ts';

/** What happened between this node and its peers, in one line. */
export function syncText(event: SyncEvent): string {
  switch (event.kind) {
    case 'peer-greeted':
      return `Peer ${peerName(event.peer)} at ${escapeForDisplay(event.host)} is here.\n`;
    case 'peer-gone':
      return `Peer ${peerName(event.peer)} is gone.\n`;
    case 'peer-cut':
      return `Peer ${peerName(event.peer)} at ${escapeForDisplay(event.host)} was cut: ${event.reason}.\n`;
    case 'syncing': {
      const rest = event.remainingMs === undefined ? '' : `, about ${formatSeconds(event.remainingMs)} left`;
      return `Fetching the chain: block ${withThousands(event.height)} of ${withThousands(event.target)}${rest}.\n`;
    }
    case 'synced':
      return `The chain is complete: ${withThousands(event.height)} blocks behind the genesis hold.\n`;
    case 'contradiction':
      return `The authority has signed two blocks of Index ${event.index}: nothing is taken from anybody any more.\n`;
  }
}
