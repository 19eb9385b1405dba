import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { findFault } from '../../src/core/verify.ts';
import { LevelStore } from '../../src/store/level-store.ts';
import { Dice } from '../sim/dice.ts';
import { Server } from './server.ts';
import { Witness } from './witness.ts';

const roundMs = 200;
const startMsMax = 2000;

/**
 * `npm run torture -- --cycles 300 [--seed 1]`: starts the real server, lets people play, kills it at a random moment (every fifth time near the
 * end of a round, when a block is being stored), starts it again, and compares what witnesses heard with what is stored. Ends with 1 when anything is missing.
 */
async function main(): Promise<void> {
  const { values } = parseArgs({ options: { cycles: { type: 'string' }, seed: { type: 'string' } } });
  const cycles = Number(values.cycles ?? 300);
  const dice = new Dice(Number(values.seed ?? Date.now() % 1_000_000));
  const directory = mkdtempSync(join(tmpdir(), 'sortition-torture-'));
  const heard = new Map<number, string>();
  let slowestStartMs = 0;
  let height = 0;
  let stalls = 0;
  try {
    for (let cycle = 1; cycle <= cycles; cycle++) {
      const startMs = performance.now();
      const server = await Server.start(join(directory, 'data'), roundMs);
      slowestStartMs = Math.max(slowestStartMs, performance.now() - startMs);
      const stored = server.height;
      expect(stored >= height, `the chain went back from block ${height} to ${stored}`);
      for (const index of heard.keys()) expect(index <= stored, `block ${index} was announced and is not stored`);
      const witnesses = await Promise.all([1, 2, 3].map(() => Witness.join(server.port)));
      if (cycle % 10 === 0) {
        await stall(server, witnesses);
        stalls += 1;
      }
      if (cycle % 5 === 0) {
        await witnesses[0]?.nextCandidate();
        await delay(roundMs * 0.9 + dice.roll(roundMs * 0.2));
      } else await delay(dice.roll(4 * roundMs));
      await server.kill();
      for (const witness of witnesses) {
        for (const [index, winner] of witness.heard(stored)) {
          expect((heard.get(index) ?? winner) === winner, `block ${index} was announced with two winners`);
          heard.set(index, winner);
        }
        witness.leave();
      }
      height = stored;
      if (cycle % 50 === 0)
        console.log(`${cycle} kills, block ${stored}, ${heard.size} announcements heard: nothing is missing`);
    }
    await checkStore(join(directory, 'data'), heard);
    expect(slowestStartMs < startMsMax, `a start took ${Math.round(slowestStartMs)} ms`);
    console.log(
      `${cycles} kills and ${stalls} suspensions survived: ${heard.size} announcements heard, all of them stored; the chain of ${height + 1} blocks holds; slowest start ${Math.round(slowestStartMs)} ms`,
    );
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
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

async function checkStore(dataDir: string, heard: ReadonlyMap<number, string>): Promise<void> {
  const store = await LevelStore.open(dataDir);
  const chain: unknown[] = [];
  for await (const batch of store.blocks()) for (const text of batch) chain.push(JSON.parse(text));
  await store.close();
  const fault = findFault(chain);
  expect(fault === undefined, `block ${fault?.index} breaks ${fault?.rule}`);
  for (const [index, winner] of heard) {
    const block = chain[index];
    const isThere = typeof block === 'object' && block !== null && 'Validator' in block && block.Validator === winner;
    expect(isThere, `block ${index} is not the one that was announced`);
  }
}

function expect(holds: boolean, words: string): void {
  if (!holds) throw new Error(words);
}

await main();
