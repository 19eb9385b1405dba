import { writeFileSync } from 'node:fs';
import { messageOf } from '../../base/error-message.ts';
import { escapeForDisplay } from '../../base/escape-for-display.ts';
import { limits } from '../../base/limits.ts';
import { writeWholeFile } from '../../platform/whole-file.ts';
import { readWholeChain } from '../chain/whole-chain.ts';
import type { Command, CommandIo } from '../command.ts';
import { UnreadableError, UnwritableError, UsageError } from '../command-error.ts';
import { exitCodes } from '../exit-codes.ts';
import { replaceableFile } from '../output-file.ts';
import { Progress, progressBar } from '../progress.ts';
import { commandLine } from '../start-command.ts';
import { watchOutput } from '../watched-output.ts';
import { columnsOf } from '../wrap-text.ts';
import { reportText } from './report.ts';
import {
  type Player,
  type SimulationResult,
  type SimulationSettings,
  type Split,
  simulate as simulateRounds,
} from './simulation.ts';
import { readSimulationOptions, type SimulationOptions } from './simulation-options.ts';
import { type Summary, summarise } from './summary.ts';
import { svgText } from './svg.ts';
import { csvText, jsonText } from './table-file.ts';

function help(): string {
  return `Usage: ${commandLine('simulate')} [OPTION ...]

Draws many rounds with the very draw of the server, without sockets, and compares wins with stakes.

  --stakes 50,30,20   a stake for each validator, or a range: 1..1000 is every whole number
  --validators 100    so many validators: a list is repeated, a range spread evenly
  --fork DIR          the validators of the last block of a real chain instead
  --rounds 100000     how many rounds (this is the default)
  --seed WORDS        the same seed gives the same run; printed when it is not given
  --split 0:10        what if validator 0 were 10 validators with a tenth of the stake each?
  --reward 1          each win adds so many tokens to the winner's stake
  --svg FILE          also draw a picture for a report
  --csv, --json       for a spreadsheet or a program, instead of the report; the first column of --csv tells the validators, the one
                      of --split, and the course of --reward apart

Examples:
  ${commandLine('simulate')}
  ${commandLine('simulate')} --stakes 50,30,20 --split 0:10
  ${commandLine('simulate')} --stakes 1..1000 --validators 100 --svg picture.svg
  ${commandLine('simulate')} --stakes 5,3,2 --reward 1 --rounds 10000

Exit codes: 0 done, 2 wrong usage, 4 there is no chain for --fork or it cannot be read, 5 the output cannot be written.
`;
}

/** Draws many rounds without sockets and compares wins with stakes. */
export const simulate: Command = {
  get help() {
    return help();
  },
  async run(args, io) {
    watchOutput(io);
    const options = readSimulationOptions(args);
    const summary = run(await settingOf(options), options.split, io);
    if (options.svg !== undefined) writePicture(options.svg, svgText(summary));
    io.output.write(textOf(summary, options, io));
    return exitCodes.fine;
  },
};

async function settingOf({ players, rounds, reward, seed, split }: SimulationOptions): Promise<SimulationSettings> {
  const found = 'fork' in players ? await playersOfChain(players.fork) : players;
  const total = found.reduce((sum, { stake }) => sum + stake, 0n) + reward * BigInt(rounds);
  if (String(total).length > limits.amountDigitsMax) {
    throw new UsageError(
      `the stakes and rewards add up to ${String(total).length} digits, more than can be drawn from`,
    );
  }
  checkSplit(split, found);
  return { players: found, rounds, reward, seed };
}

function checkSplit(split: Split | undefined, players: readonly Player[]): void {
  if (split === undefined) return;
  const stake = players[split.player]?.stake;
  if (stake === undefined) {
    throw new UsageError(`--split names validator ${split.player}, but they are 0 to ${players.length - 1}`);
  }
  if (stake < BigInt(split.pieces)) {
    throw new UsageError(
      `--split wants ${split.pieces} pieces, but validator ${split.player} has only ${stake} tokens`,
    );
  }
}

async function playersOfChain(directory: string): Promise<readonly Player[]> {
  const { lastPool } = await readWholeChain(directory);
  if (lastPool === undefined) {
    throw new UnreadableError(
      `the pool of the last block in ${escapeForDisplay(directory)} is lost, and its stakes with it`,
    );
  }
  if (lastPool.length === 0) {
    throw new UsageError(
      `the chain in ${escapeForDisplay(directory)} has no drawn block yet, so it has no stakes to begin with`,
    );
  }
  return lastPool.map(({ validator, stake }) => ({ name: validator.slice(0, 8), stake }));
}

function run(setting: SimulationSettings, split: Split | undefined, { errors }: CommandIo): Summary {
  const beginMs = performance.now();
  const progress = new Progress(errors, () => performance.now());
  const total = setting.rounds * (split === undefined ? 1 : 2);
  const show = (rounds: number): void => {
    progress.show(() => progressText(rounds / total, performance.now() - beginMs));
  };
  try {
    const outcome = finish(simulateRounds(setting), show);
    if (split === undefined) return summarise(setting, outcome, undefined);
    const splitOutcome = finish(simulateRounds(setting, split), (round) => show(setting.rounds + round));
    return summarise(setting, outcome, { split, outcome: splitOutcome });
  } finally {
    progress.end();
  }
}

function progressText(share: number, sinceMs: number): string {
  const leftSeconds = Math.ceil((sinceMs * (1 / share - 1)) / 1000);
  return `${progressBar(share)}, ${leftSeconds} s left`;
}

function finish(steps: Generator<number, SimulationResult>, show: (round: number) => void): SimulationResult {
  for (;;) {
    const step = steps.next();
    if (step.done) return step.value;
    show(step.value);
  }
}

function textOf(summary: Summary, { output }: SimulationOptions, io: CommandIo): string {
  switch (output) {
    case 'csv':
      return csvText(summary);
    case 'json':
      return jsonText(summary);
    case 'text':
      return reportText(summary, io.paint, columnsOf(io.output));
  }
}

function writePicture(file: string, text: string): void {
  try {
    const place = replaceableFile(file);
    if (place === undefined) writeFileSync(file, text);
    else writeWholeFile(place.path, text, place.mode);
  } catch (error) {
    throw new UnwritableError(file, messageOf(error));
  }
}
