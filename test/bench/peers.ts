import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { NodeProcess } from '../node-process.ts';
import { Gossip } from './gossip.ts';
import { compare, comparison, type Finding, type Group, quantile } from './measure.ts';
import { blocks, loadChain, makeChain } from './stored-chain.ts';
import { fetchChain } from './sync.ts';

const nodes = 20;
/** Blocks that are announced, one after another. */
const announcements = 41;
/** What passes a block on again, after the last has it, is over by then, ms: otherwise what comes next would be measured with it. */
const quietMs = 200;
/** What a process allocates in its first moments is given back by then, ms. */
const settledMs = 3000;
/** Rounds that do not end while something is measured. */
const idle = ['--host', '127.0.0.1', '--port', '0', '--dashboard-port', '0', '--lottery-interval-ms', '86400000'];

/** The rate at which an empty node gets a chain from a peer, against that at which a server loads its own. */
async function* sync(directory: string): AsyncGenerator<Finding> {
  const [source, copy] = [join(directory, 'source'), join(directory, 'copy')];
  await makeChain(source);
  cpSync(source, copy, { recursive: true });
  const peer = new NodeProcess([...idle, '--data-dir', source, '--peer-port', '0']);
  try {
    const { peerLine = '' } = await peer.ready;
    const { ratio, spread, ours, bare } = await compare(
      {
        ours: async () => blocks / (await fetchChain(peerLine, blocks)),
        bare: async () => blocks / (await loadChain(copy)),
      },
      3,
    );
    yield {
      what: `fetching a chain of ${blocks} blocks from a peer: verified, and durable`,
      against: 'the rate of loading and verifying the same blocks from the own disk',
      ratio,
      spread,
      goal: { bound: 'at least', value: 0.5 },
      note: `${Math.round(ours * 1000)} and ${Math.round(bare * 1000)} blocks a second`,
    };
  } finally {
    await peer.kill();
  }
}

/** A block from one node to all others, against the same text from bare relay to bare relay. */
async function* gossip(): AsyncGenerator<Finding> {
  const group = await Gossip.start(nodes);
  try {
    const ours: number[] = [];
    const same: number[] = [];
    const chain: number[] = [];
    const depths: number[] = [];
    for (let run = 0; run < announcements; run++) {
      await delay(quietMs);
      const { ms, depth, ways } = await group.announce();
      ours.push(ms);
      depths.push(depth);
      await delay(quietMs);
      same.push(await group.relayOver(ways));
      chain.push(await group.relayThrough(depth));
    }
    const depth = `over ${quantile(depths, 0)} to ${quantile(depths, 1)} hops`;
    for (const [against, bare] of [
      ['bare TCP relays over the same ways to all of them', same],
      ['a bare chain of TCP relays as deep, the other processes being idle', chain],
    ] as const) {
      const found = comparison(ours, bare);
      yield {
        what: `a block of one node until the last of ${nodes} processes has it`,
        against,
        ratio: found.ratio,
        spread: found.spread,
        goal: { bound: 'at most', value: 3 },
        note: `${found.ours.toFixed(1)} ms ${depth}, and ${found.bare.toFixed(1)} ms`,
      };
    }
  } finally {
    group.stop();
  }
}

interface Size {
  readonly megabytes: number;
  readonly startMs: number;
}

async function sizeOf(dataDir: string, words: readonly string[]): Promise<Size> {
  const node = new NodeProcess([...idle, '--data-dir', dataDir, ...words]);
  try {
    const { startMs } = await node.ready;
    await delay(settledMs);
    return { megabytes: node.residentBytes() / 2 ** 20, startMs };
  } finally {
    await node.kill();
  }
}

/** What company costs a process. All chains are there before: to found one leaves memory behind that a follower never takes. */
async function* processes(directory: string): AsyncGenerator<Finding> {
  const authority = new NodeProcess([...idle, '--data-dir', join(directory, 'authority'), '--peer-port', '0']);
  try {
    const { peerLine = '' } = await authority.ready;
    const plain: Size[] = [];
    const follower: Size[] = [];
    const open: Size[] = [];
    for (let run = 0; run <= 5; run++) {
      const own = await sizeOf(join(directory, 'own'), []);
      const followed = await sizeOf(join(directory, 'followed'), ['--peer', peerLine]);
      const opened = await sizeOf(join(directory, 'own'), ['--peer-port', '0']);
      // The first run makes the chains.
      if (run === 0) continue;
      plain.push(own);
      follower.push(followed);
      open.push(opened);
    }
    yield moreMemory('a follower', follower, plain);
    yield moreMemory('a server with --peer-port, which has the secrets of its chain, too,', open, plain);
    const starts = comparison(
      open.map(({ startMs }) => startMs),
      plain.map(({ startMs }) => startMs),
    );
    yield {
      what: 'the start of a server with --peer-port, until it takes people',
      against: 'one without it',
      ratio: starts.ratio,
      spread: starts.spread,
      note: `${starts.ours.toFixed(0)} ms and ${starts.bare.toFixed(0)} ms`,
    };
  } finally {
    await authority.kill();
  }
}

function moreMemory(who: string, sizes: readonly Size[], plain: readonly Size[]): Finding {
  const more = sizes.map(({ megabytes }, run) => megabytes - (plain[run]?.megabytes ?? Number.NaN));
  const plainMegabytes = quantile(
    plain.map(({ megabytes }) => megabytes),
    0.5,
  );
  return {
    what: `resident memory that ${who} has more than a plain server`,
    against: 'one megabyte',
    ratio: quantile(more, 0.5),
    spread: [quantile(more, 0.25), quantile(more, 0.75)],
    goal: { bound: 'at most', value: 60 },
    note: `a plain server has ${plainMegabytes.toFixed(0)} MB`,
  };
}

export const peers: Group = {
  name: 'peers',
  async *run(): AsyncGenerator<Finding> {
    const directory = mkdtempSync(join(tmpdir(), 'sortition-bench-'));
    try {
      yield* sync(directory);
      yield* gossip();
      yield* processes(directory);
    } finally {
      rmSync(directory, { recursive: true, force: true });
    }
  },
};
