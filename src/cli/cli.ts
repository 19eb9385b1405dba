import { readFileSync } from 'node:fs';
import { Chalk, supportsColor } from 'chalk';
import { escapeForDisplay } from '../base/escape-for-display.ts';
import { type Command, CommandError, type CommandIo, type ProcessIo, UsageError } from './command.ts';
import { doctor } from './doctor/doctor.ts';
import { exitCodes } from './exit-codes.ts';
import { exportVerb } from './export/export.ts';
import { join } from './join/join.ts';
import { lab } from './lab/lab.ts';
import { nearestOf } from './nearest.ts';
import { repair } from './repair/repair.ts';
import { serve } from './serve/serve.ts';
import { show } from './show/show.ts';
import { simulate } from './simulate/simulate.ts';
import { commandLine } from './start-command.ts';
import { verify } from './verify/verify.ts';
import { watchOutput } from './watched-output.ts';

/** Everything that the program can be asked to do, in the order of the overview. */
export const verbs: readonly Command[] = [serve, join, doctor, verify, show, exportVerb, repair, simulate, lab];

/** Does what the words of the command line ask for; returns the exit code. */
export async function main(args: readonly string[], io: ProcessIo): Promise<number> {
  const stage: CommandIo = { ...io, paint: new Chalk({ level: colourLevel(io) }), version: readVersion() };
  const [first = '', ...rest] = args;
  try {
    if (first === 'help') return sayHelp(rest, stage);
    // Without a verb it is the server, so that `npm start -- --port 9100` reads as it should.
    const isVerb = first !== '' && !first.startsWith('-');
    const verb = isVerb ? verbNamed(first) : serve;
    const words = isVerb ? rest : args;
    if (words.includes('--help') || words.includes('-h')) return sayHelp(isVerb ? args : [], stage);
    return await verb.run(words, stage);
  } catch (error) {
    if (!(error instanceof CommandError)) throw error;
    stage.errors.write(`sortition: ${error.message}.\n`);
    return error.exitCode;
  }
}

/** Writes the help of a verb, or of all there is; of words after a verb those without a dash may narrow it. */
function sayHelp(words: readonly string[], stage: CommandIo): number {
  const [name, ...rest] = words.filter((word) => !word.startsWith('-'));
  const text = name === undefined ? `${serve.help}${overview()}` : helpOf(verbNamed(name), rest);
  watchOutput(stage);
  stage.output.write(text);
  return exitCodes.fine;
}

function helpOf(verb: Command, words: readonly string[]): string {
  return verb.helpOn?.(words) ?? verb.help;
}

function verbNamed(name: string): Command {
  const verb = verbs.find((one) => one.name === name);
  if (verb !== undefined) return verb;
  const names = [...verbs.map((one) => one.name), 'help'];
  const nearest = nearestOf(name, names);
  const advice = nearest === undefined ? `the verbs are ${names.join(', ')}` : `did you mean ${nearest}`;
  const end = nearest === undefined ? '' : `? The verbs are ${names.join(', ')}`;
  throw new UsageError(
    `"${escapeForDisplay(name)}" is not understood: ${advice}${end}; settings are given like --port 9000. See ${commandLine('help')}`,
  );
}

function overview(): string {
  const rows = verbs.map(({ name, summary }) => `  ${name.padEnd(10)} ${summary}\n`);
  return `\nBesides, ${commandLine('VERB')} does one of these; ${commandLine('help', 'VERB')} says how:\n${rows.join('')}`;
}

/** Colour where the console is a terminal that has it, and nobody asked for none (https://no-color.org). */
function colourLevel({ output, environment }: ProcessIo): 0 | 1 | 2 | 3 {
  if (environment['NO_COLOR'] || !output.isTTY || supportsColor === false) return 0;
  return supportsColor.level;
}

function readVersion(): string {
  const file: unknown = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'));
  if (typeof file !== 'object' || file === null || !('version' in file)) throw new Error('package.json has no version');
  return String(file.version);
}
