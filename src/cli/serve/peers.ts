import type { Node } from '../../node/assemble.ts';
import type { ClientHub } from '../../tcp/client-hub.ts';
import type { Connection } from '../../tcp/connection.ts';
import type { RelayedConnection } from '../../tcp/relayed-connection.ts';
import type { SeatServer } from '../../tcp/seat-server.ts';
import type { TcpServer } from '../../tcp/tcp-server.ts';
import type { Follower, FollowerParts } from './follower.ts';
import type { PeerSide, PeerSideParts } from './peer-side.ts';

/** The people of a server that follows the chain of another. Loaded only where there are such. */
export async function openFollower(parts: FollowerParts): Promise<Follower> {
  return new (await import('./follower.ts')).Follower(parts);
}

/** Takes people who come by way of peers, as if they had connected here. */
export async function openSeats(
  peers: PeerSide,
  node: Node,
  clients: ClientHub,
  tcpServer: Pick<TcpServer<Connection | RelayedConnection>, 'receive'>,
  run: string,
): Promise<SeatServer> {
  const { SeatServer } = await import('../../tcp/seat-server.ts');
  const seats = new SeatServer({
    run,
    height: () => node.chain.height,
    settled: () => clients.settled(),
    serve: (socket, address) => tcpServer.receive(socket, address),
  });
  const chainId = node.chain.tip?.chainId ?? '';
  await peers.network.takeSeats(chainId, (stream, host) => void seats.take(stream, host));
  return seats;
}

/** The company of other nodes, where the settings want it. All of it is loaded only then. */
export async function openPeers(parts: PeerSideParts): Promise<PeerSide | undefined> {
  const { peerPort, peers, mdns } = parts.config;
  if (peerPort === undefined && peers.length === 0 && !mdns) return undefined;
  return (await import('./peer-side.ts')).PeerSide.open(parts);
}
