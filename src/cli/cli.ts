import { readFileSync } from 'node:fs';
import { Chalk, supportsColor } from 'chalk';
import { escapeForDisplay } from '../base/escape-for-display.ts';
import type { Command, CommandIo, ProcessIo } from './command.ts';
import { CommandError, UsageError } from './command-error.ts';
import { doctor } from './doctor/doctor.ts';
import { exitCodes } from './exit-codes.ts';
import { exportCommand } from './export/export.ts';
import { join } from './join/join.ts';
import { lab } from './lab/lab.ts';
import { nearestOf } from './nearest.ts';
import { repair } from './repair/repair.ts';
import { rpc } from './rpc/rpc.ts';
import { serve } from './serve/serve.ts';
import { show } from './show/show.ts';
import { simulate } from './simulate/simulate.ts';
import { commandLine } from './start-command.ts';
import { verify } from './verify/verify.ts';
import { watchOutput } from './watched-output.ts';

/** Everything that the program can be asked to do, in the order of the overview. */
export const commands: readonly Command[] = [
  serve,
  join,
  rpc,
  doctor,
  verify,
  show,
  exportCommand,
  repair,
  simulate,
  lab,
];

/** Runs the command that the arguments name; returns the exit code. */
export async function main(args: readonly string[], processIo: ProcessIo): Promise<number> {
  const io: CommandIo = { ...processIo, paint: new Chalk({ level: colourLevel(processIo) }), version: readVersion() };
  const [first = '', ...rest] = args;
  try {
    if (first === 'help') return sayHelp(rest, io);
    // Without the name of a command it is the server, so that `npm start -- --port 9100` works.
    const isCommand = first !== '' && !first.startsWith('-');
    const command = isCommand ? commandNamed(first) : serve;
    const commandArgs = isCommand ? rest : args;
    if (commandArgs.includes('--help') || commandArgs.includes('-h')) return sayHelp(isCommand ? args : [], io);
    return await command.run(commandArgs, io);
  } catch (error) {
    if (!(error instanceof CommandError)) throw error;
    io.errors.write(`sortition: ${error.message}.\n`);
    return error.exitCode;
  }
}

/** Writes the help of a command, or the overview. Arguments after the command may name a part of it; options are passed over. */
function sayHelp(args: readonly string[], io: CommandIo): number {
  const [name, ...rest] = args.filter((word) => !word.startsWith('-'));
  const text = name === undefined ? `${serve.help}${overviewText()}` : helpOf(commandNamed(name), rest);
  watchOutput(io);
  io.output.write(text);
  return exitCodes.fine;
}

function helpOf(command: Command, args: readonly string[]): string {
  return command.helpOn?.(args) ?? command.help;
}

function commandNamed(name: string): Command {
  const command = commands.find((one) => one.name === name);
  if (command !== undefined) return command;
  const names = [...commands.map((one) => one.name), 'help'];
  const nearest = nearestOf(name, names);
  const advice = nearest === undefined ? `the verbs are ${names.join(', ')}` : `did you mean ${nearest}`;
  const end = nearest === undefined ? '' : `? The verbs are ${names.join(', ')}`;
  throw new UsageError(
    `"${escapeForDisplay(name)}" is not understood: ${advice}${end}; settings are given like --port 9000. See ${commandLine('help')}`,
  );
}

function overviewText(): string {
  const rows = commands.map(({ name, summary }) => `  ${name.padEnd(10)} ${summary}\n`);
  return `\nBesides, ${commandLine('VERB')} does one of these; ${commandLine('help', 'VERB')} says how:\n${rows.join('')}`;
}

/** Colour only where the output is a terminal that has colours and NO_COLOR is not set (https://no-color.org). */
function colourLevel({ output, environment }: ProcessIo): 0 | 1 | 2 | 3 {
  if (environment['NO_COLOR'] || !output.isTTY || supportsColor === false) return 0;
  return supportsColor.level;
}

function readVersion(): string {
  const file: unknown = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'));
  if (typeof file !== 'object' || file === null || !('version' in file)) throw new Error('package.json has no version');
  return String(file.version);
}
