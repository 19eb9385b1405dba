import { findFault } from '../../src/consensus/verifier.ts';
import type { DrawnBlock, SealedBlock } from '../../src/core/block.ts';
import { nativeVerifier } from '../../src/platform/ed25519.ts';
import { limits } from '../../src/tcp/limits.ts';
import type { Crowd, Guest } from './crowd.ts';
import type { Model } from './model.ts';
import type { SimulatedStore } from './simulated-store.ts';
import type { World } from './world.ts';

const verifySignature = nativeVerifier();

/** All that the server may ever write, whole: nothing of it may stand in the middle of another line. */
const everyWord = new RegExp(
  `^(?:${[
    'Enter token balance:',
    '\\nEnter a new BPM:',
    'You are validator [0-9a-f]{64} with (?:0|[1-9][0-9]*) tokens\\.\\n',
    'To come back within [0-9]+ seconds: rejoin [0-9a-z]+\\n',
    'Candidate for block [0-9]+: BPM [0-9]+\\.\\n(?:The draw is in [0-9]+ s|Draws are paused); you hold [0-9]+ of [0-9]+ tickets so far\\.\\n',
    'Block [0-9]+ is yours: [0-9a-f]{64}\\.\\n',
    '\\n(?:Block [0-9]+ by [0-9a-f]{64}: BPM [0-9]+\\.\\n)+',
    '\\nBlocks [0-9]+ to [0-9]+ were added\\.\\n',
    '\\nBlocks wait: [ -~]+\\n',
    'Each BPM that you enter [ -~]+\\n(?:[ -~]+\\n){3}To leave, type quit [ -~]+\\n',
    'Already in the draw for block [0-9]+: one candidate a round\\.\\n',
    'Slashed: [ -~]+\\n',
    'Goodbye\\.[ -~]*\\n',
    'Each token you stake [ -~]+\\n(?:[ -~]+\\n){4}To leave, type quit [ -~]+\\n',
    '\\n?Error: [ -~]+\\n',
    '\\nThe draw of this round waits: [ -~]+\\n',
    '\\nThe draw of block [0-9]+ is late\\. [ -~]+\\n',
    '\\nwinning validator: [0-9a-f]{64}\\n(?:Ticket [0-9]+ of [0-9]+ was drawn; yours were [0-9]+ to [0-9]+\\.\\n(?:You won block [0-9]+\\.\\n)?)?',
    '\\n\\[\\{[ -~]+\\}\\]\\n',
  ].join('|')})*$`,
);

/** Bytes of an announcement with its tickets and prompt, at most, where stakes have 40 digits and totals a few more. */
const announcementBytesMax = 400;

/**
 * What may wait for a person who does not read: answers until the server reads no more of them, a slice of a chain, and what everybody is
 * told, up to the bound at which they are cut.
 */
function waitingBytesMax(draws: number): number {
  const answers = 2 * limits.repliesWaitingBytesMax + 2000;
  return Math.min(answers + 2 * draws * announcementBytesMax, limits.pendingBytesMax + answers);
}

/** The life of one server process: what it did, what is stored, who was there. */
export interface Life {
  readonly world: World;
  readonly crowd: Crowd;
  readonly store: SimulatedStore;
  readonly model: Model;
  /** The height of the chain when the server was started. */
  readonly startHeight: number;
  /** The validators that were slashed, and the block that candidates were accepted for at that moment. */
  readonly slashed: ReadonlyMap<string, number>;
}

/** What must hold at every moment; returns every broken promise in words. */
export function findBrokenNow({ world, crowd, startHeight, store }: Life): readonly string[] {
  const broken: string[] = [];
  const drawn = world.drawn();
  if (store.hasRedrawn) broken.push('a draw that was not stored yet was made again');
  if (startHeight + world.committed().length > store.height) broken.push('a block was announced that is not stored');
  for (const [number, { person, sinceDraw }] of crowd.guests.entries()) {
    const unchecked = person.unchecked();
    if (/[^\n\r\t -~]/.test(unchecked)) broken.push(`guest ${number} saw a byte that may change a terminal`);
    if (person.socket.writableLength > waitingBytesMax(world.committed().length)) {
      broken.push(`${person.socket.writableLength} bytes wait for guest ${number}`);
    }
    const heard = winnersIn(person.seen.slice(person.seen.length - unchecked.length - 100));
    const announced = new Set(drawn.slice(sinceDraw).map(({ Validator }) => Validator));
    if (heard.some((address) => !announced.has(address))) broken.push(`guest ${number} heard of a draw that was not`);
  }
  return broken;
}

/** What must hold when a server was stopped (`isClean`), or when it crashed or gave up. */
export async function findBrokenPromises(life: Life, isClean: boolean): Promise<readonly string[]> {
  const { world, crowd, store, startHeight } = life;
  const broken: string[] = [];
  const chain = await store.chain();
  const drawn = world.drawn();

  const fault = findFault(chain, verifySignature);
  if (fault !== undefined) broken.push(`block ${fault.index} of the stored chain breaks ${fault.rule}: ${fault.why}`);
  const unannounced = chain.length - (startHeight + 1 + world.committed().length);
  // One draw, or one group of instant blocks.
  const unannouncedMax = isClean ? 0 : isInstant(world) ? Number.POSITIVE_INFINITY : 1;
  if (unannounced < 0 || unannounced > unannouncedMax) broken.push(`${unannounced} stored blocks were not announced`);
  for (const [number, guest] of crowd.guests.entries()) {
    broken.push(...findBrokenWords(guest, drawn, life, isClean).map((words) => `guest ${number} ${words}`));
  }
  broken.push(...findBrokenChains(crowd, await store.texts()));
  if (isInstant(world)) broken.push(...findBrokenAnswers(life, isClean));
  else broken.push(...(await findMisplacedCandidates(life, isClean)));
  return broken;
}

function isInstant(world: World): boolean {
  return world.service.status().kind === 'instant';
}

/** Every BPM that was answered is the block that its answer says, in the order in which it was typed; whoever could read has their answers. */
function findBrokenAnswers({ world, crowd, startHeight }: Life, isClean: boolean): readonly string[] {
  const blocks = world.committed();
  const broken: string[] = [];
  for (const [number, { person, isPiped }] of crowd.guests.entries()) {
    const { seen, socket } = person;
    const [, me = ''] = /You are validator ([0-9a-f]{64})/.exec(seen) ?? [];
    const answers = [...seen.matchAll(/Block ([0-9]+) is yours: ([0-9a-f]{64})\.\n/g)].map(([, index, hash = '']) => {
      return { index: Number(index), hash };
    });
    const isTrue = ({ index, hash }: { readonly index: number; readonly hash: string }): boolean => {
      const block: SealedBlock | undefined = blocks[index - startHeight - 1];
      return block?.Hash === hash && block.Validator === me;
    };
    if (!answers.every(isTrue)) broken.push(`guest ${number} was told of a block that is not theirs`);
    if (answers.some(({ index }, place) => index <= (answers[place - 1]?.index ?? 0))) {
      broken.push(`guest ${number} was answered in another order`);
    }
    const hasReadAll = isClean && !person.wasReset && !socket.isDestroyed && socket.writableLength === 0;
    const own = blocks.filter(({ Validator }) => Validator === me && me !== '').length;
    if (isPiped && hasReadAll && answers.length !== own) broken.push(`guest ${number} was not answered to every line`);
  }
  return broken;
}

function winnersIn(text: string): readonly string[] {
  return [...text.matchAll(/\nwinning validator: ([0-9a-f]{64})\n/g)].map(([, address = '']) => address);
}

/** Every chain that anybody was sent is the beginning of the one that is stored, byte for byte. */
function findBrokenChains(crowd: Crowd, texts: readonly string[]): readonly string[] {
  const broken: string[] = [];
  for (const [number, { person }] of crowd.guests.entries()) {
    for (const [, chain = ''] of person.seen.matchAll(/\n(\[\{[ -~]+\}\])\n/g)) {
      const blocks = chain.split('"Index":').length - 1;
      if (chain !== `[${texts.slice(0, blocks).join(',')}]`) broken.push(`guest ${number} was sent another chain`);
    }
  }
  return broken;
}

/** What one person saw, against the draws that were announced while they were connected. */
function findBrokenWords(
  guest: Guest,
  drawn: readonly DrawnBlock[],
  { world, startHeight, slashed }: Life,
  isClean: boolean,
): readonly string[] {
  const drawsWinners = !isInstant(world);
  const { person, sinceDraw, untilDraw } = guest;
  const { seen } = person;
  const broken: string[] = [];
  // Whoever is cut off or breaks off may have half of a line; whoever stays, or is let go politely, may not.
  const isWholeText = isClean && !person.wasReset && !person.socket.isDestroyed && person.socket.writableLength === 0;
  if (isWholeText && person.closeReason !== 'slow-reader' && !everyWord.test(seen)) {
    broken.push(`saw something in the middle of a line: ${JSON.stringify(seen.slice(-300))}`);
  }

  const heard = winnersIn(seen);
  const announced = drawn.slice(sinceDraw, untilDraw).map(({ Validator }) => Validator);
  const mayMiss = !isClean || !person.isConnected || person.socket.writableLength > 0 || person.socket.isDestroyed;
  const hasAll = heard.length === announced.length || (mayMiss && heard.length <= announced.length);
  if (!hasAll || heard.some((address, place) => address !== announced[place])) {
    broken.push(`heard ${heard.length} winners and should have heard ${announced.length}, in order`);
  }

  const lastCandidate = Number([...seen.matchAll(/Candidate for block ([0-9]+):/g)].at(-1)?.[1] ?? 0);
  const lastHeard = startHeight + sinceDraw + heard.length;
  const hasReadAll = !person.socket.isDestroyed && person.socket.writableLength === 0;
  if (drawsWinners && guest.isPiped && isClean && hasReadAll && lastCandidate === 0)
    broken.push('was not answered to their last line');
  // Another connection that resumed a piped session may have made it lose its candidate.
  const isSlashed = [...seen.matchAll(/You are validator ([0-9a-f]{64})/g)].some(([, me = '']) => slashed.has(me));
  if (isSlashed) return broken;
  if (person.closeReason === 'left' && !person.wasReset && hasReadAll && lastHeard < lastCandidate) {
    broken.push(`was let go after block ${lastHeard} with a candidate for block ${lastCandidate}`);
  }
  return broken;
}

/** Every accepted candidate is in the draw that its validator was told, unless it was slashed before that round was over. */
async function findMisplacedCandidates({ world, store, slashed }: Life, isClean: boolean): Promise<readonly string[]> {
  const waiting = new Set([...world.service.candidates()].map(({ validator }) => validator));
  const misplaced: string[] = [];
  for (const event of world.events) {
    if (event.kind !== 'proposed') continue;
    const { candidate, index } = event;
    const { validator, payload } = candidate;
    const isDrawn = ((await store.pool(index)) ?? []).some(
      (other) => other.validator === validator && other.payload === payload,
    );
    const isSlashedInTime = slashed.get(validator) === index;
    const isDue = index <= store.height;
    // What was open when a process died is lost with it, and nobody was told otherwise.
    if (!isDue && !isClean) continue;
    const isRight = isSlashedInTime ? !isDrawn : isDue ? isDrawn : waiting.has(validator);
    if (!isRight)
      misplaced.push(`the candidate of ${validator} for block ${index} is ${isDrawn ? '' : 'not '}in its draw`);
  }
  return misplaced;
}
