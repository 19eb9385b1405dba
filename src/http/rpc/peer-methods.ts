import type { PeerCalls, PeersReport } from '../api/rpc-types.ts';
import { type MethodTable, method } from './method.ts';
import { count, exactly } from './schemas.ts';

/** The method that tells of other nodes. */
export function peerMethods(report: () => PeersReport): MethodTable<PeerCalls> {
  const text = { type: 'string' };
  return {
    getpeers: method<PeerCalls['getpeers']>({
      summary: 'the nodes that this one is connected to, and those that it has cut, with the reasons',
      access: 'reading',
      params: {},
      result: {
        name: 'peers',
        schema: exactly({
          Peers: {
            type: 'array',
            items: exactly(
              {
                Peer: text,
                Host: text,
                Direction: { type: 'string', enum: ['in', 'out'] },
                Roles: { type: 'array', items: { type: 'string', enum: ['authority', 'full', 'miner', 'wallet'] } },
                Height: count,
                LatencyMs: count,
              },
              ['Height', 'LatencyMs'],
            ),
          },
          Cuts: { type: 'array', items: exactly({ Peer: text, Host: text, Reason: text, AgoMs: count }) },
          CutCounts: { type: 'object', additionalProperties: count },
        }),
      },
      run: () => ({ result: report() }),
    }),
  };
}
