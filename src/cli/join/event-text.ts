import type { ChalkInstance } from 'chalk';
import { pluralize, pluralizeCount, shortHash, withThousands } from '../../base/formatting.ts';
import { limits as coreLimits } from '../../core/limits.ts';
import { unreleasedWords } from '../../core/parse-genesis.ts';
import { wrapText } from '../wrap-text.ts';
import type { ChainCheckResult } from './chain-check-result.ts';
import type { ChainChecker } from './chain-checker.ts';
import { limits } from './limits.ts';
import { type Score, ticketShareOf } from './score.ts';
import type { OutlookEvent, SealedEvent, ServerEvent, TicketEvent } from './server-event.ts';

/** What the terminal says to `help` at each prompt. */
const helpAt = {
  balance: [
    'A whole number is your token balance, for example 100: you stake all of it and become a validator. Each token is a ticket in the draws that you propose for.',
    'Anything else is an error, and after the third one the server closes the connection. If you have a code to come back with: rejoin CODE.',
    'quit, Ctrl-C or Ctrl-D leaves.',
  ],
  bpm: [
    `A whole number from 0 to ${coreLimits.bpmMax} proposes a block with that BPM, for example 72; the first one in a round counts.`,
    'Whoever enters anything else is slashed, so it is only sent when you enter it twice. An empty line asks the server for its prompt again.',
    'quit, Ctrl-C or Ctrl-D leaves: a candidate of yours stays in the draw.',
  ],
} as const;

/** What can be typed at a prompt, for so many columns of a terminal. */
export function help(asks: 'balance' | 'bpm', columns: number): string {
  return helpAt[asks].map((paragraph) => wrapText(paragraph, columns)).join('');
}

/** Why a line was held back, for so many columns of a terminal. */
export function notSent(columns: number, paint: ChalkInstance): string {
  const why = `Not sent: that is no BPM, and would cost you your stake. A BPM is a whole number from 0 to ${coreLimits.bpmMax}, for example 72. Enter it again to send it all the same.`;
  return wrapText(why, columns).replace('Not sent', paint.yellow('Not sent'));
}

/** That nothing comes from where a lottery should be, for so many columns of a terminal. */
export function silence(place: string, columns: number): string {
  return wrapText(
    `Nothing at ${place} asks for a token balance yet. Is that the port of a lottery, and not that of its page? Ctrl-C leaves.`,
    columns,
  );
}

/** What a person reads of an event, one line with LF; '' for what needs no words. `score` has already counted it. */
export function describe(event: ServerEvent, score: Score, paint: ChalkInstance): string {
  switch (event.kind) {
    case 'welcome':
      return `You are validator ${paint.cyan(event.address)} with ${event.stake} tokens.\n`;
    case 'candidate':
      return `Candidate for block ${event.index}: BPM ${event.bpm}.\n`;
    case 'outlook':
      return describeOutlook(event);
    case 'already':
      return `Already in the draw for block ${event.index}: one candidate a round.\n`;
    case 'sealed':
      return describeSealed(event);
    case 'awaits':
      return `The draw waits for ${event.rounds.map(({ name, round }) => `${name} round ${round}`).join(', ')}.\n`;
    case 'winner':
      return `winning validator: ${event.address === score.address ? paint.green(event.address) : event.address}\n`;
    case 'ticket':
      return `${describeTicket(event)} ${describeScore(score)}.\n`;
    case 'won':
      return `${paint.bold.green(`You won block ${event.index}.`)}\n`;
    case 'notice':
    case 'error':
      return `${paint.yellow(harmless(event.text))}\n`;
    case 'slashed':
      return `${paint.bold.red(harmless(event.text))}\n`;
    case 'goodbye':
    case 'other':
      return `${harmless(event.text)}\n`;
    default:
      return '';
  }
}

/** A chain folded into one line, or the warning that it does not hold; with LF. `you` is the reader's own address. */
export function describeChainCheck(verdict: ChainCheckResult, you: string | undefined, paint: ChalkInstance): string {
  if (verdict.kind === 'unreleased') return warning(`the chain ${unreleasedWords}`, paint);
  if (verdict.kind === 'broken') return warning(`the chain does not hold: ${verdict.why}`, paint);
  const { blocks, newest, winners } = verdict;
  if (newest === undefined) return paint.dim(`Chain of 1 block holds: only its genesis so far.`).concat('\n');
  const announced = winners === 0 ? '' : ` and has the ${pluralizeCount(winners, 'winner')} announced`;
  const winner = newest.Validator === you ? 'you' : shortHash(newest.Validator);
  const { Ticket, TotalStake } = newest.Draw;
  return `${paint.dim(
    `Chain of ${pluralizeCount(blocks, 'block')} holds${announced}; newest: block ${newest.Index}, won by ${winner} with ticket ${Ticket} of ${TotalStake}.`,
  )}\n`;
}

/** What no chain has confirmed of what was announced, and what of a chain was not checked, with LF; '' when all is. */
export function describeUnchecked({ unchecked, backlog, unsigned }: ChainChecker, paint: ChalkInstance): string {
  const lines: string[] = [];
  if (unchecked > 0) {
    const which = unchecked === 1 ? 'last winner was' : `last ${withThousands(unchecked)} winners were`;
    lines.push(`The ${which} not checked against a chain: none has come since.`);
  }
  const signatures = backlog.size + backlog.skipped;
  if (signatures > 0)
    lines.push(`Not verified: ${pluralizeCount(signatures, 'signature')} of beacons. The command verify does it.`);
  if (unsigned > 0)
    lines.push(`Not kept: the signatures of ${pluralizeCount(unsigned, 'sealed pool')}. The page does not give them.`);
  return lines.map((line) => `${paint.dim(line)}\n`).join('');
}

/** Something that an honest server never does; `what` is printable. With LF. */
export function warning(what: string, paint: ChalkInstance): string {
  return `${paint.bold.red('WARNING: this server cannot be trusted')}: ${what}.\n`;
}

/** How one validator has done. */
function describeScore({ wins, draws, expected }: Score): string {
  return `So far ${pluralizeCount(wins, 'win')} in ${pluralizeCount(draws, 'draw')}, ${expected.mean.toFixed(2)} expected`;
}

/** What a stranger's server says, safe for any terminal: printable ASCII only, at most `limits.serverCharactersMax` characters. */
export function harmless(text: string): string {
  const shown = text
    .slice(0, limits.serverCharactersMax)
    .replace(/[^ -~]/g, (character) => `\\x${character.charCodeAt(0).toString(16).padStart(2, '0')}`);
  return shown.length <= limits.serverCharactersMax && text.length <= limits.serverCharactersMax
    ? shown
    : `${shown.slice(0, limits.serverCharactersMax - 3)}...`;
}

function describeOutlook({ seconds, tickets, total }: OutlookEvent): string {
  const when = seconds === undefined ? 'Draws are paused' : `The draw is in ${seconds} s`;
  return `${when}; you hold ${tickets} of ${total} tickets so far.\n`;
}

function describeSealed({ index, candidates, total, root }: SealedEvent): string {
  return `Pool of block ${index} is sealed: ${pluralize(candidates, 'candidate')}, ${pluralize(total, 'token')}, root ${root}.\n`;
}

function describeTicket(event: TicketEvent): string {
  const { ticket, total, first, last } = event;
  const percent = (100 * ticketShareOf(event)).toPrecision(3);
  return `Ticket ${ticket} of ${total} was drawn; yours were ${first} to ${last}, ${Number(percent)} % of all.`;
}
