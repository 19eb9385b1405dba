import { escapeForDisplay } from '../../base/escape-for-display.ts';
import { ChainAudit } from '../chain/chain-audit.ts';
import { dataDirForm, readChainName } from '../chain/chain-name.ts';
import { type ChainSource, damageError } from '../chain/chain-source.ts';
import { openDefaultSource } from '../chain/open-source.ts';
import { faultText } from '../chain/verification.ts';
import type { Command, CommandIo } from '../command.ts';
import { UnreadableError, UsageError } from '../command-error.ts';
import { exitCodes } from '../exit-codes.ts';
import { readOptions } from '../options.ts';
import { commandLine, cureText } from '../start-command.ts';
import { watchOutput } from '../watched-output.ts';
import { type Explanation, explain } from './explanation.ts';
import { explanationJson } from './explanation-json.ts';
import { explanationText } from './explanation-text.ts';

/** Explains one block. */
export const show: Command = {
  get help() {
    return `Explains how a block was drawn: the pool, the sealed envelope, the ticket, the winner and the hash, all recomputed. The chain up to
the block is checked on the way.

Usage: ${commandLine('show')} INDEX|HASH [DIR | FILE | -] [--json]

  INDEX|HASH   0 is the genesis; of a hash, the first 8 digits or more will do
  DIR, FILE    as for verify, or --data-dir DIR; without it: the DATA_DIR of .env, or data
  --json       one line of JSON: the block, its seed, attempts and tickets, and its pool where that is there
  -h, --help   shows this

Examples:
  ${commandLine('show')} 7
  ${commandLine('show')} 0 chain.txt
  ${commandLine('show')} 2416853d --json

Exit codes: 0 shown, 1 the chain does not hold up to that block or its pool is damaged, 2 wrong usage or no such block, 4 there is no chain or it cannot be read,
5 the output cannot be written.
`;
  },
  async run(args, io) {
    watchOutput(io);
    const { positionals: given, values } = readOptions(args, [{ name: 'json' }, dataDirForm]);
    const [word, ...others] = blockFirst(given);
    if (word === undefined)
      throw new UsageError(`show needs the index or hash of a block, for example: ${commandLine('show', '7')}`);
    if (!isBlock(word)) {
      throw new UsageError(
        `"${escapeForDisplay(word)}" is no block: give an index, or the first 8 digits of a hash, for example: ${commandLine('show', '7', 'data')}, or show 2416853d`,
      );
    }
    const name = readChainName({ positionals: others, values }, 'show takes one directory or file');
    return report(await openDefaultSource(name, io), word.toLowerCase(), values.has('json'), io);
  },
};

/** The block and where it is, also when they come the other way round. */
function blockFirst(args: readonly string[]): readonly string[] {
  const [first = '', second = '', ...others] = args;
  return !isBlock(first) && isBlock(second) ? [second, first, ...others] : args;
}

function isBlock(word: string): boolean {
  return /^(?:[0-9]{1,15}|[0-9a-f]{8,64})$/i.test(word);
}

async function report(source: ChainSource, which: string, isJson: boolean, io: CommandIo): Promise<number> {
  let found: Found;
  try {
    found = await find(source, which);
  } finally {
    await source.close();
  }
  const { audit, explanations } = found;
  const [explanation, another] = explanations;
  if (another !== undefined)
    throw new UsageError(`several blocks have a hash that begins with ${which}: give more digits`);
  if (explanation === undefined && audit.fault !== undefined) {
    io.errors.write(
      `sortition: the chain does not hold up to that block: ${faultText(audit.fault)}. See ${commandLine('verify')}.\n`,
    );
    return exitCodes.failed;
  }
  if (explanation === undefined) {
    throw new UsageError(`there is no block ${which} in ${source.name}: it has blocks 0 to ${audit.blocks - 1}`);
  }
  io.output.write(isJson ? explanationJson(explanation) : explanationText(explanation, io.paint));
  const { Index } = explanation.block;
  if (!audit.poolsDamaged.includes(Index)) return exitCodes.fine;
  const cure = source.cure === undefined ? '' : ` ${cureText(source.cure)}.`;
  io.errors.write(`sortition: the pool of block ${Index} is damaged, so only its winner can be shown.${cure}\n`);
  return exitCodes.failed;
}

interface Found {
  readonly audit: ChainAudit;
  readonly explanations: readonly Explanation[];
}

/** The blocks of the last chain that were meant, and the chain itself as far as it holds. A hash that begins so counts before an index. */
async function find(source: ChainSource, which: string): Promise<Found> {
  const index = /^[0-9]{1,15}$/.test(which) ? Number(which) : undefined;
  const mayBeHash = which.length >= 8;
  let audit = new ChainAudit();
  let byHash: Explanation[] = [];
  let byIndex: Explanation[] = [];
  let last: Found | undefined;
  for await (const event of source.events()) {
    if (event.kind === 'begin') {
      audit = new ChainAudit();
      byHash = [];
      byIndex = [];
    } else if (event.kind === 'entry') {
      const { tip } = audit;
      const checked = await audit.add(event.entry);
      if (checked === undefined) continue;
      const { Index, Hash } = checked.block;
      if (mayBeHash && Hash.startsWith(which)) byHash.push(explain(tip, checked));
      else if (Index === index) byIndex.push(explain(tip, checked));
      // There is no other chain, and no other block of this index.
      if (source.isStored && !mayBeHash && Index === index) return { audit, explanations: byIndex };
    } else if (event.kind === 'damaged') throw damageError(source, event.why);
    else if (event.kind === 'end') last = { audit, explanations: byHash.length > 0 ? byHash : byIndex };
  }
  if (last === undefined) throw new UnreadableError(`there is no complete chain in ${source.name}`);
  return last;
}
