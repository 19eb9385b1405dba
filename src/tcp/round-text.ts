import { escapeForDisplay } from '../base/escape-for-display.ts';
import { pluralize } from '../base/formatting.ts';
import type { Outlook } from '../consensus/engine.ts';
import { difficultyBits } from '../consensus/work/difficulty.ts';
import { limits as workLimits } from '../consensus/work/limits.ts';
import type { SealedBlock } from '../core/block.ts';
import type { DrawResult, NonceResult } from '../node/participant.ts';
import { errorLine } from './error-line.ts';
import { limits } from './limits.ts';

/** What a person at nc reads of BPMs, of the blocks that are made of them, and of draws. */

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
  return errorLine(
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
      return errorLine(`${what}: a whole number from 0 to ${result.max}, digits only, for example nonce 7.`);
    }
    case 'no search':
      return errorLine(
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
  return errorLine(
    `this round has all the candidates it can take, so BPM ${bpm} is not in it. Enter it again in the next round.`,
  );
}

/** The disk refused the block. */
export function blockUnstored(bpm: number): string {
  return errorLine(`the disk of the server refused a block, so it is not known whether BPM ${bpm} is in the chain.`);
}

/** The door has not heard of the others for longer than a round; it costs nothing. */
export function doorWasCutOff(bpm: number): string {
  return errorLine(
    `this door was cut off from the others for longer than a round, so BPM ${bpm} is not in the draw. Enter it again.`,
  );
}

/** The door stops before the log of all doors has said whether the candidate is in the draw. */
export function undecided(bpm: number): string {
  return errorLine(
    `this door stops now, and it is not known whether BPM ${bpm} is in the draw. Come back through any door.`,
  );
}

/** More BPMs wait for the disk than there is room for; it costs nothing. */
export function chainIsBusy(bpm: number): string {
  return errorLine(
    `too many blocks wait for the disk of the server, so BPM ${bpm} is not in the chain. Enter it again.`,
  );
}

/** A BPM while the chain is paused; it costs nothing. */
export function chainIsPaused(bpm: number): string {
  return errorLine(`the operator has paused the chain, so BPM ${bpm} is not in it. Enter it again when that is over.`);
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
