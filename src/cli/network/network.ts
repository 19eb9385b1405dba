import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { onOneLine } from '../../base/escape-for-display.ts';
import { freePortAfter } from '../../platform/free-port.ts';
import { makeDirectory } from '../../platform/make-directory.ts';
import type { Command, CommandIo } from '../command.ts';
import { FailedError, UsageError } from '../command-error.ts';
import { exitCodes } from '../exit-codes.ts';
import { commandLine } from '../start-command.ts';
import { watchOutput } from '../watched-output.ts';
import { limits } from './limits.ts';
import { NetworkNode, type NodePlace } from './network-node.ts';
import { type NetworkOptions, readNetworkOptions } from './network-options.ts';
import { networkTable } from './network-table.ts';

/** Runs several nodes of one chain on this machine until it is asked to stop. */
export const network: Command = {
  get help() {
    return `Starts several nodes of one chain on this machine, and shows them in one table: who is who, and how a block gets to everybody.

Usage: ${commandLine('network')} [options]

  --nodes N                 how many, 2 to ${limits.nodesMax} [5]
  --consensus KIND          lottery: the first node draws, the others follow; work: all mine; or instant [lottery]
  --difficulty N            of a new chain of work, as for the server
  --work-interval-ms TIME   of a new chain of work, as for the server
  --mine WHEN               waiting or always, as for the server
  --lottery-interval-ms TIME   a round, as for the server
  --port N                  free ports are taken from here on [${limits.firstPort}]
  --data-dir DIR            a directory for each node is in it, and a file with what it says [network]
  -h, --help                shows this

Every node is a server of its own: nc, page and console commands over RPC. Ctrl-C ends all; started again with the same --data-dir,
the network goes on. Kill one of the processes to see what the others do without it.

Examples:
  ${commandLine('network', '--nodes', '5', '--consensus', 'work', '--difficulty', '100000')}
  ${commandLine('network', '--nodes', '3', '--lottery-interval-ms', '5s')}

Exit codes: 0 stopped as asked, 1 a node could not start, or all have ended, 2 wrong usage.
`;
  },
  async run(args, io) {
    const options = readNetworkOptions(args);
    // Before there is anything to stop.
    const stopping = new AbortController();
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => stopping.abort());
    watchOutput(io);
    const nodes: NetworkNode[] = [];
    try {
      io.output.write(`Starting ${options.nodes} nodes.\n`);
      const aborted = new Promise<void>((resolve) => stopping.signal.addEventListener('abort', () => resolve()));
      await Promise.race([aborted, startAll(options, nodes, stopping.signal)]);
      await showAll(nodes, io, stopping.signal);
    } finally {
      await stopAll(nodes);
    }
    return exitCodes.fine;
  },
};

/** Starts the first node, and when it is ready the others, with the first as their peer. Throws a CommandError when one ends by itself. */
async function startAll(options: NetworkOptions, nodes: NetworkNode[], signal: AbortSignal): Promise<void> {
  const places = await placesOf(options);
  const start = async (place: NodePlace, words: readonly string[]): Promise<string> => {
    makeDirectory(place.dataDir);
    const node = NetworkNode.start(place, words);
    nodes.push(node);
    const line = await node.peerLine();
    if (line === undefined && !signal.aborted) throw endedByItself(place, await node.ended);
    return line ?? '';
  };
  const [first, ...rest] = places;
  if (first === undefined) return;
  const line = await start(first, options.serverWords);
  const words = [...others(options.serverWords), '--peer', line];
  if (!signal.aborted) await Promise.all(rest.map((place) => start(place, words)));
}

/** What only a node that founds a chain is told: the others take it as it is. */
function others(words: readonly string[]): readonly string[] {
  return words.filter((_, place) => !founding.includes(words[place - (place % 2)] ?? ''));
}

const founding: readonly string[] = ['--consensus', '--difficulty', '--work-interval-ms'];

/** Shows the table when something in it has changed. Throws a CommandError when all nodes have ended by themselves. */
async function showAll(nodes: readonly NetworkNode[], { output }: CommandIo, signal: AbortSignal): Promise<void> {
  const allEnded = Promise.all(nodes.map(({ ended }) => ended)).then(() => true);
  let shown = '';
  while (!signal.aborted) {
    const rows = await Promise.all(nodes.map(async (node) => ({ place: node.place, report: await node.report() })));
    if (signal.aborted) return;
    const table = networkTable(rows);
    if (table !== shown) output.write(`${table}\n`);
    shown = table;
    const pause = delay(limits.lookMs, false, { signal }).catch(() => false);
    if ((await Promise.race([pause, allEnded])) && !signal.aborted) throw new FailedError('all nodes have ended');
  }
}

async function stopAll(nodes: readonly NetworkNode[]): Promise<void> {
  for (const node of nodes) node.stop('SIGINT');
  const ended = Promise.all(nodes.map(({ ended }) => ended));
  await Promise.race([ended, delay(limits.stopMs, undefined, { ref: false })]);
  for (const node of nodes) node.stop('SIGKILL');
  await ended;
}

async function placesOf({ nodes, port, dataDir }: NetworkOptions): Promise<readonly NodePlace[]> {
  const taken: number[] = [];
  const nextPort = async (): Promise<number> => {
    const free = await freePortAfter(taken.at(-1) ?? port - 1, '127.0.0.1', taken);
    if (free === undefined) throw new UsageError(`there are no free ports behind ${port}. Choose another --port`);
    taken.push(free);
    return free;
  };
  const places: NodePlace[] = [];
  for (let number = 1; number <= nodes; number += 1) {
    const name = `node-${number}`;
    places.push({ name, port: await nextPort(), pagePort: await nextPort(), dataDir: join(dataDir, name) });
  }
  return places;
}

function endedByItself({ name }: NodePlace, said: string): FailedError {
  const last = said.trimEnd().split('\n').at(-1) ?? '';
  return new FailedError(`${name} has ended by itself: ${onOneLine(last)}`);
}
