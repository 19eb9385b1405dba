import { PeerError } from './peer-network.ts';
import type { Peer } from './peer-table.ts';
import type { SeatStream } from './seat-network.ts';

/**
 * The peer by way of which a person goes to the authority: the authority itself where it is connected; else one of the other nodes of the chain,
 * which may be, another one with each attempt. Undefined where there is none.
 */
export function chooseSeatPeer(peers: readonly Peer[], attempt: number): string | undefined {
  const authority = authorityOf(peers);
  if (authority !== undefined) return authority;
  const others = peers.filter(({ hello }) => hello?.Chain !== undefined && hello.Roles.includes('full'));
  return others[attempt % others.length]?.peer;
}

/** The authority of the chain, where it is connected. Only there may people go who come by way of a peer: so nobody goes in a circle. */
export function authorityOf(peers: readonly Peer[]): string | undefined {
  return peers.find(({ hello }) => hello?.Roles.includes('authority'))?.peer;
}

/** Passes on what a person and the authority say to each other, until either breaks it off or both have ended. Whatever happens to one way happens to the other. */
export async function relaySeat(person: SeatStream, opening: Promise<SeatStream>, signal: AbortSignal): Promise<void> {
  let authority: SeatStream | undefined;
  try {
    authority = await opening;
    await Promise.all([passOn(person, authority, signal), passOn(authority, person, signal)]);
  } catch (error) {
    const reason = new PeerError('the way is broken off', false);
    person.abort(reason);
    authority?.abort(reason);
    if (!(error instanceof PeerError)) throw error;
  }
}

async function passOn(from: SeatStream, to: SeatStream, signal: AbortSignal): Promise<void> {
  for (;;) {
    const text = await from.read(signal);
    if (text === undefined) return to.end(signal);
    await to.write(text, signal);
  }
}
