import type { ChalkInstance } from 'chalk';
import { pluralize, shortHash, withThousands } from '../../base/formatting.ts';
import type { GenesisBlock } from '../../core/block.ts';
import type { TicketHolder } from '../../core/pool.ts';
import { limits } from '../limits.ts';
import { commandLine } from '../start-command.ts';
import type { Explanation } from './explanation.ts';

type Drawn = Extract<Explanation, { kind: 'drawn' }>;

/** A block in plain words, each step of its draw with its numbers. */
export function explanationText(explanation: Explanation, paint: ChalkInstance): string {
  const paragraphs =
    explanation.kind === 'genesis'
      ? genesisParagraphs(explanation.block, paint)
      : [
          title(explanation, paint),
          poolParagraph(explanation, paint),
          envelopeParagraph(explanation, paint),
          ticketParagraph(explanation, paint),
          winnerParagraph(explanation, paint),
          hashParagraph(explanation, paint),
          signatureParagraph(explanation, paint),
        ];
  return `${paragraphs.join('\n')}`;
}

function genesisParagraphs({ Timestamp, Hash, Genesis }: GenesisBlock, paint: ChalkInstance): readonly string[] {
  const { Consensus, Authority } = Genesis;
  const { Salt, Commitment, Links } = Consensus;
  return [
    `${paint.bold.cyan('Block 0')}, the genesis, ${Timestamp}\n`,
    `${paint.bold('1. Nobody plays yet.')} This block only seals the secrets from which the draws will come, before anybody can\n   know who will ever take part.\n`,
    `${paint.bold('2. The sealed envelopes.')} The server has made ${withThousands(Links)} secrets, backwards: secret n - 1 is H("link", salt, n, secret n).\n   ${row('salt', Salt)}   ${row('commitment', `${paint.yellow(Commitment)}, which is secret 0`)}   Block n opens secret n. Hashed, it must give secret n - 1, so none can be exchanged any more. After block ${Links}\n   the next ${withThousands(Links)} begin, with a commitment of their own.\n`,
    `${paint.bold('3. The authority')} is the key that signs every block. Only the server that began this chain can:\n   ${row('key', Authority)}`,
    `${paint.bold('4. The hash')} is that of all of this and the time, recomputed. It is the name of this chain:\n   ${paint.yellow(Hash)}\n   It goes into the seed and the signature of every block, and block 1 names it as the block before.\n`,
  ];
}

function title({ block }: Drawn, paint: ChalkInstance): string {
  const { Index, Timestamp, BPM, Validator } = block;
  return `${paint.bold.cyan(`Block ${Index}`)}, ${Timestamp}: BPM ${BPM}, proposed by ${paint.green(Validator)}\n`;
}

function poolParagraph({ block, places }: Drawn, paint: ChalkInstance): string {
  const { PoolSize, TotalStake } = block.Draw;
  const head = `${paint.bold('1. The pool')} was closed with ${pluralize(PoolSize, 'candidate', withThousands(PoolSize))} and ${pluralize(TotalStake, 'token')}: tickets 0 to ${BigInt(TotalStake) - 1n}, by address.\n`;
  if (places === undefined) {
    return `${head}   Who else was in it does not stand in the chain; the server keeps it (${commandLine('export', '--pools')}).\n`;
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
  return `${head}${lines.join('')}${hidden > 0 ? `   … and ${withThousands(hidden)} more before and after them\n` : ''}`;
}

function envelopeParagraph({ block, salt, link, isCommitment }: Drawn, paint: ChalkInstance): string {
  const { Index, Draw } = block;
  const before =
    Index === 1 ? 'the commitment in block 0' : `block ${Index - 1}'s ${isCommitment ? 'commitment' : 'secret'}`;
  return `${paint.bold('2. The sealed envelope was opened.')} Its secret hashes back to ${before}, so it was fixed before:\n   ${row('secret', Draw.Reveal)}   ${row('hashed', `H("link", ${shortHash(salt)}, ${Index}, secret)`)}   ${row('gives', paint.yellow(link))}`;
}

function ticketParagraph({ block, chainId, seed, bits, attempts }: Drawn, paint: ChalkInstance): string {
  const { TotalStake, Ticket } = block.Draw;
  const lines = attempts.map(({ attempt, value }) => {
    const isTaken = String(value) === Ticket;
    const words = isTaken ? `${value}, the ticket` : `${value} is not below ${TotalStake}, again`;
    return `   ${`attempt ${attempt}`.padEnd(12)} ${isTaken ? paint.bold(words) : words}\n`;
  });
  return `${paint.bold('3. The ticket.')} Of each H("ticket", seed, attempt) the lowest ${pluralize(bits, 'bit')} count, until they are below ${TotalStake}:\n   ${row('seed', `H("seed", ${shortHash(chainId)}, ${block.Index}, secret)`)}   ${row('is', seed)}${lines.join('')}`;
}

function winnerParagraph({ block, tickets }: Drawn, paint: ChalkInstance): string {
  const { Validator, BPM, Draw } = block;
  const { Stake, Path, PoolRoot, TotalStake, Ticket } = Draw;
  const head = `${paint.bold('4. The winner.')} Tickets ${tickets.first} to ${tickets.last} are ${paint.green(shortHash(Validator))}'s, and ${Ticket} is one of them. The path proves it:\n`;
  const leaf = `   ${row('leaf', `H("leaf", ${shortHash(Validator)}, "${Stake}", ${BPM}), ${pluralize(Stake, 'token')}`)}`;
  let sum = BigInt(Stake);
  let left = 0n;
  const steps = Path.map((step) => {
    sum += BigInt(step.Stake);
    if (step.Side === 'left') left += BigInt(step.Stake);
    const before = step.Side === 'left' ? `: ${left} before the winner's` : '';
    return `   ${row(step.Side, `${shortHash(step.Hash)}, ${pluralize(step.Stake, 'token')}, makes ${sum}${before}`)}`;
  });
  return `${head}${leaf}${steps.join('')}   ${row('root', `${paint.yellow(PoolRoot)}, ${TotalStake}`)}`;
}

function hashParagraph({ block }: Drawn, paint: ChalkInstance): string {
  const next =
    block.NextCommitment === undefined
      ? ''
      : `   ${row('next', `${block.NextCommitment}, the commitment for the blocks to come`)}`;
  return `${paint.bold('5. The hash')} is that of all of this and of the block before, recomputed:\n   ${row('before', block.PrevHash)}   ${row('hash', paint.yellow(block.Hash))}${next}`;
}

function signatureParagraph({ block, chainId, authority }: Drawn, paint: ChalkInstance): string {
  const { Index, Hash, Signature } = block;
  return `${paint.bold('6. The signature')} is that of the authority in block 0, so nobody else has made this block. Verified:\n   ${row('key', authority)}   ${row('signed', `T("authority", ${shortHash(chainId)}, ${Index}, ${shortHash(Hash)})`)}   ${row('signature', Signature.slice(0, 64))}   ${row('', Signature.slice(64))}`;
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

function row(label: string, value: string): string {
  return `${label.padEnd(12)} ${value}\n`;
}

/** An explanation for programs: one JSON object on a line. */
export function explanationJson(explanation: Explanation): string {
  if (explanation.kind === 'genesis') return `${JSON.stringify({ block: explanation.block })}\n`;
  const { block, link, seed, bits, attempts, tickets, places } = explanation;
  return `${JSON.stringify({
    block,
    link,
    seed,
    bits,
    attempts: attempts.map(({ attempt, value }) => ({ attempt, value: String(value) })),
    first: String(tickets.first),
    last: String(tickets.last),
    pool: places?.map(({ candidate, tickets: { first, last } }) => ({
      Validator: candidate.validator,
      Stake: String(candidate.stake),
      BPM: candidate.payload,
      First: String(first),
      Last: String(last),
    })),
  })}\n`;
}
