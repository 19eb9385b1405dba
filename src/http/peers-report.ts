import type { PeerTable } from '../node/sync/peer-table.ts';
import type { SyncProgress } from '../node/sync/sync-event.ts';
import type { PeersReport } from './api/rpc-types.ts';
import type { NetworkStatus } from './api/types.ts';

/** What is shown of the peers of a node. */
export interface ShownPeers extends Pick<PeerTable, 'cutCounts' | 'lastCuts'> {
  readonly peers: ReturnType<PeerTable['peers']>;
  /** How far the node is that fetches blocks; undefined while it has all that its peers have. */
  readonly progress: SyncProgress | undefined;
}

/** Who the peers are, in the order in which they came, and who was cut, the latest last. */
export function peersReport({ peers, cutCounts, lastCuts }: ShownPeers, nowMs: number): PeersReport {
  return {
    Peers: peers.map(({ peer, host, isInbound, hello, latencyMs }) => ({
      Peer: peer,
      Host: host,
      Direction: isInbound ? 'in' : 'out',
      Roles: hello?.Roles ?? [],
      ...(hello?.Chain === undefined ? {} : { Height: hello.Chain.Height }),
      ...(latencyMs === undefined ? {} : { LatencyMs: Math.round(latencyMs) }),
    })),
    Cuts: lastCuts.map(({ peer, host, reason, atMs }) => ({
      Peer: peer,
      Host: host,
      Reason: reason,
      AgoMs: Math.max(0, Math.round(nowMs - atMs)),
    })),
    CutCounts: Object.fromEntries(cutCounts),
  };
}

/** What a page says of the other nodes in a line. `follows` is true for a node whose blocks are made by an authority elsewhere. */
export function networkStatus({ peers, progress }: ShownPeers, follows: boolean): NetworkStatus {
  const isReached = peers.some(({ hello }) => hello?.Roles.includes('authority'));
  return {
    peers: peers.length,
    ...(follows ? { authority: isReached ? 'reached' : 'out-of-reach' } : {}),
    ...(progress === undefined ? {} : { sync: syncStatus(progress) }),
  };
}

function syncStatus({ height, target, remainingMs }: SyncProgress): NonNullable<NetworkStatus['sync']> {
  return { height, target, ...(remainingMs === undefined ? {} : { remainingMs: Math.round(remainingMs) }) };
}
