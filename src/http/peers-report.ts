import type { PeerTable } from '../node/sync/peer-table.ts';
import type { PeersReport } from './api/rpc-types.ts';

/** What is shown of the peers of a node. */
export interface ShownPeers extends Pick<PeerTable, 'cutCounts' | 'lastCuts'> {
  readonly peers: ReturnType<PeerTable['peers']>;
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
