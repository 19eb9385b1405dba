import type { DrawnBlock } from '../../src/core/block.ts';
import type { Candidate } from '../../src/core/pool.ts';
import { findFault } from '../../src/core/verify.ts';
import type { Crowd, Guest } from './crowd.ts';
import type { SimulatedStore } from './simulated-store.ts';
import type { World } from './world.ts';

/** All that the server may ever write, whole: nothing of it may stand in the middle of another line. */
const everyWord = new RegExp(
  `^(?:${[
    'Enter token balance:',
    '\\nEnter a new BPM:',
    'You are validator [0-9a-f]{64} with [1-9][0-9]* tokens\\.\\n',
    'Candidate for block [0-9]+: BPM [0-9]+\\.\\n',
    'Already in the draw for block [0-9]+: one candidate a round\\.\\n',
    'Slashed: [ -~]+\\n',
    '\\n?Error: [ -~]+\\n',
    '\\nwinning validator: [0-9a-f]{64}\\n(?:Ticket [0-9]+ of [0-9]+ was drawn; yours were [0-9]+ to [0-9]+\\.\\n(?:You won block [0-9]+\\.\\n)?)?',
    '\\n\\[\\{[ -~]+\\}\\]\\n',
  ].join('|')})*$`,
);

/** One run of a server: what it did, what is stored, who was there. */
export interface Run {
  readonly world: World;
  readonly crowd: Crowd;
  readonly store: SimulatedStore;
  /** The height of the chain when the server was started. */
  readonly startHeight: number;
  /** The validators that were slashed, and the block that candidates were accepted for at that moment. */
  readonly slashed: ReadonlyMap<string, number>;
}

/** Compares what people saw with what is stored. Returns every broken promise in words. */
export async function findBrokenPromises(run: Run): Promise<readonly string[]> {
  const { world, crowd, store, startHeight } = run;
  const broken: string[] = world.faults.map((fault) => `the server failed: ${String(fault)}`);
  const chain = await store.chain();
  const drawn = world.drawn();

  const fault = findFault(chain);
  if (fault !== undefined) broken.push(`block ${fault.index} of the stored chain breaks ${fault.rule}: ${fault.why}`);
  for (const block of drawn) broken.push(...findPoolFaults(block, await store.pool(block.Index)));
  if (chain.length !== startHeight + 1 + drawn.length) broken.push('a stored block was not announced');
  for (const [number, guest] of crowd.guests.entries()) {
    broken.push(...findBrokenWords(guest, drawn, startHeight).map((words) => `guest ${number} ${words}`));
  }
  broken.push(...(await findMisplacedCandidates(run)));
  return broken;
}

function findPoolFaults(block: DrawnBlock, pool: readonly Candidate[]): readonly string[] {
  const addresses = pool.map(({ validator }) => validator);
  const total = pool.reduce((sum, { stake }) => sum + stake, 0n);
  const winner = pool.find(({ validator }) => validator === block.Validator);
  const faults: string[] = [];
  if (new Set(addresses).size !== addresses.length)
    faults.push(`a stake counts twice in the pool of block ${block.Index}`);
  if (String(total) !== block.Draw.TotalStake) faults.push(`the pool of block ${block.Index} has another total`);
  if (winner?.bpm !== block.BPM) faults.push(`the winner of block ${block.Index} is not in its pool`);
  return faults;
}

/** What one person saw, against the draws that were announced while they were connected. */
function findBrokenWords(guest: Guest, drawn: readonly DrawnBlock[], startHeight: number): readonly string[] {
  const { person, sinceDraw, untilDraw } = guest;
  const { seen } = person;
  const broken: string[] = [];
  // Whoever is cut off or breaks off may have half of a line; whoever stays, or is let go politely, may not.
  const isWholeText = !person.wasReset && !person.wire.isDestroyed;
  if (isWholeText && !everyWord.test(seen)) {
    broken.push(`saw something in the middle of a line: ${JSON.stringify(seen.slice(-300))}`);
  }
  if (/[^\n\r\t -~]/.test(seen)) broken.push('saw a byte that may change a terminal');

  const heard = [...seen.matchAll(/\nwinning validator: ([0-9a-f]{64})\n/g)].map(([, address]) => address);
  const announced = drawn.slice(sinceDraw, untilDraw).map(({ Validator }) => Validator);
  const hasAll = heard.length === announced.length || (!person.isConnected && heard.length <= announced.length);
  if (!hasAll || heard.some((address, place) => address !== announced[place])) {
    broken.push(`heard ${heard.length} winners and should have heard ${announced.length}, in order`);
  }

  const lastCandidate = Number([...seen.matchAll(/Candidate for block ([0-9]+):/g)].at(-1)?.[1] ?? 0);
  const lastHeard = startHeight + sinceDraw + heard.length;
  if (person.ending === 'left' && !person.wasReset && lastHeard < lastCandidate) {
    broken.push(`was let go after block ${lastHeard} with a candidate for block ${lastCandidate}`);
  }
  return broken;
}

/** Every accepted candidate is in the draw that its validator was told, unless it was slashed before that round was over. */
async function findMisplacedCandidates({ world, store, slashed }: Run): Promise<readonly string[]> {
  const waiting = new Set([...world.lottery.candidates()].map(({ validator }) => validator));
  const misplaced: string[] = [];
  let accepted = 0;
  let drawn = 0;
  for (const event of world.events) {
    if (event.kind === 'drawn') drawn += event.pool.candidates.length;
    if (event.kind !== 'proposed') continue;
    accepted += 1;
    const { candidate, index } = event;
    const { validator, bpm } = candidate;
    const isDrawn = (await store.pool(index)).some((other) => other.validator === validator && other.bpm === bpm);
    const isSlashedInTime = slashed.get(validator) === index;
    const isDue = index <= store.height;
    const isRight = isSlashedInTime ? !isDrawn : isDue ? isDrawn : waiting.has(validator);
    if (!isRight)
      misplaced.push(`the candidate of ${validator} for block ${index} is ${isDrawn ? '' : 'not '}in its draw`);
    if (isSlashedInTime || !isDue) accepted -= 1;
  }
  if (accepted !== drawn) misplaced.push(`${drawn} candidates were drawn where ${accepted} should have been`);
  return misplaced;
}
