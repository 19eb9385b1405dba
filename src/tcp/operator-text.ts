import { escapeForDisplay } from '../base/escape-for-display.ts';
import type { ChainKind } from '../consensus/engine.ts';
import { limits } from './limits.ts';

/** What everybody at nc reads of the server itself: what its operator does, and what its disk refuses. */

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
