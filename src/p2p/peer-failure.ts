import { messageOf } from '../base/error-message.ts';
import { escapeForDisplay } from '../base/escape-for-display.ts';
import { PeerError } from '../node/sync/peer-network.ts';

/** What went wrong with a peer, as the one error that users of the network know. The library says it in its own words, some of which peers choose. */
export function peerFailure(error: unknown): PeerError {
  return error instanceof PeerError ? error : new PeerError(escapeForDisplay(messageOf(error)), false);
}
