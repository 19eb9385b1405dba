import { createServer, type Socket } from 'node:net';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { TicketReceipts } from '../../src/consensus/lottery/ticket-receipts.ts';
import type { DrawnBlock } from '../../src/core/block.ts';
import { SystemClock } from '../../src/platform/system-clock.ts';
import { ClientHub } from '../../src/tcp/client-hub.ts';
import { servedBy } from '../../src/tcp/served-by.ts';
import { TcpServer } from '../../src/tcp/tcp-server.ts';
import { buildChain, hexOf } from '../core/build-chain.ts';
import { LoopProbe } from './loop-probe.ts';

/** The process of a Fan: `fan-child.ts ours|bare plain|tickets MEGABYTES`. A person who types 1 begins an announcement, 2 a chain. */
const [, , kind = '', text = '', megabytes = '0'] = process.argv;

const block = buildChain([[{ validator: hexOf('winner'), stake: 100n, payload: 72 }]], 8)[1];
if (block === undefined || !('Draw' in block)) throw new Error('no block to announce');
const drawn: DrawnBlock = block;
const blockText = JSON.stringify(drawn);
const blocks = Math.floor((Number(megabytes) * 1_000_000) / (blockText.length + 1));

let probe = new LoopProbe();
probe.stop();
const delays = monitorEventLoopDelay({ resolution: 1 });
let memoryTimer: NodeJS.Timeout | undefined;
let memoryBefore = 0;
let memoryMost = 0;

function usedBytes(): number {
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

/** What is measured is the time from one millisecond to the next. */
function lateMs(nanoseconds: number): number {
  return Math.max(0, nanoseconds / 1e6 - 1);
}

function beginAnnouncement(): void {
  probe = new LoopProbe();
}

function beginChain(): void {
  globalThis.gc?.();
  memoryBefore = usedBytes();
  memoryMost = memoryBefore;
  memoryTimer = setInterval(() => {
    memoryMost = Math.max(memoryMost, usedBytes());
  }, 50);
  delays.reset();
  delays.enable();
}

process.on('message', (what) => {
  if (what === 'blocked') process.send?.(probe.stop());
  if (what === 'delay') {
    delays.disable();
    clearInterval(memoryTimer);
    process.send?.(lateMs(delays.percentile(99)));
  }
  if (what === 'longest') process.send?.(lateMs(delays.max));
  if (what === 'memory') process.send?.(memoryMost - memoryBefore);
});

/** Ours but for the engine: the sockets, the connections, the broadcasts. */
async function startOurs(): Promise<number> {
  // From memory, so that what is measured is the sending alone.
  const blockRange = async (first: number, last: number): Promise<readonly string[]> =>
    Array.from({ length: last + 1 - first }, () => blockText);
  const clients = new ClientHub(new SystemClock(), { blockRange });
  const last = { ...drawn, Index: blocks - 1 };
  clients.onEvent({ kind: 'loaded', block: last, text: blockText });
  const addresses: string[] = [];
  let shared: TicketReceipts | undefined;
  const announce = (): void => {
    shared ??= receiptsOf(addresses);
    const receipts = shared;
    beginAnnouncement();
    clients.onEvent({ kind: 'committed', round: 0, storedMs: 2, block: drawn, text: blockText, body: [], receipts });
  };
  const sendChain = (): void => {
    beginChain();
    clients.onEvent({ kind: 'chain-due' });
  };
  const server = new TcpServer({
    connectionsMax: 15_000,
    connectionsPerAddressMax: 0,
    connections: clients.connections,
    ...servedBy(
      clients.host({
        service: {
          openSession: () => undefined,
          resumeSession: () => ({ kind: 'unknown' }),
          addStrike: () => 1,
          sessionsSynced: () => undefined,
          join: () => {
            const address = hexOf(addresses.length);
            addresses.push(address);
            return address;
          },
          propose: (_, bpm) => {
            setImmediate(bpm === 1 ? announce : sendChain);
            return { kind: 'full' };
          },
          slash: () => undefined,
          rename: () => undefined,
          leave: () => undefined,
        },
        rules: { stakeMax: 100n, slashAfter: 1, rejoinGraceMs: 0 },
        linesPerSecond: 0,
        failed: (error) => {
          throw error;
        },
      }),
    ),
  });
  const { port } = await server.listen(['127.0.0.1'], 0);
  return port;
}

function receiptsOf(addresses: readonly string[]): TicketReceipts {
  if (text !== 'tickets') return new TicketReceipts([]);
  return new TicketReceipts([...addresses].sort().map((validator) => ({ validator, stake: 100n, payload: 1 })));
}

/** The same bytes, give or take some digits, by the shortest loop. */
async function startBare(): Promise<number> {
  const tickets = 'Ticket 512345 of 1000000 was drawn; yours were 512300 to 512399.\n';
  const words = `\nwinning validator: ${drawn.Validator}\n${text === 'tickets' ? tickets : ''}\nEnter a new BPM:`;
  const chain = Buffer.from(`\n[${Array(blocks).fill(blockText).join(',')}]\n\nEnter a new BPM:`);
  const sockets = new Set<Socket>();
  const server = createServer({ noDelay: true }, (socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.on('data', (chunk) => {
      const typed = chunk.toString('latin1');
      if (typed.endsWith('\n1\n')) {
        beginAnnouncement();
        for (const other of sockets) other.write(words, 'latin1');
      }
      if (typed.endsWith('\n2\n')) {
        beginChain();
        for (const other of sockets) other.write(chain);
      }
    });
    socket.write('\nEnter a new BPM:');
  });
  await new Promise<void>((resolve) => server.listen({ host: '127.0.0.1', port: 0, backlog: 4096 }, resolve));
  const address = server.address();
  if (typeof address !== 'object' || address === null) throw new Error('the bare server has no address');
  return address.port;
}

process.send?.(kind === 'ours' ? await startOurs() : await startBare());

// When the bench fails, nobody is left to ask.
process.on('disconnect', () => process.exit());
