import type { ChalkInstance } from 'chalk';
import { pluralize, shortHash, withThousands } from '../../base/formatting.ts';
import type { TicketHolder } from '../../core/pool.ts';
import { limits } from '../limits.ts';
import { commandLine } from '../start-command.ts';
import type { DrawnExplanation } from './explanation.ts';
import { type Paragraph, row } from './paragraph.ts';

/** How a block was drawn: the pool, the envelope, the ticket and the winner. */
export function drawParagraphs(drawn: DrawnExplanation, paint: ChalkInstance): readonly Paragraph[] {
  return [
    poolParagraph(drawn, paint),
    envelopeParagraph(drawn, paint),
    ...(drawn.rounds.length === 0 ? [] : [beaconParagraph(drawn)]),
    ticketParagraph(drawn, paint),
    winnerParagraph(drawn, paint),
  ];
}

function poolParagraph({ block, places }: DrawnExplanation, paint: ChalkInstance): Paragraph {
  const { PoolSize, TotalStake } = block.Draw;
  const closed = `was closed with ${pluralize(PoolSize, 'candidate', withThousands(PoolSize))} and ${pluralize(TotalStake, 'token')}: tickets 0 to ${BigInt(TotalStake) - 1n}, by address.\n`;
  if (places === undefined) {
    const where = `Who else was in it does not stand in the chain; the server keeps it (${commandLine('export', '--pools')}).`;
    return { head: 'The pool', text: `${closed}   ${where}\n` };
  }
  const shown = nearWinner(places, block.Validator);
  const width = Math.max(...shown.map((place) => ticketsText(place).length));
  const stakeWidth = Math.max(...shown.map(({ candidate }) => String(candidate.stake).length));
  const lines = shown.map((place) => {
    const { validator, stake, payload } = place.candidate;
    const isWinner = validator === block.Validator;
    const words = `${ticketsText(place).padEnd(width)}  ${shortHash(validator)}  ${String(stake).padStart(stakeWidth)} staked, BPM ${payload}`;
    return `   ${isWinner ? paint.green(`${words}  <- the winner`) : words}\n`;
  });
  const hidden = places.length - shown.length;
  const more = hidden > 0 ? `   … and ${withThousands(hidden)} more before and after them\n` : '';
  return { head: 'The pool', text: `${closed}${lines.join('')}${more}` };
}

function envelopeParagraph({ block, salt, link, isCommitment }: DrawnExplanation, paint: ChalkInstance): Paragraph {
  const { Index, Draw } = block;
  const before =
    Index === 1 ? 'the commitment in block 0' : `block ${Index - 1}'s ${isCommitment ? 'commitment' : 'secret'}`;
  const rows = `${row('secret', Draw.Reveal)}${row('hashed', `H("link", ${shortHash(salt)}, ${Index}, secret)`)}${row('gives', paint.yellow(link))}`;
  return {
    head: 'The sealed envelope was opened.',
    text: `Its secret hashes back to ${before}, so it was fixed before:\n${rows}`,
  };
}

/** What was published after the pool was sealed, and when. */
function beaconParagraph({ block, rounds }: DrawnExplanation): Paragraph {
  const told = rounds.map(
    ({ name, Round, published, Signature }) =>
      `${row('beacon', `${name}, round ${Round}, published at ${published}`)}${row('signature', Signature)}`,
  );
  const [which, whose] = rounds.length === 1 ? ['a beacon', 'its key'] : ['beacons', 'their keys'];
  return {
    head: 'The pool was sealed,',
    text: `and the draw waited for ${which} whose rounds came 3 seconds later or more, so nobody could know them before.\n   Each signature is verified with ${whose} in block 0:\n${row('sealed', block.Draw.Sealed ?? '')}${told.join('')}`,
  };
}

function ticketParagraph(
  { block, chainId, rounds, seed, bits, attempts }: DrawnExplanation,
  paint: ChalkInstance,
): Paragraph {
  const { TotalStake, Ticket } = block.Draw;
  const lines = attempts.map(({ attempt, value }) => {
    const isTaken = String(value) === Ticket;
    const words = isTaken ? `${value}, the ticket` : `${value} is not below ${TotalStake}, again`;
    return `   ${`attempt ${attempt}`.padEnd(12)} ${isTaken ? paint.bold(words) : words}\n`;
  });
  const signatures = rounds.map(({ name }) => `, signature of ${name}`).join('');
  const made = `${row('seed', `H("seed", ${shortHash(chainId)}, ${block.Index}, secret${signatures})`)}${row('is', seed)}`;
  return {
    head: 'The ticket.',
    text: `Of each H("ticket", seed, attempt) the lowest ${pluralize(bits, 'bit')} count, until they are below ${TotalStake}:\n${made}${lines.join('')}`,
  };
}

function winnerParagraph({ block, tickets }: DrawnExplanation, paint: ChalkInstance): Paragraph {
  const { Validator, BPM, Draw } = block;
  const { Stake, Path, PoolRoot, TotalStake, Ticket } = Draw;
  const tells = `Tickets ${tickets.first} to ${tickets.last} are ${paint.green(shortHash(Validator))}'s, and ${Ticket} is one of them. The path proves it:\n`;
  const leaf = row('leaf', `H("leaf", ${shortHash(Validator)}, "${Stake}", ${BPM}), ${pluralize(Stake, 'token')}`);
  let sum = BigInt(Stake);
  let left = 0n;
  const steps = Path.map((step) => {
    sum += BigInt(step.Stake);
    if (step.Side === 'left') left += BigInt(step.Stake);
    const before = step.Side === 'left' ? `: ${left} before the winner's` : '';
    return row(step.Side, `${shortHash(step.Hash)}, ${pluralize(step.Stake, 'token')}, makes ${sum}${before}`);
  });
  const root = row('root', `${paint.yellow(PoolRoot)}, ${TotalStake}`);
  return { head: 'The winner.', text: `${tells}${leaf}${steps.join('')}${root}` };
}

/** The winner with those around it: a pool may have thousands. */
function nearWinner(places: readonly TicketHolder[], winner: string): readonly TicketHolder[] {
  const place = places.findIndex(({ candidate }) => candidate.validator === winner);
  const room = limits.listedEntriesMax;
  const start = Math.max(0, Math.min(place - Math.floor(room / 2), places.length - room));
  return places.slice(start, start + room);
}

function ticketsText({ tickets }: TicketHolder): string {
  return `${tickets.first} to ${tickets.last}`;
}
