import { readFileSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { limits } from '../../src/consensus/lottery/limits.ts';
import { Pool } from '../../src/core/pool.ts';
import { SystemClock } from '../../src/platform/system-clock.ts';
import { SystemSecrets } from '../../src/platform/system-secrets.ts';
import { LevelStore } from '../../src/storage/level-store.ts';
import { hexOf } from '../core/build-chain.ts';
import { openChain } from '../node/open-chain.ts';
import { temporaryDirectory } from '../temporary.ts';
import { writeLongChain } from './long-chain.ts';
import { type PageServer, startProcessWithPage } from './page-server.ts';
import type { ServerProcess } from './server-process.ts';
import { Witness } from './witness.ts';

const shortBlocks = 600;
const poolSize = 10_000;

/** Every kind of address that the page answers, and one at which there is nothing. */
const paths: readonly string[] = [
  '/',
  '/assets/uplot.js',
  '/healthz',
  '/metrics',
  '/api/openapi.json',
  '/api/status',
  '/api/chain',
  '/api/blocks?limit=500',
  '/api/blocks/1',
  `/api/rounds/${shortBlocks + 1}/pool`,
  '/api/validators',
  `/api/validators/${hexOf(1)}`,
  '/api/events',
  '/api/nothing',
];

/** A chain of many blocks, of which the last was drawn from a large pool. */
async function writeChain(dataDir: string): Promise<void> {
  await writeLongChain(dataDir, shortBlocks);
  const store = await LevelStore.open(dataDir);
  const secrets = SystemSecrets.open(join(dataDir, 'master-secret'), false);
  const { extend } = await openChain({ clock: new SystemClock(), secrets, store }, limits.linksPerChain);
  const pool = new Pool();
  for (let place = 0; place < poolSize; place++) pool.add({ validator: hexOf(place), stake: 10n, payload: place });
  await extend(pool.freeze());
  await store.close();
}

/** Connections that ask a thousand times in one write, and read the answers or nothing at all. */
async function pipeline(port: number, path: string, connections: number, reads: boolean): Promise<readonly Socket[]> {
  const requests = `GET ${path} HTTP/1.1\r\nHost: localhost\r\n\r\n`.repeat(1000);
  return Promise.all(
    Array.from({ length: connections }, async () => {
      const socket = connect({ host: '127.0.0.1', port }).on('error', () => undefined);
      onTestFinished(() => {
        socket.destroy();
      });
      await new Promise((resolve) => socket.once('connect', resolve));
      if (reads) socket.resume();
      socket.write(requests);
      return socket;
    }),
  );
}

/** The most memory that the process ever had, MB. */
function peakMB({ server }: PageServer<ServerProcess>): number {
  const [, kilobytes] = /VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${server.child.pid}/status`, 'utf8')) ?? [];
  return Number(kilobytes) / 1024;
}

it('whoever pipelines a thousand requests, to any address, delays no draw and fills no memory, reading or not', async () => {
  const dataDir = temporaryDirectory();
  await writeChain(dataDir);
  // The smallest servers have no more.
  const environment = { NODE_OPTIONS: '--max-old-space-size=64' };
  const started = await startProcessWithPage({ dataDir, environment, words: ['--lottery-interval-ms', '50'] });
  const witness = await Witness.join(started.server);
  const before = peakMB(started);
  for (const path of paths) {
    const crowd = [
      ...(await pipeline(started.pagePort, path, 8, false)),
      ...(await pipeline(started.pagePort, path, 8, true)),
    ];
    await witness.hears(4);
    // Somebody else is answered meanwhile.
    expect([path, (await fetch(`${started.base}/api/status`)).status]).toEqual([path, 200]);
    for (const socket of crowd) socket.destroy();
  }
  const crowds = await Promise.all(paths.map((path) => pipeline(started.pagePort, path, 8, false)));
  await witness.hears(10);
  for (const socket of crowds.flat()) socket.destroy();
  await witness.hears(5);
  await witness.testifies();
  expect(peakMB(started) - before).toBeLessThan(250);
  expect(await (await fetch(`${started.base}/metrics`)).text()).toMatch(
    /sortition_web_endings_total\{ending="left"\} \d\d\d/,
  );
  expect(started.server.err).toBe('');
  expect(await started.server.stop()).toBe(0);
});
