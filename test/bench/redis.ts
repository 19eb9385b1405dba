import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { freePortAfter } from '../../src/platform/free-port.ts';
import { Fan } from './fan.ts';
import { compare, type Finding, type Group, quantile } from './measure.ts';

const people = 1000;
const announcementsInARun = 3;

/** One median of some announcements, ms. */
async function median(announce: () => Promise<number>): Promise<number> {
  const values: number[] = [];
  for (let count = 0; count < announcementsInARun; count++) values.push(await announce());
  return quantile(values, 0.5);
}

async function startRedis(): Promise<{ server: ChildProcess; port: number }> {
  const port = (await freePortAfter(16_379, '127.0.0.1', [])) ?? 16_379;
  const words = ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no'];
  const server = spawn('redis-server', words, { stdio: ['ignore', 'pipe', 'inherit'] });
  for await (const text of server.stdout.setEncoding('utf8')) if (String(text).includes('eady to accept')) break;
  server.stdout.resume();
  return { server, port };
}

export const redis: Group = {
  name: 'redis',
  async *run(): AsyncGenerator<Finding> {
    if (spawnSync('redis-server', ['--version']).status !== 0) {
      console.error('  skipped: there is no redis-server on this machine (apt-get install redis-server)');
      return;
    }
    const { server, port } = await startRedis();
    const ours = await Fan.start({ kind: 'ours', people, text: 'plain', megabytes: 0 });
    const theirs = await Fan.ofRedis(port, people);
    const { ratio, spread, ...medians } = await compare(
      { ours: () => median(() => ours.announce()), bare: () => median(() => theirs.announce()) },
      31,
    );
    ours.stop();
    theirs.stop();
    server.kill('SIGKILL');
    await once(server, 'exit');
    yield {
      what: `one announcement to ${people} connections, until the last has it`,
      against: `Redis, PUBLISH to ${people} subscribers`,
      ratio,
      spread,
      goal: { bound: 'at most', value: 1.1 },
      note: `${medians.ours.toFixed(1)} ms and ${medians.bare.toFixed(1)} ms`,
    };
  },
};
