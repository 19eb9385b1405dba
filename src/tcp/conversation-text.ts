import { escapeForDisplay } from '../base/escape-for-display.ts';
import { pluralize } from '../base/formatting.ts';
import type { ChainKind, Outlook } from '../consensus/engine.ts';
import { difficultyBits } from '../consensus/work/difficulty.ts';
import { limits as workLimits } from '../consensus/work/limits.ts';
import type { SealedBlock } from '../core/block.ts';
import { limits as coreLimits } from '../core/limits.ts';
import { limits as nodeLimits } from '../node/limits.ts';
import type {
  DrawResult,
  InvalidBalance,
  NameResult,
  NonceResult,
  SlashResult,
  StrikeResult,
} from '../node/participant.ts';
import type { InvalidPayload } from '../node/ports.ts';
import type { ForeignProtocol } from './foreign-protocol.ts';
import { limits } from './limits.ts';

/**
 * The words that a person at nc reads. The strings of SPEC 1 stand here exactly; the others say what came, what is accepted, and give an
 * example. `line` is always what a person typed, and is shown escaped.
 */

/** The prompt of a person without a stake (SPEC 1). */
export const balancePrompt = 'Enter token balance:';
/** The prompt of a validator (SPEC 1). */
export const bpmPrompt = '\nEnter a new BPM:';

/** People who type a word at the BPM prompt often want to leave. */
const howToLeave = 'To leave at no cost, type quit.';

/** To a new validator (SPEC 1). */
export function welcome(address: string, stake: bigint): string {
  return `You are validator ${address} with ${stake} tokens.\n`;
}

const nameCommand =
  'name NAME is how pages show you; chain tail sends you the newest blocks alone. These, an empty line, help and ? cost nothing.';

/** The answer to `help`: at most six lines (SPEC 1), the last of which says how to leave. */
export function rules(rules: {
  readonly stakeMax: bigint;
  readonly slashAfter: number;
  readonly rejoinGraceMs: number;
}): string {
  const { stakeMax, slashAfter, rejoinGraceMs } = rules;
  const orCode = rejoinGraceMs === 0 ? '' : ' Or: rejoin CODE.';
  const cost =
    slashAfter === 1 ? 'costs you your stake' : `is a tainted block; number ${slashAfter} of yours costs your stake`;
  return [
    'Each token you stake is a ticket. Each round draws one, and its holder wins.',
    `Token balance: a whole number from 1 to ${stakeMax}, for example 100.${orCode}`,
    `BPM: a whole number from 0 to ${coreLimits.bpmMax}, for example 72; one a round.`,
    `Anything else as a BPM ${cost}.`,
    nameCommand,
    'To leave, type quit or exit: a candidate of yours stays in its draw.',
    '',
  ].join('\n');
}

/** What the rules of a chain say where nothing is at stake. */
interface FreeRulesShown {
  readonly slashAfter: number;
  /** In a chain with a ledger. */
  readonly hasWallet: boolean;
}

const walletCommands =
  'Your wallet: balance, wallet, words, login CODE, send ADDRESS AMOUNT [FEE]; name NAME; chain tail. These, an empty line, help and ? cost nothing.';

/** The answer to `help` in a chain of work: as many lines. */
export function rulesOfWork({ slashAfter, hasWallet }: FreeRulesShown): string {
  const cost =
    slashAfter === 1 ? 'ends your session' : `is a tainted block; number ${slashAfter} of yours ends your session`;
  return [
    'Each BPM becomes a block of its own: a number is searched for that makes the hash of the block small enough.',
    `BPM: a whole number from 0 to ${coreLimits.bpmMax}, for example 72. The oldest is searched for first.`,
    'nonce N tries one number by hand for the block that is searched for, for example nonce 7.',
    `Anything else ${cost}.`,
    hasWallet ? walletCommands : nameCommand,
    'To leave, type quit or exit: your BPMs still become blocks.',
    '',
  ].join('\n');
}

/** The answer to `help` on an instant chain. */
export function rulesOfInstant({ slashAfter, hasWallet }: FreeRulesShown): string {
  const which = slashAfter === 1 ? '' : `at number ${slashAfter} of yours `;
  return [
    'Each BPM that you enter becomes a block of the chain at once, in the order in which they come.',
    `BPM: a whole number from 0 to ${coreLimits.bpmMax}, for example 72; as many as you like.`,
    `Anything else as a BPM is a tainted block: ${which}the server closes your connection.`,
    hasWallet ? walletCommands : nameCommand,
    'To leave, type quit or exit: your blocks stay in the chain.',
    '',
  ].join('\n');
}

/** The answer to `chain tail` and `chain all`: what a person is sent from now on, `tail` undefined for the whole chain. */
export function chainPortion(tail: number | undefined): string {
  const newest = tail === 1 ? 'block' : `${tail} blocks`;
  return tail === undefined
    ? 'You are sent the whole chain each time. For the newest blocks alone, type chain tail.\n'
    : `You are sent the newest ${newest} each time. For the whole chain, type chain all.\n`;
}

/** The answer to another word behind `chain`. */
export function noChainPortion(words: string): string {
  const what = words === '' ? 'there is nothing behind chain' : `"${escapeForDisplay(words)}" is no part of the chain`;
  return error(`${what}. Enter chain all, or chain tail with a number of blocks, for example chain tail 20.`);
}

/** The answer to `name`. */
export function renamed(result: NameResult): string {
  switch (result.kind) {
    case 'named':
      return `Pages show you as ${escapeForDisplay(result.name)}, besides ${result.address.slice(0, 8)}.\n`;
    case 'no validator':
      return error('only a validator has a name. Enter a token balance first, for example 100, and your name then.');
    case 'invalid': {
      const what = result.text === '' ? 'there is no name' : `"${escapeForDisplay(result.text)}" cannot be your name`;
      return error(`${what}. Enter up to ${result.max} letters, digits and signs of ASCII, for example name Ada.`);
    }
  }
}

/** The last words to a person who typed `quit`; `graceMs` is how long their session can be resumed, 0 for not at all. */
export function goodbye(hasCandidate: boolean, graceMs: number, kind: ChainKind = 'lottery'): string {
  const stays = kind === 'lottery' ? ' Your candidate stays in the draw.' : ' Your BPMs still become blocks.';
  const candidate = hasCandidate ? stays : '';
  const session = graceMs === 0 ? '' : ` Your rejoin code works for ${Math.ceil(graceMs / 1000)} seconds from now.`;
  return `Goodbye.${candidate}${session}\n`;
}

/** How to come back, on a line that is not broken where people copy it from; `graceMs` is how long the session can be resumed. */
export function rejoinOffer(code: string, graceMs: number): string {
  return `To come back within ${Math.ceil(graceMs / 1000)} seconds: rejoin ${escapeForDisplay(code)}\n`;
}

/** `isLast`: the connection is closed after this one. */
export function unknownCode(line: string, isLast: boolean): string {
  return error(
    `"${escapeForDisplay(line)}" is not the code of a seat that is kept here. Enter the code again, or a token balance.${lastTry(isLast)}`,
  );
}

/** `isLast`: the connection is closed after this one. */
export function tooManyCodes(isLast: boolean): string {
  return error(
    `too many wrong codes came from your network address. Try yours again in a minute, or enter a token balance.${lastTry(isLast)}`,
  );
}

/** To the connection that held a session before. */
export function sessionTakenOver(): string {
  return `\n${error('another connection has taken your seat over with your rejoin code, so the server closes this one.')}`;
}

/** The first BPM of a round (SPEC 1). */
export function candidateTaken(index: number, bpm: number): string {
  return `Candidate for block ${index}: BPM ${bpm}.\n`;
}

/** When the draw of a new candidate is, and how many tickets the candidate holds in it (SPEC 1). */
export function outlook({ remainingMs, tickets, totalTickets }: Outlook): string {
  const when = remainingMs === undefined ? 'Draws are paused' : `The draw is in ${Math.ceil(remainingMs / 1000)} s`;
  return `${when}; you hold ${tickets} of ${totalTickets} tickets so far.\n`;
}

/** The search for the block of a BPM begins (SPEC 1). */
export function searching(index: number, difficulty: bigint): string {
  return `Searching for block ${index}: difficulty ${difficulty}.\n`;
}

/** A BPM has become a block (SPEC 1). */
export function blockIsYours(index: number, hash: string): string {
  return `Block ${index} is yours: ${hash}.\n`;
}

/** The last blocks fell out of a chain of work, because a heavier branch takes their place. `own` are those of the one who reads this. */
export function blocksFellOut(removed: readonly number[], own: readonly number[], added: number): string {
  const [first, last] = [removed[0], removed.at(-1)];
  const which = first === last ? `block ${first}` : `the blocks ${first} to ${last}`;
  // Where nothing takes their place, the operator of a sandbox has set the chain back.
  if (added === 0) return `\nThis sandbox was set back: ${which} never ${first === last ? 'was' : 'were'}.\n`;
  const branch = `\nA heavier branch of ${pluralize(added, 'block')} takes the place of ${which}.\n`;
  const mine = own.map((index) => `Block ${index} is yours no longer: its BPM waits for another block.\n`);
  return branch + mine.join('');
}

/** A BPM for which others are searched for before; none where the search is paused. */
export function waitsForItsTurn(ahead: number): string {
  if (ahead === 0) return 'The search is paused; it goes on when the operator resumes it.\n';
  return `It waits for its turn, behind ${pluralize(ahead, 'candidate')}.\n`;
}

/** A BPM for which there is no room in a chain of work; it costs nothing. */
export function backlogIsFull(bpm: number): string {
  return error(
    `too many candidates wait for their blocks, so BPM ${bpm} is not among them. A validator may have ${workLimits.backlogPerValidatorMax} that wait: enter it again when a block is found.`,
  );
}

/** What became of a nonce that was tried by hand. */
export function triedNonce(result: NonceResult): string {
  switch (result.kind) {
    case 'invalid': {
      const what =
        result.text === ''
          ? 'nonce needs a number'
          : `"${escapeForDisplay(result.text)}" is not a nonce that can be tried`;
      return error(`${what}: a whole number from 0 to ${result.max}, digits only, for example nonce 7.`);
    }
    case 'no search':
      return error(
        'no block is searched for now, so there is nothing to try a nonce on. Enter a BPM first, for example 72.',
      );
    case 'tried': {
      const { index, difficulty, hash, zeroBits, holds } = result;
      const needed = `difficulty ${difficulty} takes about ${difficultyBits(difficulty).toFixed(1)}`;
      const verdict = holds ? `Block ${index} holds with it.` : `Block ${index} does not hold with it.`;
      return `${hash}\n${zeroBits} leading zero bits; ${needed}. ${verdict}\n`;
    }
  }
}

/** A second BPM in the same round (SPEC 1). */
export function alreadyInTheDraw(index: number): string {
  return `Already in the draw for block ${index}: one candidate a round.\n`;
}

/** A BPM for which this round has no room; it costs nothing. */
export function roundIsFull(bpm: number): string {
  return error(
    `this round has all the candidates it can take, so BPM ${bpm} is not in it. Enter it again in the next round.`,
  );
}

/** The disk refused the block. */
export function blockUnstored(bpm: number): string {
  return error(`the disk of the server refused a block, so it is not known whether BPM ${bpm} is in the chain.`);
}

/** The door has not heard of the others for longer than a round; it costs nothing. */
export function doorWasCutOff(bpm: number): string {
  return error(
    `this door was cut off from the others for longer than a round, so BPM ${bpm} is not in the draw. Enter it again.`,
  );
}

/** The door stops before the log of all doors has said whether the candidate is in the draw. */
export function undecided(bpm: number): string {
  return error(
    `this door stops now, and it is not known whether BPM ${bpm} is in the draw. Come back through any door.`,
  );
}

/** More BPMs wait for the disk than there is room for; it costs nothing. */
export function chainIsBusy(bpm: number): string {
  return error(`too many blocks wait for the disk of the server, so BPM ${bpm} is not in the chain. Enter it again.`);
}

/** A BPM while the chain is paused; it costs nothing. */
export function chainIsPaused(bpm: number): string {
  return error(`the operator has paused the chain, so BPM ${bpm} is not in it. Enter it again when that is over.`);
}

/** To everybody when blocks were made of other people's BPMs: a line for each, or one for all where they are many. Own ones are answered. */
export function blocksAdded(blocks: readonly SealedBlock[], own: string | undefined): string {
  const [first] = blocks;
  const last = blocks.at(-1);
  if (blocks.length > limits.announcedBlocksMax && first !== undefined && last !== undefined) {
    return `\nBlocks ${first.Index} to ${last.Index} were added.\n`;
  }
  const lines = blocks
    .filter(({ Validator }) => Validator !== own)
    .map(({ Index, Validator, BPM }) => `Block ${Index} by ${Validator}: BPM ${BPM}.\n`);
  return lines.length === 0 ? '' : `\n${lines.join('')}`;
}

/** `isLast`: the connection is closed after this one. */
export function notABalance({ text, problem, max }: InvalidBalance, isLast: boolean): string {
  const reason = problem === 'not a number' ? 'is not a token balance' : `is ${problem}`;
  return error(
    `"${escapeForDisplay(text)}" ${reason}. Enter a whole number from 1 to ${max}, digits only, for example 100.${lastTry(isLast)}`,
  );
}

/** Why a line of a validator is a tainted block. It ends without LF, because a sentence about the consequence follows. */
export function notABpm({ text, problem, max }: InvalidPayload): string {
  const reason = problem === 'not a number' ? 'is not a BPM' : 'is too large for a BPM';
  return `"${escapeForDisplay(text)}" ${reason}. A BPM is a whole number from 0 to ${max}, digits only, for example 72.`;
}

/** After a tainted block that does not cost the stake yet. */
export function tainted({ invalid, stake, strikesLeft }: StrikeResult): string {
  const [next, later] =
    stake === 0n
      ? ['closes this connection', 'the server closes this connection']
      : ['costs you your stake', 'you lose your stake'];
  const warning = strikesLeft === 1 ? `The next tainted block ${next}.` : `After ${strikesLeft} more ${later}.`;
  return error(`${notABpm(invalid)} ${howToLeave} ${warning}`);
}

/** Instead of `tainted` when the disk refused to store the strike. */
export function taintedUnstored({ invalid }: StrikeResult): string {
  return error(
    `${notABpm(invalid)} This tainted block counts until the server stops; its disk refused to keep that for longer.`,
  );
}

/** Instead of `slashed` when the disk refused to store it: the last words, too. */
export function slashedUnstored({ invalid }: SlashResult): string {
  return error(
    `${notABpm(invalid)} You lose your stake and your place in this round, but the disk of the server refused to keep that: it is not known whether your rejoin code works after a restart. The server closes this connection.`,
  );
}

/** After the tainted block that costs the stake (SPEC 1), or what waits where nothing is at stake. */
export function slashed({ invalid, stake }: SlashResult, kind: ChainKind = 'lottery'): string {
  if (kind !== 'lottery') {
    const waiting = kind === 'work' ? 'BPMs of yours that wait become no blocks, and the' : 'The';
    return `Slashed: ${notABpm(invalid)} ${howToLeave} ${waiting} server closes this connection.\n`;
  }
  const lost = `${stake} ${stake === 1n ? 'token' : 'tokens'}`;
  return `Slashed: ${notABpm(invalid)} ${howToLeave} You lose your stake of ${lost} and your place in this round, and the server closes this connection.\n`;
}

/** Arrow keys and the like, which nc sends as they are; they cost nothing (SPEC 1). */
export function editingKeys(line: string): string {
  return error(
    `"${escapeForDisplay(line)}" has an arrow or another such key in it: editing keys do not work in nc, only Backspace does. Nothing is lost: type the line again.`,
  );
}

/** The last words to a line without end. */
export function tooLong(): string {
  return error(
    `that line is longer than ${limits.lineBytesMax} bytes, so the server closes this connection. A line is one number, for example 72.`,
  );
}

/** The last words to a person who reads too slowly. */
export function readsTooSlowly(): string {
  return `\n${error(
    'too many bytes wait for you to read them, so the server closes this connection. Connect again to go on.',
  )}`;
}

/** The only words to a connection that is refused because all places are taken. */
export function serverIsFull(connectionsMax: number): string {
  return error(`the server has all the ${connectionsMax} connections it can take. Try again in a minute.`);
}

/** The only words to a connection that is refused because its network address has all its places. */
export function addressIsFull(connectionsMax: number): string {
  return error(
    `your network address has all the ${connectionsMax} connections that one address may have. Try again in a minute.`,
  );
}

/** The last words to an evicted connection, which had no balance. */
export function evicted(): string {
  return `\n${error('the server is full, and whoever has not entered a balance makes room for others. Connect again, and enter one.')}`;
}

/** To a program that speaks a foreign protocol: where people take part, and for a browser the address of the page, where there is one. */
export function forForeignProtocol(
  protocol: ForeignProtocol,
  host: string,
  port: number,
  page: string | undefined,
  kind: ChainKind = 'lottery',
): string {
  const command = `nc ${host} ${port}`;
  const [what, how] = kind === 'lottery' ? ['lottery', 'is played'] : ['chain of blocks', 'grows'];
  if (protocol !== 'http') {
    return error(
      `this is a ${what} in plain text, without ${protocol.toUpperCase()}. Type into a terminal: ${command}`,
    );
  }
  const link = page === undefined ? '' : `<p>Or take part in your browser: <a href="${page}play">${page}play</a></p>\n`;
  const document = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>sortition</title>
<p>This is a ${what} that ${how} in a terminal. Open one and type:</p>
<pre>
    ${command}
</pre>
${link}</html>
`;
  const head = [
    'HTTP/1.1 200 OK',
    'Content-Type: text/html; charset=utf-8',
    `Content-Length: ${document.length}`,
    "Content-Security-Policy: default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    'X-Content-Type-Options: nosniff',
    'Referrer-Policy: no-referrer',
    'Cache-Control: no-store',
    'Connection: close',
  ];
  return `${head.join('\r\n')}\r\n\r\n${document}`;
}

/** The last words when serving this person failed. */
export function faultOfOurs(): string {
  return `\n${error('something went wrong in the server, and it closes this connection. It was not your doing: connect again.')}`;
}

/**
 * To everybody when the server is stopped; `candidates` wait for blocks that this run will not make, and sessions can be
 * resumed for `graceMs` once it is started again. `sealed` is the block whose sealed pool waits for beacons.
 */
export function serverStops(
  candidates: number,
  graceMs: number,
  kind: ChainKind = 'lottery',
  sealed: number | undefined = undefined,
): string {
  const what = kind === 'lottery' ? 'Candidates of the round that was open' : 'BPMs that are no blocks yet';
  const lost = candidates === 0 ? '' : ` ${what} are not kept: enter them again then.`;
  const kept = graceMs === 0 ? '' : ` Rejoin codes work for ${Math.ceil(graceMs / 1000)} seconds from then on.`;
  const stays = sealed === undefined ? '' : ` The pool of block ${sealed} is sealed and kept: it is drawn then.`;
  return `\nThe server stops now. The chain is stored and goes on when the server is started again.${stays}${lost}${kept}\n`;
}

/** The last words to a validator whom the operator sends away; `hasCode`: it was given a rejoin code. */
export function kicked(hasCode: boolean, kind: ChainKind = 'lottery'): string {
  const code = hasCode ? ' Your rejoin code does not work any more.' : '';
  const candidate = stayingWords[kind];
  return `\nThe operator of the server closes this connection.${candidate}${code}\n`;
}

const stayingWords: Readonly<Record<ChainKind, string>> = {
  lottery: ' A candidate of yours stays in the draw.',
  work: ' BPMs of yours that wait still become blocks.',
  // Nothing waits longer than the disk needs.
  instant: '',
};

/** To everybody: what the operator says, as bytes in a latin1 string of at most `limits.saidBytesMax`. */
export function operatorSays(line: string): string {
  // An escaped byte takes four characters.
  return `\nThe operator says: ${escapeForDisplay(line, 4 * limits.saidBytesMax)}\n`;
}

/** To everybody when a draw cannot be stored for want of room. */
export function diskIsFull(): string {
  return '\nThe draw of this round waits: the disk of the server is full. No candidate is lost; the winner comes as soon as there is room.\n';
}

/** To everybody when a draw is late by more than a second (SPEC 1). */
export function drawIsLate(index: number): string {
  return `\nThe draw of block ${index} is late. No candidate is lost; the winner comes as soon as it is drawn.\n`;
}

/** To everybody when the operator pauses the draws (SPEC 1). */
export function drawsArePaused(): string {
  return '\nDraws are paused: no round ends until the operator resumes them. No candidate is lost.\n';
}

/** To everybody when the operator pauses a chain without rounds. */
export function blocksArePaused(): string {
  return '\nThe chain is paused: no BPM is taken until the operator resumes it.\n';
}

/** To everybody when the operator resumes it. */
export function blocksAreResumed(): string {
  return '\nThe chain is resumed: BPMs are taken again.\n';
}

/** To everybody when blocks of a chain without rounds cannot be stored for now. */
export function blocksWait(): string {
  return '\nBlocks wait: the disk of the server is full. No BPM that was entered is lost; it becomes a block as soon as there is room.\n';
}

/** To everybody when the operator resumes them (SPEC 1). */
export function drawsAreResumed(remainingMs: number): string {
  return `\nDraws are resumed: this round ends in ${Math.ceil(remainingMs / 1000)} s.\n`;
}

/** To everybody when the operator pauses the search of a chain of work. */
export function searchIsPaused(): string {
  return '\nThe search is paused: no block is found until the operator resumes it. No candidate is lost.\n';
}

/** To everybody when the operator resumes it. */
export function searchIsResumed(): string {
  return '\nThe search goes on.\n';
}

/** To everybody when the server ends because the disk fails: a write that failed may be on the disk all the same. */
export function diskRefused(hasRounds: boolean = true): string {
  return `\nThe server stops now: its disk refused to store a block. ${unknownWords(hasRounds)} What was announced before is safe.\n`;
}

/** To everybody when the server ends because its chain was removed, moved or replaced on the disk. */
export function chainIsGone(hasRounds: boolean = true): string {
  return `\nThe server stops now: its chain is not where it was on the disk. ${unknownWords(hasRounds)}\n`;
}

/** In a lottery one draw may be lost, elsewhere the blocks that were being stored. */
function unknownWords(hasRounds: boolean): string {
  const what = hasRounds ? 'this draw was' : 'the last blocks were';
  return `It is not known whether ${what} kept; the chain will show it.`;
}

/** What everybody hears first of a draw. */
export function winnerText(winner: string): string {
  return `\nwinning validator: ${winner}\n`;
}

/** What a draw was to one person (SPEC 1). */
export function announcement(draw: DrawResult): string {
  let text = winnerText(draw.winner);
  if (draw.tickets !== undefined) {
    const { first, last } = draw.tickets;
    text += `Ticket ${draw.ticket} of ${draw.totalStake} was drawn; yours were ${first} to ${last}.\n`;
  }
  if (draw.isWinner) text += `You won block ${draw.index}.\n`;
  return text;
}

function error(words: string): string {
  return `Error: ${words}\n`;
}

/** What follows a wrong balance or code; `isLast`: the connection is closed after this one. */
export function lastTry(isLast: boolean): string {
  return isLast
    ? ` This was try ${nodeLimits.balanceAttemptsMax}, so the server closes this connection: connect again.`
    : '';
}
