import type { ChalkInstance } from 'chalk';
import { pluralize, shortHash } from '../../../base/formatting.ts';
import {
  type Block,
  type Genesis,
  isDrawn,
  isGenesis,
  isMined,
  type SealedBlock,
  winnersTickets,
} from '../../../core/block.ts';
import { commandLine } from '../../start-command.ts';

/** A block in full, as lines of the console. Everything in it is ours or was checked: nothing here needs escaping. */
function blockText(block: Block, paint: ChalkInstance): string {
  const title = `${paint.bold.cyan(`block ${block.Index}`)}  ${paint.dim(block.Timestamp)}`;
  const hash = row(paint, 'hash', paint.yellow(block.Hash));
  if (isGenesis(block)) return `  ${title}  genesis\n${hash}${genesisRows(block.Genesis, paint)}`;
  return [
    `  ${title}  ${paint.magenta(`BPM ${block.BPM}`)}\n`,
    row(paint, 'validator', paint.green(block.Validator)),
    ...sealRows(block, paint),
    hash,
    row(paint, 'previous', paint.dim(block.PrevHash)),
  ].join('');
}

function genesisRows(genesis: Genesis, paint: ChalkInstance): string {
  const { Consensus } = genesis;
  const authority = 'Authority' in genesis ? row(paint, 'authority', genesis.Authority) : '';
  switch (Consensus.Kind) {
    case 'lottery':
      return `${row(paint, 'commitment', `${Consensus.Commitment}, ${Consensus.Links} draws`)}${authority}`;
    case 'work':
      return row(paint, 'work', `difficulty ${Consensus.Difficulty} at first, a block in ${Consensus.IntervalMs} ms`);
    case 'instant':
      return `${row(paint, 'instant', 'every accepted BPM is a block at once')}${authority}`;
  }
}

function sealRows(block: SealedBlock, paint: ChalkInstance): readonly string[] {
  if (isMined(block)) return [row(paint, 'work', `difficulty ${block.Work.Difficulty}, nonce ${block.Work.Nonce}`)];
  if (!isDrawn(block)) return [];
  const { Ticket, TotalStake, PoolSize, Stake, Reveal } = block.Draw;
  const pool = `among ${pluralize(PoolSize, 'candidate')}`;
  return [
    row(paint, 'draw', `ticket ${Ticket} of ${TotalStake} ${pool}; the winner staked ${Stake}`),
    row(paint, 'reveal', paint.dim(Reveal)),
  ];
}

/** A block in one line of a terminal. */
export function blockLine(block: Block, paint: ChalkInstance): string {
  const title = `  ${paint.bold.cyan(`block ${block.Index}`)}  ${paint.dim(block.Timestamp.slice(0, 19).replace('T', ' '))}`;
  const role = isDrawn(block) ? 'winner' : 'by';
  const what = isGenesis(block)
    ? 'genesis'
    : `${paint.magenta(`BPM ${block.BPM}`)}  ${role} ${paint.green(shortHash(block.Validator))}`;
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
export function chainText(newest: readonly Block[], height: number, paint: ChalkInstance): string {
  const older = height + 1 - newest.length;
  const title = paint.bold(`Chain of ${pluralize(height + 1, 'block')}`);
  const others = older > 0 ? paint.dim(`  … ${older} older (type chain to see all)\n`) : '';
  return `${title}\n${others}${newest.map((block) => blockLine(block, paint)).join('')}`;
}

function row(paint: ChalkInstance, label: string, value: string): string {
  return `    ${paint.dim(label.padEnd(11))} ${value}\n`;
}
