import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { LoopDisk } from '../loop-disk.ts';
import { Dice } from '../sim/dice.ts';
import { expect, expectStored, note } from './expect.ts';
import { tortureNodes } from './nodes.ts';
import { dataDirOn, PowerCuts } from './power-cuts.ts';
import { Server } from './server.ts';
import { Witness } from './witness.ts';

const roundMs = 200;
/** At 110 MB each, what a machine of 8 GB has free. */
const nodesMax = 30;

const help = `Kills the real server at random moments, and compares what people heard with what is stored.

  npm run torture -- [--cycles 300] [--seed N]              one server; with root on Linux also power cuts
  npm run torture -- --nodes 20 [--cycles 20] [--seed N]    so many nodes of one lottery, 2 to ${nodesMax}; with root on Linux also partitions
  npm run torture -- --nodes 8 --consensus work             the same with a chain of work, where each node mines

Ends with 1 when anything is missing.`;

/**
 * `npm run torture -- --cycles 300 [--seed 1]`: starts the real server, lets people play, kills it at a random moment (every fifth time near the
 * end of a round, when a block is being stored), starts it again, and compares what witnesses heard with what is stored. Before every second kill
 * the power is cut, and after every fifth that of a chain which has just begun, where disks of their own can be mounted. Ends with 1 when
 * anything is missing.
 */
async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      cycles: { type: 'string' },
      seed: { type: 'string' },
      nodes: { type: 'string' },
      consensus: { type: 'string' },
      help: { type: 'boolean', short: 'h' },
    },
  });
  if (values.help) {
    console.log(help);
    return;
  }
  const seed = Number(values.seed ?? Date.now() % 1_000_000);
  if (values.nodes !== undefined) {
    const count = Number(values.nodes);
    expect(
      Number.isSafeInteger(count) && count >= 2 && count <= nodesMax,
      `--nodes takes a whole number from 2 to ${nodesMax}`,
    );
    console.log(`Seed ${seed}.`);
    const { consensus: kind = 'lottery' } = values;
    if (kind !== 'lottery' && kind !== 'work') throw new Error(`--consensus takes lottery or work, not ${kind}`);
    await tortureNodes(kind, count, Number(values.cycles ?? 20), new Dice(seed));
    return;
  }
  const cycles = Number(values.cycles ?? 300);
  const disk = LoopDisk.isPossible() ? LoopDisk.make() : undefined;
  const directory = mkdtempSync(join(tmpdir(), 'sortition-torture-'));
  console.log(
    disk === undefined
      ? `Seed ${seed}. Power cuts are skipped: nothing can be mounted here (that takes root on Linux, and mkfs.ext4)`
      : `Seed ${seed}. Power cuts are those of an ext4 in a file`,
  );
  try {
    await torture(disk, disk === undefined ? join(directory, 'data') : dataDirOn(disk), cycles, new Dice(seed));
  } finally {
    disk?.remove();
  }
}

async function torture(disk: LoopDisk | undefined, dataDir: string, cycles: number, dice: Dice): Promise<void> {
  const cuts = new PowerCuts(roundMs, dice);
  const heard = new Map<number, string>();
  let slowestStartMs = 0;
  let height = 0;
  let stalls = 0;
  for (let cycle = 1; cycle <= cycles; cycle++) {
    const startMs = performance.now();
    const server = new Server(dataDir, roundMs);
    try {
      const { port, height: stored } = await server.ready;
      slowestStartMs = Math.max(slowestStartMs, performance.now() - startMs);
      expect(stored >= height, `the chain went back from block ${height} to ${stored}`);
      for (const index of heard.keys()) expect(index <= stored, `block ${index} was announced and is not stored`);
      const witnesses = await Promise.all([1, 2, 3].map(() => Witness.join(port)));
      if (cycle % 10 === 0) {
        await stall(server, witnesses);
        stalls += 1;
      }
      if (cycle % 5 === 0) {
        await witnesses[0]?.nextCandidate();
        await delay(roundMs * 0.9 + dice.roll(roundMs * 0.2));
      } else await delay(dice.roll(4 * roundMs));
      if (disk !== undefined && cycle % 2 === 0) await cuts.cut(server, disk, witnesses, heard);
      await server.kill();
      note(heard, witnesses);
      for (const witness of witnesses) witness.leave();
      height = stored;
    } finally {
      await server.kill();
    }
    if (disk !== undefined && cycle % 5 === 0) await cuts.cutFreshChain();
    if (cycle % 50 === 0)
      console.log(`${cycle} kills, block ${height}, ${heard.size} announcements heard: nothing is missing`);
  }
  await expectStored(dataDir, heard);
  const counts = `${cycles} kills, ${stalls} suspensions and ${cuts.count + cuts.countFresh} power cuts`;
  const kinds = `${cuts.countFresh} in the first moments of a chain, ${cuts.countSlashed} right after a slash`;
  console.log(
    `${counts}${disk === undefined ? '' : ` (${kinds})`} survived: ${heard.size} announcements heard, all of them stored; the chain of ${height + 1} blocks holds; slowest start ${Math.round(slowestStartMs)} ms`,
  );
}

/** Suspends the process for several rounds: afterwards exactly one late draw. */
async function stall(server: Server, witnesses: readonly Witness[]): Promise<void> {
  // All at once: a line that the server has not read yet would be a candidate for a second draw.
  await Promise.all(witnesses.map((witness) => witness.nextCandidate()));
  server.signal('SIGSTOP');
  await delay(4 * roundMs);
  // What was announced before has arrived meanwhile.
  const before = witnesses.map((witness) => witness.draws);
  for (const witness of witnesses) witness.isQuiet = true;
  server.signal('SIGCONT');
  await delay(2 * roundMs);
  for (const [place, witness] of witnesses.entries()) {
    const late = witness.draws - (before[place] ?? 0);
    expect(late === 1, `${late} draws after the process was suspended for four rounds`);
    witness.isQuiet = false;
    witness.propose();
  }
}

await main();
