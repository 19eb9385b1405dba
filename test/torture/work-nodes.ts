import { setTimeout as delay } from 'node:timers/promises';
import type { Dice } from '../sim/dice.ts';
import { agreement, isSame } from './agreement.ts';
import type { ChainNode } from './chain-node.ts';
import { expect, storedChain } from './expect.ts';
import type { Namespaces } from './namespaces.ts';
import { Proposer } from './proposer.ts';

/** About a second of one core for a block, so that several wait while the network is parted. */
export const workRules: readonly string[] = [
  ...['--consensus', 'work', '--difficulty', '200000', '--work-interval-ms', '1000', '--miners', '1'],
];
const pauseMs = 1000;
const proposersPerNode = 2;

/** What is done to a network, and what has to be found in its chain. */
interface Play {
  readonly nodes: readonly ChainNode[];
  readonly dice: Dice;
  readonly counts: { kills: number; partitions: number };
  /** Whose candidates were accepted by a node that was not killed since; each has to be in a block. */
  readonly accepted: Map<string, ChainNode>;
  /** Those of nodes that were killed: in one block at most. */
  readonly lost: Set<string>;
}

/** Nodes of one chain of work, of which each mines: some are killed and some separated in every cycle, so that the chain forks; then all have to agree. */
export async function tortureMiners(
  nodes: readonly ChainNode[],
  cycles: number,
  dice: Dice,
  namespaces: Namespaces | undefined,
): Promise<void> {
  const play: Play = { nodes, dice, counts: { kills: 0, partitions: 0 }, accepted: new Map(), lost: new Set() };
  for (let cycle = 1; cycle <= cycles; cycle++) {
    await runCycle(play, cycle % 2 === 0 ? namespaces : undefined);
    const height = await settle(play);
    console.log(
      `${cycle} cycles, block ${height}, ${play.accepted.size} candidates accepted: all ${nodes.length} nodes agree`,
    );
  }
  await Promise.all(nodes.map((node) => node.kill()));
  await expectFates(play);
  const { kills, partitions } = play.counts;
  console.log(
    `${kills} kills and ${partitions} partitions survived: all ${nodes.length} chains hold and are the same, with each of ${play.accepted.size} candidates in a block; ${play.lost.size} were those of nodes that were killed`,
  );
}

/** Resolves with the height of the chain that all nodes have, when none of them has a candidate left. */
function settle({ nodes, accepted }: Play): Promise<number> {
  const [first] = nodes;
  return agreement(nodes, pauseMs, async (tips) => {
    if (tips.some((tip) => tip?.candidates !== 0)) return false;
    if (isSame(tips) || first === undefined) return true;
    // Of branches that weigh the same each node keeps its own, until one more block decides.
    const decider = await Proposer.propose(await first.port(), first.host);
    if (decider !== undefined) accepted.set(decider.address, first);
    decider?.leave();
    return false;
  });
}

async function runCycle(
  { nodes, dice, counts, accepted, lost }: Play,
  namespaces: Namespaces | undefined,
): Promise<void> {
  const people: Proposer[] = [];
  for (const node of nodes) {
    for (let person = 0; person < proposersPerNode; person++) {
      const proposer = await Proposer.propose(await node.port(), node.host);
      if (proposer === undefined) continue;
      people.push(proposer);
      accepted.set(proposer.address, node);
    }
  }
  expect(people.length > 0, 'no node takes candidates');
  // The queues are full now: both sides go on by themselves.
  const away = namespaces === undefined ? [] : nodes.filter(() => dice.once(2));
  namespaces?.separate(away.map(({ number }) => number));
  if (away.length > 0) counts.partitions += 1;
  await delay(dice.roll(6 * pauseMs));
  const victims = new Set([dice.pick(nodes), dice.pick(nodes)]);
  await Promise.all([...victims].map((node) => node.kill()));
  counts.kills += victims.size;
  for (const [address, node] of accepted) {
    if (!victims.has(node)) continue;
    accepted.delete(address);
    lost.add(address);
  }
  for (const person of people) person.leave();
  await delay(dice.roll(4 * pauseMs));
  namespaces?.heal(away.map(({ number }) => number));
  await Promise.all([...victims].map((node) => node.start()));
}

/** All nodes have stored one chain, which holds and has every candidate that has to be in it, each once. */
async function expectFates({ nodes, accepted, lost }: Play): Promise<void> {
  const chains = new Set<string>();
  for (const { dataDir } of nodes) {
    const blocks = await storedChain(dataDir);
    chains.add(JSON.stringify(blocks));
    const counts = new Map<string, number>();
    for (const { Validator } of blocks) counts.set(Validator, (counts.get(Validator) ?? 0) + 1);
    for (const address of accepted.keys())
      expect(counts.get(address) === 1, `the candidate of ${address} is in ${counts.get(address) ?? 0} blocks`);
    for (const address of lost) expect((counts.get(address) ?? 0) <= 1, `the candidate of ${address} is in two blocks`);
  }
  expect(chains.size === 1, `${chains.size} different chains are stored`);
}
