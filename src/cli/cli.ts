import { Chalk, supportsColor } from 'chalk';
import { escapeForDisplay } from '../base/escape-for-display.ts';
import { withoutAlias } from './aliases.ts';
import type { CommandIo, ProcessIo, Verb } from './command.ts';
import { CommandError, UsageError } from './command-error.ts';
import { exitCodes } from './exit-codes.ts';
import { nearestOf } from './nearest.ts';
import { commandLine } from './start-command.ts';
import { readVersion } from './version.ts';
import { watchOutput } from './watched-output.ts';

/** Runs the lottery; what is meant where no verb is named. */
const serve: Verb = {
  name: 'serve',
  summary: 'run the lottery (this is what npm start does)',
  load: async () => (await import('./serve/serve.ts')).serve,
};

/** Everything that the program can be asked to do, in the order of the overview. */
export const verbs: readonly Verb[] = [
  serve,
  {
    name: 'join',
    summary: 'play at a server, without nc, and check what it says; or let bots play',
    load: async () => (await import('./join/join.ts')).join,
  },
  {
    name: 'beacon',
    summary: 'run a randomness beacon, which the draws of a lottery elsewhere wait for',
    load: async () => (await import('./beacon/beacon.ts')).beacon,
  },
  {
    name: 'network',
    summary: 'run several nodes of one chain on this machine, and show them in one table',
    load: async () => (await import('./network/network.ts')).network,
  },
  {
    name: 'rpc',
    summary: 'ask a running server for something, or have it do what its console does',
    load: async () => (await import('./rpc/rpc.ts')).rpc,
  },
  {
    name: 'wallet',
    summary: 'keep the keys of your accounts: make wallets, list them, bring them back from their words',
    load: async () => (await import('./wallet/wallet.ts')).wallet,
  },
  {
    name: 'send',
    summary: 'send tokens of a wallet on this machine, through a running server',
    load: async () => (await import('./transaction/transaction.ts')).send,
  },
  {
    name: 'bond',
    summary: 'put tokens of a wallet at stake',
    load: async () => (await import('./transaction/transaction.ts')).bond,
  },
  {
    name: 'unbond',
    summary: 'take tokens of a wallet back from its stake',
    load: async () => (await import('./transaction/transaction.ts')).unbond,
  },
  {
    name: 'account',
    summary: 'show what an account has, and prove it',
    load: async () => (await import('./account/account.ts')).account,
  },
  {
    name: 'doctor',
    summary: 'look for what could keep a server from running here, and say what to do about it',
    load: async () => (await import('./doctor/doctor.ts')).doctor,
  },
  {
    name: 'verify',
    summary: 'check a chain: a data directory, or what was received from a server',
    load: async () => (await import('./verify/verify.ts')).verify,
  },
  {
    name: 'show',
    summary: 'explain a block in plain words, each step of its draw with its numbers',
    load: async () => (await import('./show/show.ts')).show,
  },
  {
    name: 'export',
    summary: 'write a chain out as JSON, a line for each block, or a table',
    load: async () => (await import('./export/export.ts')).exportCommand,
  },
  {
    name: 'repair',
    summary: 'copy what is whole of a damaged chain to a new directory',
    load: async () => (await import('./repair/repair.ts')).repair,
  },
  {
    name: 'simulate',
    summary: 'draw many rounds without sockets and compare wins with stakes',
    load: async () => (await import('./simulate/simulate.ts')).simulate,
  },
  {
    name: 'scenario',
    summary: 'play a text file of people and times on a simulated clock, and print the chain',
    load: async () => (await import('./scenario/scenario.ts')).scenario,
  },
  {
    name: 'lab',
    summary: 'tamper with a copy of a chain, or attack a flawed lottery, and see what happens',
    load: async () => (await import('./lab/lab.ts')).lab,
  },
];

/** Runs the command that the arguments name; returns the exit code. */
export async function main(words: readonly string[], processIo: ProcessIo): Promise<number> {
  const args = withoutAlias(words);
  const io: CommandIo = { ...processIo, paint: new Chalk({ level: colourLevel(processIo) }), version: readVersion() };
  const [first = '', ...rest] = args;
  try {
    if (first === 'help') return await sayHelp(rest, io);
    // Without the name of a command it is the server, so that `npm start -- --port 9100` works.
    const isCommand = first !== '' && !first.startsWith('-');
    const verb = isCommand ? verbNamed(first) : serve;
    const commandArgs = isCommand ? rest : args;
    if (commandArgs.includes('--help') || commandArgs.includes('-h')) return await sayHelp(isCommand ? args : [], io);
    return await (await verb.load()).run(commandArgs, io);
  } catch (error) {
    if (!(error instanceof CommandError)) throw error;
    io.errors.write(`sortition: ${error.message}.\n`);
    return error.exitCode;
  }
}

/** Writes the help of a command, or the overview. Arguments after the command may name a part of it; options are passed over. */
async function sayHelp(args: readonly string[], io: CommandIo): Promise<number> {
  const [name, ...rest] = args.filter((word) => !word.startsWith('-'));
  const text = name === undefined ? `${await helpOf(serve)}${overviewText()}` : await helpOf(verbNamed(name), rest);
  watchOutput(io);
  io.output.write(text);
  return exitCodes.fine;
}

async function helpOf(verb: Verb, args: readonly string[] = []): Promise<string> {
  const command = await verb.load();
  return command.helpOn?.(args) ?? command.help;
}

function verbNamed(name: string): Verb {
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

function overviewText(): string {
  const rows = verbs.map(({ name, summary }) => `  ${name.padEnd(10)} ${summary}\n`);
  return `\nBesides, ${commandLine('VERB')} does one of these; ${commandLine('help', 'VERB')} says how:\n${rows.join('')}`;
}

/** Colour only where the output is a terminal that has colours and NO_COLOR is not set (https://no-color.org). */
function colourLevel({ output, environment }: ProcessIo): 0 | 1 | 2 | 3 {
  if (environment['NO_COLOR'] || !output.isTTY || supportsColor === false) return 0;
  return supportsColor.level;
}
