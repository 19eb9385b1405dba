import { escapeForDisplay } from '../../base/escape-for-display.ts';
import type { Command, CommandIo } from '../command.ts';
import { UsageError } from '../command-error.ts';
import { exitCodes } from '../exit-codes.ts';
import { readOptions } from '../options.ts';
import { commandLine } from '../start-command.ts';
import { watchOutput } from '../watched-output.ts';
import { columnsOf } from '../wrap-text.ts';
import { attackText, overviewText } from './attacks/attack-report.ts';
import { attacks } from './attacks/attacks.ts';
import { tamper } from './tamper/tamper.ts';

function tamperHelp(): string {
  return `Usage: ${commandLine('lab', 'tamper', 'DIR', 'INDEX', 'FIELD', 'VALUE')}

tamper changes one field of one block on a copy of the chain in DIR, shows what a verifier finds, and how far somebody
comes who repairs whatever can be computed. Nothing in DIR is changed; the server may run meanwhile.

Examples:
  ${commandLine('lab', 'tamper', 'data', '3', 'BPM', '99')}
  ${commandLine('lab', 'tamper', 'data', '3', 'Stake', '500')}
  ${commandLine('lab', 'tamper', 'data', '3', 'Reveal', 'a'.repeat(64))}

Exit codes: 0 done, 1 the chain does not hold as it is, 2 wrong usage, 4 there is no chain or it cannot be read,
5 the output cannot be written.
`;
}

function attackHelp(): string {
  return `Usage: ${commandLine('lab', 'attack')} [NAME | all] [--seed WORDS]

attack tries a known flaw of lotteries or of chains of work on a small model that has it, and on the code of this program; without a NAME it
lists them. The same --seed gives the same numbers (measured memory and time aside).

Examples:
  ${commandLine('lab', 'attack')}
  ${commandLine('lab', 'attack', 'clock')}
  ${commandLine('lab', 'attack', 'all', '--seed', 'monday')}

Exit codes: 0 done, 2 wrong usage, 5 the output cannot be written.
`;
}

/** Breaks things on purpose, to show why they are as they are. */
export const lab: Command = {
  get help() {
    return `${tamperHelp()}\n${attackHelp()}`;
  },
  helpOn: ([what]) => (what === 'tamper' ? tamperHelp() : what === 'attack' ? attackHelp() : undefined),
  async run(args, io) {
    watchOutput(io);
    const [what, ...rest] = args;
    if (what === 'tamper') return tamper(rest, io);
    if (what === 'attack') return attack(rest, io);
    const given = what === undefined ? 'lab needs one word more' : `lab does not know "${escapeForDisplay(what)}"`;
    throw new UsageError(`${given}: tamper or attack, for example: ${commandLine('lab', 'attack', 'clock')}`);
  },
};

function attack(args: readonly string[], { output, paint }: CommandIo): number {
  const { positionals: names, values } = readOptions(args, [{ name: 'seed', example: 'monday' }]);
  const [name, ...others] = names;
  if (others.length > 0)
    throw new UsageError(`lab attack takes one NAME, or all: ${commandLine('lab', 'attack', 'all')}`);
  if (name === undefined) {
    output.write(overviewText(attacks, paint));
    return exitCodes.fine;
  }
  const chosen = attacks.filter((one) => name === 'all' || name === one.name);
  if (chosen.length === 0) {
    const known = attacks.map((one) => one.name).join(', ');
    throw new UsageError(`there is no attack "${escapeForDisplay(name)}": the attacks are ${known}, and all`);
  }
  const seed = values.get('seed') ?? 'sortition';
  for (const [place, one] of chosen.entries()) {
    output.write(`${place === 0 ? '' : '\n\n'}${attackText(one, one.run(seed), paint, columnsOf(output))}`);
  }
  return exitCodes.fine;
}
