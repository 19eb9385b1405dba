import { escapeForDisplay } from '../../../base/escape-for-display.ts';
import { pluralize } from '../../../base/formatting.ts';
import type { PeersReport } from '../../../http/api/rpc-types.ts';
import { formatSeconds } from './search-text.ts';

/** The peers of this node, a line each, and the last that were cut. */
export function peersText({ Peers, Cuts }: PeersReport): string {
  const lines = Peers.map(({ Peer, Host, Direction, Roles, Height, LatencyMs }) => {
    const height = Height === undefined ? 'no chain yet' : `height ${Height}`;
    const latency = LatencyMs === undefined ? '' : `, ${LatencyMs} ms`;
    const roles = Roles.length === 0 ? 'not greeted yet' : Roles.join(', ');
    return `  ${peerName(Peer)} ${Direction === 'in' ? 'from' : 'at'} ${escapeForDisplay(Host)}: ${roles}, ${height}${latency}\n`;
  });
  const cuts = Cuts.map(
    ({ Peer, Host, Reason, AgoMs }) =>
      `  ${peerName(Peer)} at ${escapeForDisplay(Host)} was cut ${formatSeconds(AgoMs)} ago: ${Reason}\n`,
  );
  return `${pluralize(Peers.length, 'peer')}\n${lines.join('')}${cuts.join('')}`;
}

/** The end of an identity tells peers apart; all begin alike. */
export function peerName(peer: string): string {
  return `…${escapeForDisplay(peer).slice(-8)}`;
}
