import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { freePortAfter } from '../../src/platform/free-port.ts';
import type { Dice } from '../sim/dice.ts';
import { agreement } from './agreement.ts';
import { ChainNode } from './chain-node.ts';
import { expect, expectStored, note } from './expect.ts';
import { Namespaces } from './namespaces.ts';
import { Witness } from './witness.ts';
import { tortureMiners, workRules } from './work-nodes.ts';

const roundMs = 1000;
/** A person who comes to a node that is just losing its peers may wait for long: others come then. */
const joinMs = 10_000;

/** How the chain of the nodes is made. */
export type NodesKind = 'lottery' | 'work';

/**
 * Nodes of one lottery, each a process: the first draws, the others follow it. In every cycle some are killed at a random moment, and where it is
 * permitted some are separated from the others; then all have to agree. At the end all of them have to have stored what witnesses heard.
 */
export async function tortureNodes(kind: NodesKind, count: number, cycles: number, dice: Dice): Promise<void> {
  const directory = mkdtempSync(join(tmpdir(), 'sortition-torture-'));
  const namespaces = Namespaces.make(count);
  console.log(
    namespaces === undefined
      ? 'Partitions are skipped: there can be no network namespaces here (that takes root on Linux, and ip)'
      : 'Partitions are those of network namespaces',
  );
  const rules = kind === 'work' ? workRules : ['--lottery-interval-ms', String(roundMs)];
  const nodes = await makeNodes(count, directory, namespaces, rules);
  try {
    await startAll(nodes);
    if (kind === 'work') await tortureMiners(nodes, cycles, dice, namespaces);
    else await tortureFollowers(nodes, cycles, dice, namespaces);
  } finally {
    await Promise.all(nodes.map((node) => node.kill()));
  }
}

async function tortureFollowers(
  nodes: readonly ChainNode[],
  cycles: number,
  dice: Dice,
  namespaces: Namespaces | undefined,
): Promise<void> {
  const heard = new Map<number, string>();
  const counts = { kills: 0, killsOfFirst: 0, partitions: 0 };
  for (let cycle = 1; cycle <= cycles; cycle++) {
    await runCycle({ nodes, heard, counts, dice }, cycle % 2 === 0 ? namespaces : undefined);
    const height = await agreement(nodes, roundMs);
    for (const index of heard.keys()) expect(index <= height, `block ${index} was announced and is gone`);
    console.log(`${cycle} cycles, block ${height}, ${heard.size} announcements heard: all ${nodes.length} nodes agree`);
  }
  await Promise.all(nodes.map((node) => node.kill()));
  expect(heard.size > 0, 'no witness heard of a draw, so nothing was compared');
  const tips = new Set<string>();
  for (const { dataDir } of nodes) tips.add(await expectStored(dataDir, heard));
  expect(tips.size === 1, `${tips.size} different chains are stored`);
  console.log(
    `${counts.kills} kills (${counts.killsOfFirst} of the one that draws) and ${counts.partitions} partitions survived: ${heard.size} announcements heard, all of them stored by each of ${nodes.length} nodes; all chains hold and are the same`,
  );
}

interface Play {
  readonly nodes: readonly ChainNode[];
  readonly heard: Map<number, string>;
  readonly counts: { kills: number; killsOfFirst: number; partitions: number };
  readonly dice: Dice;
}

async function runCycle({ nodes, heard, counts, dice }: Play, namespaces: Namespaces | undefined): Promise<void> {
  const [first] = nodes;
  if (first === undefined) return;
  const witnesses = await witnessesAt([first, dice.pick(nodes), dice.pick(nodes)]);
  await delay(dice.roll(3 * roundMs));
  // The one that draws stays on the first side, where the witnesses' machine is.
  const away = namespaces === undefined ? [] : nodes.filter((node) => node !== first && dice.once(2));
  namespaces?.separate(away.map(({ number }) => number));
  if (away.length > 0) {
    counts.partitions += 1;
    await delay(dice.roll(3 * roundMs));
  }
  const victims = new Set([dice.pick(nodes), dice.pick(nodes), ...(dice.once(2) ? [first] : [])]);
  await Promise.all([...victims].map((node) => node.kill()));
  counts.kills += victims.size;
  if (victims.has(first)) counts.killsOfFirst += 1;
  note(heard, witnesses);
  for (const witness of witnesses) witness.leave();
  await delay(dice.roll(2 * roundMs));
  // The one that draws goes on while the others are away.
  if (victims.has(first)) await first.start();
  const between = away.length === 0 ? [] : await witnessesAt([first]);
  await delay(dice.roll(4 * roundMs));
  note(heard, between);
  for (const witness of between) witness.leave();
  namespaces?.heal(away.map(({ number }) => number));
  await Promise.all([...victims].filter((node) => node !== first).map((node) => node.start()));
}

/** Witnesses at some nodes; none where a person is not taken in time. */
async function witnessesAt(nodes: readonly ChainNode[]): Promise<readonly Witness[]> {
  const joined: Witness[] = [];
  await Promise.all(
    nodes.map(async (node) => {
      const witness = await Witness.connect(await node.port(), node.host);
      const isTaken = witness.play().then(() => true);
      if (await Promise.race([isTaken, delay(joinMs, false, { ref: false })])) joined.push(witness);
      else witness.leave();
    }),
  );
  expect(nodes.length === 0 || joined.length > 0, 'no node takes people');
  return joined;
}

async function makeNodes(
  count: number,
  directory: string,
  namespaces: Namespaces | undefined,
  rules: readonly string[],
): Promise<readonly ChainNode[]> {
  const taken: number[] = [];
  const nextPort = async (): Promise<number> => {
    const port = await freePortAfter(taken.at(-1) ?? 21_000, '127.0.0.1', taken);
    if (port === undefined) throw new Error('there are no free ports');
    taken.push(port);
    return port;
  };
  const nodes: ChainNode[] = [];
  for (let number = 0; number < count; number++) {
    const ports = { page: await nextPort(), peers: await nextPort() };
    const place = { number, dataDir: join(directory, String(number)), ports, rules };
    nodes.push(
      new ChainNode({
        ...place,
        host: namespaces?.hostOf(number) ?? '127.0.0.1',
        through: namespaces?.through(number) ?? [],
      }),
    );
  }
  return nodes;
}

/** Every node dials the first, and the one before it. */
async function startAll([first, ...others]: readonly ChainNode[]): Promise<void> {
  if (first === undefined) return;
  await first.start();
  let before = first;
  for (const node of others) {
    node.dials([...new Set([await first.peerLine(), await before.peerLine()])]);
    await node.start();
    before = node;
  }
}
