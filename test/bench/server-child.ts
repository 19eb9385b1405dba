import { readFileSync } from 'node:fs';
import { createServer, type Socket } from 'node:net';
import { Chalk } from 'chalk';
import { readConfig } from '../../src/cli/config/config.ts';
import { LotteryServer } from '../../src/cli/serve/server.ts';
import { limits as lotteryLimits } from '../../src/consensus/lottery/limits.ts';
import { answer } from './talkers.ts';

/** The process of a BenchServer: `server-child.ts KIND DIRECTORY [SETTING …]`. */
const [, , kind = '', directory = '', ...moreWords] = process.argv;

const lineFeed = 0x0a;

const serve: Readonly<Record<string, (socket: Socket) => void>> = {
  echo: (socket) => socket.on('data', (chunk) => socket.write(chunk)),
  'per-line': (socket) =>
    socket.on('data', (chunk) => {
      // A line whose end comes in the next chunk is counted there.
      for (const byte of chunk) if (byte === lineFeed) socket.write(answer, 'latin1');
    }),
  // The greeting tells the other side that it is served.
  idle: (socket) => socket.on('data', () => undefined).write('!'),
};

async function startOurs(): Promise<number> {
  const args = [
    ['--port', '0'],
    ['--host', '127.0.0.1'],
    ['--dashboard-port', '0'],
    ['--data-dir', directory],
    ['--lottery-interval-ms', '86400000'],
    ['--chain-broadcast-interval-ms', '86400000'],
    ['--max-lines-per-second', '0'],
    ['--max-connections', '15000'],
    moreWords,
  ].flat();
  const command = readConfig({ args, environment: {}, envFile: undefined, version: 'bench' });
  if (command.kind !== 'serve') throw new Error('the settings of the bench are wrong');
  const server = await LotteryServer.start({
    config: command.config,
    linksPerChain: lotteryLimits.linksPerChain,
    version: 'bench',
    input: process.stdin,
    output: process.stdout,
    paint: new Chalk({ level: 0 }),
    stopAsked: new AbortController().signal,
    askToStop: () => undefined,
  });
  return server.port;
}

async function startBare(listener: (socket: Socket) => void): Promise<number> {
  const server = createServer({ noDelay: true }, (socket) => {
    socket.on('error', () => undefined);
    listener(socket);
  });
  await new Promise<void>((resolve) => server.listen({ host: '127.0.0.1', port: 0, backlog: 4096 }, resolve));
  const address = server.address();
  if (typeof address !== 'object' || address === null) throw new Error('the bare server has no address');
  return address.port;
}

/** Bytes that JavaScript and native objects occupy. Resident memory would count pages that are kept after they were freed. */
function usedBytes(): number {
  globalThis.gc?.();
  globalThis.gc?.();
  return process.memoryUsage().heapUsed + nativeBytes();
}

/** The resident size of the C heap, from Linux; 0 elsewhere, where sockets seem a little lighter than they are. */
function nativeBytes(): number {
  try {
    const [, kilobytes] = /\[heap\]\n(?:.+\n)*?Rss: +(\d+) kB/.exec(readFileSync('/proc/self/smaps', 'utf8')) ?? [];
    return Number(kilobytes ?? 0) * 1024;
  } catch {
    return 0;
  }
}

process.on('message', (what) => {
  if (what === 'memory') process.send?.(usedBytes());
});

const listener = serve[kind];
process.send?.(listener === undefined ? await startOurs() : await startBare(listener));
