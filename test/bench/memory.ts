import { connect, type Socket } from 'node:net';
import { compare, type Finding, type Group } from './measure.ts';
import { BenchServer, type ServerKind } from './server.ts';

const people = 10_000;
/** At once on their way: more would overflow the queue of connections that the system keeps. */
const connecting = 500;

/** Bytes that an idle connection costs, once everything that all of them share is there. */
async function bytesPerConnection(kind: ServerKind): Promise<number> {
  const server = await BenchServer.start(kind);
  const sockets = await crowd(server.port, connecting);
  const before = await server.ask('memory');
  sockets.push(...(await crowd(server.port, people - connecting)));
  const after = await server.ask('memory');
  for (const socket of sockets) socket.destroy();
  await server.stop();
  return (after - before) / (people - connecting);
}

async function crowd(port: number, size: number): Promise<Socket[]> {
  const sockets: Socket[] = [];
  for (let count = 0; count < size; count += connecting) {
    const group = Array.from({ length: Math.min(connecting, size - count) }, () =>
      connect({ port, host: '127.0.0.1' }),
    );
    await Promise.all(group.map((socket) => new Promise((resolve) => socket.once('data', resolve))));
    sockets.push(...group);
  }
  return sockets;
}

export const memory: Group = {
  name: 'memory',
  async *run(): AsyncGenerator<Finding> {
    const { ratio, spread, ours, bare } = await compare(
      { ours: () => bytesPerConnection('ours'), bare: () => bytesPerConnection('idle') },
      3,
    );
    yield {
      what: `memory of an idle connection, ${people} of them`,
      against: 'a bare socket with a data listener',
      ratio,
      spread,
      goal: { bound: 'at most', value: 1.6 },
      note: `${(ours / 1024).toFixed(1)} KB and ${(bare / 1024).toFixed(1)} KB`,
    };
  },
};
