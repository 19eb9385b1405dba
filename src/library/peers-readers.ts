import type { PeersReport } from '../http/api/rpc-types.ts';
import type { DoorStatus, NetworkStatus } from '../http/api/types.ts';
import { flag, JsonObject, listOf, number, oneOf, text } from './json-reader.ts';

type Peer = PeersReport['Peers'][number];
type Cut = PeersReport['Cuts'][number];

/** What the page shows of the answer of /api/peers. */
export type PeersAnswer = Pick<PeersReport, 'Peers' | 'Cuts'>;

/** Reads the answer of /api/peers. Like all readers here, it throws a TypeError when the value is something else. */
export function readPeers(json: unknown): PeersAnswer {
  const report = new JsonObject<PeersReport>(json, 'peers');
  return { Peers: report.read('Peers', listOf(readPeer)), Cuts: report.read('Cuts', listOf(readCut)) };
}

/** Reads what a status says of other nodes. */
export function readNetwork(json: unknown, at: string): NetworkStatus {
  const network = new JsonObject<NetworkStatus>(json, at);
  return {
    peers: network.read('peers', number),
    ...(network.has('authority') ? { authority: network.read('authority', oneOf('reached', 'out-of-reach')) } : {}),
    ...(network.has('sync') ? { sync: network.read('sync', readSync) } : {}),
  };
}

/** Reads what a status says of the log of several doors. */
export function readDoor(json: unknown, at: string): DoorStatus {
  const log = new JsonObject<DoorStatus>(json, at);
  return {
    ...(log.has('leader') ? { leader: log.read('leader', text) } : {}),
    isLeader: log.read('isLeader', flag),
    term: log.read('term', number),
    waiting: log.read('waiting', number),
    failovers: log.read('failovers', number),
  };
}

function readSync(json: unknown, at: string): NonNullable<NetworkStatus['sync']> {
  const sync = new JsonObject<NonNullable<NetworkStatus['sync']>>(json, at);
  return {
    height: sync.read('height', number),
    target: sync.read('target', number),
    ...(sync.has('remainingMs') ? { remainingMs: sync.read('remainingMs', number) } : {}),
  };
}

function readPeer(json: unknown, at: string): Peer {
  const peer = new JsonObject<Peer>(json, at);
  return {
    Peer: peer.read('Peer', text),
    Host: peer.read('Host', text),
    Direction: peer.read('Direction', oneOf('in', 'out')),
    Roles: peer.read('Roles', listOf(text)),
    ...(peer.has('Height') ? { Height: peer.read('Height', number) } : {}),
    ...(peer.has('LatencyMs') ? { LatencyMs: peer.read('LatencyMs', number) } : {}),
  };
}

function readCut(json: unknown, at: string): Cut {
  const cut = new JsonObject<Cut>(json, at);
  return {
    Peer: cut.read('Peer', text),
    Host: cut.read('Host', text),
    Reason: cut.read('Reason', text),
    AgoMs: cut.read('AgoMs', number),
  };
}
