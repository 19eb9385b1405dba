import { connect, createServer, type Socket } from 'node:net';
import { compare, type Finding, type Group } from './measure.ts';
import { BenchServer } from './server.ts';

const people = 20;
const watching = 1000;
const drawsPerRun = 30;
const intervalMs = 200;

/** Milliseconds from the end of a round to its announcement, on average, while some pages watch. */
async function lateness(pages: number): Promise<number> {
  const pagePort = await freePort();
  const words = ['--dashboard-port', String(pagePort), '--lottery-interval-ms', String(intervalMs)];
  const server = await BenchServer.start('ours', words);
  const players = Array.from({ length: people }, (_, place) => play(server.port, place + 1));
  const watchers: Socket[] = [];
  for (let count = 0; count < pages; count++) watchers.push(await watch(pagePort));
  const before = await read(pagePort);
  let after = before;
  while (after.count < before.count + drawsPerRun) {
    await new Promise((resolve) => setTimeout(resolve, intervalMs));
    after = await read(pagePort);
  }
  if (after.watchers !== pages) throw new Error(`${after.watchers} of ${pages} pages watch`);
  for (const socket of [...players, ...watchers]) socket.destroy();
  await server.stop();
  return ((after.sum - before.sum) / (after.count - before.count)) * 1000;
}

/** Somebody who proposes in every round. */
function play(port: number, stake: number): Socket {
  const socket = connect({ port, host: '127.0.0.1' });
  socket.write(`${stake}\n72\n`);
  socket.setEncoding('latin1').on('data', (text: string) => {
    if (text.includes('winning validator')) socket.write('72\n');
  });
  return socket;
}

/** A page that takes every event. */
async function watch(port: number): Promise<Socket> {
  const socket = connect({ port, host: '127.0.0.1' });
  socket.write('GET /api/events HTTP/1.1\r\nHost: localhost\r\n\r\n');
  await new Promise((resolve) => socket.once('data', resolve));
  return socket.resume();
}

async function read(
  port: number,
): Promise<{ readonly sum: number; readonly count: number; readonly watchers: number }> {
  const text = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text();
  const value = (name: string): number => Number(new RegExp(`^${name} (.*)$`, 'm').exec(text)?.[1] ?? Number.NaN);
  return {
    sum: value('sortition_draw_lateness_seconds_sum'),
    count: value('sortition_draw_lateness_seconds_count'),
    watchers: value('sortition_watchers'),
  };
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen({ host: '127.0.0.1', port: 0 }, resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (typeof address !== 'object' || address === null) throw new Error('no port is free');
  return address.port;
}

export const watchers: Group = {
  name: 'watchers',
  async *run(): AsyncGenerator<Finding> {
    const { ratio, spread, ours, bare } = await compare({ ours: () => lateness(watching), bare: () => lateness(0) }, 5);
    yield {
      what: `how late a draw is while ${watching} pages watch`,
      against: 'the same while nobody watches',
      ratio,
      spread,
      goal: { bound: 'at most', value: 1.25 },
      note: `${ours.toFixed(1)} ms and ${bare.toFixed(1)} ms`,
    };
  },
};
