import type { NetworkStatus } from '../http/api/types.ts';
import { amountText, pluralizeAmount } from './amount-text.ts';
import { durationText } from './work-text.ts';

/** How many nodes are connected. */
export function peerCountWords({ peers }: Pick<NetworkStatus, 'peers'>): string {
  return peers === 0 ? 'No other node is connected' : `${pluralizeAmount(peers, 'other node')} connected`;
}

/** Where this server stands among the others; empty where there is nothing to say. */
export function networkWords({ peers, authority, sync }: NetworkStatus): string {
  if (sync !== undefined && peers > 0) {
    const left = sync.remainingMs === undefined ? '' : `, about ${durationText(sync.remainingMs)} left`;
    return `This server fetches the chain: block ${amountText(sync.height)} of ${amountText(sync.target)}${left}.`;
  }
  if (authority === 'reached') {
    return 'The draws are made by the authority, which is another server. Who plays here is in the same draws.';
  }
  return authority === undefined
    ? ''
    : 'The authority, which makes the draws, is out of reach. This server shows what it has, and goes on when the authority is back.';
}

/** The end of an identity tells peers apart; all begin alike. */
export function peerName(peer: string): string {
  return `…${peer.slice(-8)}`;
}
