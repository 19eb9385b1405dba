import { readFileSync } from 'node:fs';
import { Chalk, supportsColor } from 'chalk';
import { doctor } from './cli/doctor.ts';
import { exitCodes } from './cli/exit-codes.ts';
import { exportVerb } from './cli/export.ts';
import { join } from './cli/join.ts';
import { lab } from './cli/lab.ts';
import { repair } from './cli/repair.ts';
import { show } from './cli/show.ts';
import { simulate } from './cli/simulate.ts';
import { type Stage, UsageError, type Verb, VerbError } from './cli/verb.ts';
import { verify } from './cli/verify.ts';
import { watchOutput } from './cli/watched-output.ts';
import { printable } from './protocol/printable.ts';
import { serve } from './serve.ts';

const verbs: readonly Verb[] = [serve, join, doctor, verify, show, exportVerb, repair, simulate, lab];

/** Does what the words of the command line ask for; returns the exit code. */
export async function main(): Promise<number> {
  const stage: Stage = {
    input: process.stdin,
    output: process.stdout,
    errors: process.stderr,
    paint: new Chalk({ level: colourLevel() }),
    version: readVersion(),
  };
  const [first = '', ...rest] = process.argv.slice(2);
  // Without a verb it is the server, so that `npm start -- --port 9100` reads as it should.
  const isVerb = first !== '' && !first.startsWith('-');
  const verb = isVerb ? verbs.find(({ name }) => name === first) : serve;
  const words = isVerb ? rest : process.argv.slice(2);
  try {
    if (verb === undefined) {
      throw new UsageError(
        `"${printable(first)}" is not understood: settings are given like --port 9000, and the verbs are ${names()}. See --help`,
      );
    }
    if (words.includes('--help') || words.includes('-h')) {
      watchOutput(stage);
      stage.output.write(isVerb ? verb.help : `${serve.help}${overview()}`);
      return exitCodes.fine;
    }
    return await verb.run(words, stage);
  } catch (error) {
    if (!(error instanceof VerbError)) throw error;
    stage.errors.write(`sortition: ${error.message}.\n`);
    return error.exitCode;
  }
}

function names(): string {
  return verbs.map(({ name }) => name).join(', ');
}

function overview(): string {
  const rows = verbs.map(({ name, summary }) => `  ${name.padEnd(10)} ${summary}\n`);
  return `\nBesides, npx sortition VERB does one of these; npx sortition VERB --help says how:\n${rows.join('')}`;
}

/** Colour where the console is a terminal that has it, and nobody asked for none (https://no-color.org). */
function colourLevel(): 0 | 1 | 2 | 3 {
  if (process.env['NO_COLOR'] || !process.stdout.isTTY || supportsColor === false) return 0;
  return supportsColor.level;
}

function readVersion(): string {
  const file: unknown = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'));
  if (typeof file !== 'object' || file === null || !('version' in file)) throw new Error('package.json has no version');
  return String(file.version);
}
