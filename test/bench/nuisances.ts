import { mkdtempSync, rmSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { writeLongChain } from '../e2e/long-chain.ts';
import { compare, type Finding, type Group } from './measure.ts';
import { BenchPerson } from './person.ts';
import { BenchServer } from './server.ts';

const runs = 9;
/** Several megabytes: more than the system keeps for a reader. */
const blocks = 6000;

/** A hundred who never read, twenty who flood as fast as they are read, and one who opens a connection every 50 ms to reset it. */
function annoy(port: number): () => void {
  const sockets: Socket[] = [];
  const open = (words: string): Socket => {
    const socket = connect({ port, host: '127.0.0.1' });
    socket.on('error', () => undefined);
    socket.write(words);
    sockets.push(socket);
    return socket;
  };
  for (let count = 0; count < 100; count++) open('10\n72\n');
  for (let count = 0; count < 20; count++) open(`10\n${'72\n'.repeat(10_000)}`).resume();
  const resetting = setInterval(() => open('1').once('connect', () => sockets.pop()?.resetAndDestroy()), 50);
  return () => {
    clearInterval(resetting);
    for (const socket of sockets) socket.destroy();
  };
}

export const nuisances: Group = {
  name: 'nuisances',
  async *run(): AsyncGenerator<Finding> {
    const words = ['--lottery-interval-ms', '500', '--chain-broadcast-interval-ms', '2000', '--dashboard-port', '0'];
    const directories = [0, 1].map(() => mkdtempSync(join(tmpdir(), 'sortition-bench-')));
    const servers: BenchServer[] = [];
    for (const directory of directories) {
      await writeLongChain(directory, blocks);
      servers.push(await BenchServer.start('ours', [...words, '--data-dir', directory]));
    }
    const [annoyed, quiet] = servers;
    if (annoyed === undefined || quiet === undefined) throw new Error('no servers');
    const among = await BenchPerson.join(annoyed.port);
    const alone = await BenchPerson.join(quiet.port);
    const stop = annoy(annoyed.port);
    await delay(1000);
    const { ratio, spread, ours, bare } = await compare(
      { ours: () => among.answerMs(), bare: () => alone.answerMs() },
      runs,
    );
    stop();
    for (const person of [among, alone]) person.leave();
    for (const server of servers) await server.stop();
    for (const directory of directories) rmSync(directory, { recursive: true, force: true });
    yield {
      what: 'an answer to one person among 100 who never read, 20 who flood and one who resets connections',
      against: 'the same alone',
      ratio,
      spread,
      goal: { bound: 'at most', value: 1.1 },
      note: `${ours.toFixed(2)} ms and ${bare.toFixed(2)} ms`,
    };
  },
};
