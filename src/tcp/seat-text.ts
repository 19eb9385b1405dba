import { escapeForDisplay } from '../base/escape-for-display.ts';
import type { ChainKind } from '../consensus/engine.ts';
import { limits as nodeLimits } from '../node/limits.ts';
import type { InvalidBalance, NameResult } from '../node/participant.ts';
import { errorLine } from './error-line.ts';

/**
 * What a person at nc reads of their seat: the prompts of SPEC 1, the welcome, their name, their rejoin code and the way out.
 * `line` is always what a person typed, and is shown escaped.
 */

/** The prompt of a person without a stake (SPEC 1). */
export const balancePrompt = 'Enter token balance:';

/** The prompt of a validator (SPEC 1). */
export const bpmPrompt = '\nEnter a new BPM:';

/** To a new validator (SPEC 1). */
export function welcome(address: string, stake: bigint): string {
  return `You are validator ${address} with ${stake} tokens.\n`;
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
  return errorLine(`${what}. Enter chain all, or chain tail with a number of blocks, for example chain tail 20.`);
}

/** The answer to `name`. */
export function renamed(result: NameResult): string {
  switch (result.kind) {
    case 'named':
      return `Pages show you as ${escapeForDisplay(result.name)}, besides ${result.address.slice(0, 8)}.\n`;
    case 'no validator':
      return errorLine(
        'only a validator has a name. Enter a token balance first, for example 100, and your name then.',
      );
    case 'invalid': {
      const what = result.text === '' ? 'there is no name' : `"${escapeForDisplay(result.text)}" cannot be your name`;
      return errorLine(`${what}. Enter up to ${result.max} letters, digits and signs of ASCII, for example name Ada.`);
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
  return errorLine(
    `"${escapeForDisplay(line)}" is not the code of a seat that is kept here. Enter the code again, or a token balance.${lastTry(isLast)}`,
  );
}

/** `isLast`: the connection is closed after this one. */
export function tooManyCodes(isLast: boolean): string {
  return errorLine(
    `too many wrong codes came from your network address. Try yours again in a minute, or enter a token balance.${lastTry(isLast)}`,
  );
}

/** To the connection that held a session before. */
export function sessionTakenOver(): string {
  return `\n${errorLine('another connection has taken your seat over with your rejoin code, so the server closes this one.')}`;
}

/** `isLast`: the connection is closed after this one. */
export function notABalance({ text, problem, max }: InvalidBalance, isLast: boolean): string {
  const reason = problem === 'not a number' ? 'is not a token balance' : `is ${problem}`;
  return errorLine(
    `"${escapeForDisplay(text)}" ${reason}. Enter a whole number from 1 to ${max}, digits only, for example 100.${lastTry(isLast)}`,
  );
}

/** What follows a wrong balance or code; `isLast`: the connection is closed after this one. */
export function lastTry(isLast: boolean): string {
  return isLast
    ? ` This was try ${nodeLimits.balanceAttemptsMax}, so the server closes this connection: connect again.`
    : '';
}
