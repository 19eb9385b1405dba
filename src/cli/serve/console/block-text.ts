import type { ChalkInstance } from 'chalk';
import { pluralize, shortHash } from '../../../base/formatting.ts';
import { type Block, isDrawn, winnersTickets } from '../../../core/block.ts';
import { commandLine } from '../../start-command.ts';

/** A block in full, as lines of the console. Everything in it is ours or was checked: nothing here needs escaping. */
function blockText(block: Block, paint: ChalkInstance): string {
  const title = `${paint.bold.cyan(`block ${block.Index}`)}  ${paint.dim(block.Timestamp)}`;
  const hash = row(paint, 'hash', paint.yellow(block.Hash));
  if (!isDrawn(block)) {
    const { Consensus, Authority } = block.Genesis;
    const { Commitment, Links } = Consensus;
    return `  ${title}  genesis\n${hash}${row(paint, 'commitment', `${Commitment}, ${Links} draws`)}${row(paint, 'authority', Authority)}`;
  }
  const { Ticket, TotalStake, PoolSize, Stake, Reveal } = block.Draw;
  return [
    `  ${title}  ${paint.magenta(`BPM ${block.BPM}`)}\n`,
    row(paint, 'validator', paint.green(block.Validator)),
    row(
      paint,
      'draw',
      `ticket ${Ticket} of ${TotalStake} among ${pluralize(PoolSize, 'candidate')}; the winner staked ${Stake}`,
    ),
    row(paint, 'reveal', paint.dim(Reveal)),
    hash,
    row(paint, 'previous', paint.dim(block.PrevHash)),
  ].join('');
}

/** A block in one line of a terminal. */
export function blockLine(block: Block, paint: ChalkInstance): string {
  const title = `  ${paint.bold.cyan(`block ${block.Index}`)}  ${paint.dim(block.Timestamp.slice(0, 19).replace('T', ' '))}`;
  const what = isDrawn(block)
    ? `${paint.magenta(`BPM ${block.BPM}`)}  winner ${paint.green(shortHash(block.Validator))}`
    : 'genesis';
  return `${title}  ${what}  hash ${paint.yellow(shortHash(block.Hash))}\n`;
}

/** A block in full, and why its winner is that one. */
export function explainedBlock(block: Block, paint: ChalkInstance): string {
  if (!isDrawn(block)) return blockText(block, paint);
  const { first, last } = winnersTickets(block.Draw);
  const tickets = first === last ? `ticket ${first} was` : `tickets ${first} to ${last} were`;
  const why = `${tickets} the winner's; every step: ${commandLine('show', String(block.Index))}`;
  return `${blockText(block, paint)}${row(paint, 'why', why)}`;
}

/** The newest blocks in a line each, newest last, and how many there are before them. */
export function chainText(newest: readonly Block[], paint: ChalkInstance): string {
  const height = newest.at(-1)?.Index ?? 0;
  const older = height + 1 - newest.length;
  const title = paint.bold(`Chain of ${pluralize(height + 1, 'block')}`);
  const others = older > 0 ? paint.dim(`  … ${older} older (type chain to see all)\n`) : '';
  return `${title}\n${others}${newest.map((block) => blockLine(block, paint)).join('')}`;
}

function row(paint: ChalkInstance, label: string, value: string): string {
  return `    ${paint.dim(label.padEnd(11))} ${value}\n`;
}
