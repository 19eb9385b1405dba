import { readFileSync, statSync } from 'node:fs';
import { messageOf } from '../../base/error-message.ts';
import { escapeForDisplay } from '../../base/escape-for-display.ts';
import { withThousands } from '../../base/formatting.ts';
import type { Block } from '../../core/block.ts';
import { parseExact } from '../../core/exact-json.ts';
import { parseBlock } from '../../core/parse-block.ts';
import { seededWallets } from '../../platform/seeded-secrets.ts';
import { SettableClock } from '../../platform/settable-clock.ts';
import type { Command } from '../command.ts';
import { UnreadableError, UsageError } from '../command-error.ts';
import type { Config } from '../config/config.ts';
import { exitCodes } from '../exit-codes.ts';
import { type OptionForm, readOptions } from '../options.ts';
import { commandLine } from '../start-command.ts';
import { watchOutput } from '../watched-output.ts';
import { limits } from './limits.ts';
import type { Person } from './person.ts';
import { readSeed, readSettings, settable, usualSeed } from './scenario-settings.ts';
import { parseScript, type Script, type Step } from './script.ts';
import { Stage, type StageOptions } from './stage.ts';
import { chainText, Story, transcriptText } from './story.ts';

const forms: readonly OptionForm[] = [{ name: 'seed', example: 'lesson-1' }, { name: 'transcript' }, { name: 'json' }];

/** Plays a text file of people and times, and prints the chain. */
export const scenario: Command = {
  get help() {
    return `Plays a text file of people and times on a simulated clock, with the very node and conversation of the server, and prints what
happens and the chain. The same file and the same seed give the same output, byte for byte: for lessons and bug reports.

Usage: ${commandLine('scenario')} FILE [options]

  FILE            a line for each moment, in the order of time. What stands behind # is a comment
  --seed WORD     where addresses, keys and draws come from [${usualSeed}]
  --transcript    also what each person reads and types
  --json          nothing but the chain, on one line as a server sends it
  -h, --help      shows this

A file, with everything that a line may say:
  with --lottery-interval-ms 30s --slash-after 2    settings, above the first moment, as npm start takes them
  at 0s Ada joins 100       connects, and enters a balance; on an instant chain without one
  at 2s Ada bpm 72          proposes a block
  at 3s Ada types hello     any line
  at 4s Ada quits           types quit
  at 4s Ada hangs up        the connection breaks
  at 5s Ada rejoins         connects, and types what brings her back: --rejoin-grace-ms 2m keeps seats
  at 6s pause               the operator; also resume, draw, restart, say LINE, kick NAME
  at 90s end                the end; where it is left out it comes a round after the last moment

Settings: ${settable.map((name) => `--${name}`).join(', ')}.

Examples:
  ${commandLine('scenario')} lesson.txt
  ${commandLine('scenario')} lesson.txt --transcript --seed monday
  ${commandLine('scenario')} lesson.txt --json | ${commandLine('verify')} -

Exit codes: 0 played, 2 wrong usage or something wrong in the file, 4 the file cannot be read, 5 the output cannot be written.
`;
  },
  async run(args, io) {
    watchOutput(io);
    const { positionals, values } = readOptions(args, forms);
    const [file, other] = positionals;
    if (file === undefined || other !== undefined)
      throw new UsageError('scenario takes one file, for example scenario lesson.txt');
    if (values.has('json') && values.has('transcript'))
      throw new UsageError('--json and --transcript do not go together: choose one');
    const name = escapeForDisplay(file);
    const parsed = parseScript(readScript(file));
    if ('why' in parsed) throw new UsageError(`${name}: ${parsed.why}`);
    const config = readSettings(parsed.value, name, io.version);
    const seed = readSeed(values.get('seed'), io.version);
    const played = await play(parsed.value, { config, seed });
    if (values.has('json')) {
      io.output.write(`[${played.blocks.join(',')}]\n`);
      return exitCodes.fine;
    }
    const transcripts = values.has('transcript') ? played.people.map((person) => `\n${transcriptText(person)}`) : [];
    io.output.write(
      `${name} from the seed ${seed}. All of it is simulated, the time as well.\n\n${played.story}${transcripts.join('')}\n${played.table}`,
    );
    return exitCodes.fine;
  },
};

/** What came of a scenario. */
interface Played {
  /** What happened, a line for each moment. */
  readonly story: string;
  readonly people: readonly Person[];
  /** The chain, a text for each block, and as a table. */
  readonly blocks: readonly string[];
  readonly table: string;
}

async function play({ steps }: Script, { config, seed }: Pick<StageOptions, 'config' | 'seed'>): Promise<Played> {
  const clock = new SettableClock();
  const people = new Map<string, Person>();
  let told = '';
  const story = new Story({
    clock,
    people,
    faucet: seededWallets(seed).signer(0).key,
    print: (line) => {
      told += line;
    },
  });
  const stage = await Stage.open({ config, seed, clock, people, listener: story });
  for (const { atMs, text, what } of steps) {
    await stage.passTo(atMs);
    story.tell(escapeForDisplay(text));
    const mishap = 'order' in what ? await stage.obey(what.order) : await stage.act(what.person, what.deed);
    if (mishap !== undefined) story.tell(`  ${mishap}`);
  }
  if (!isEnded(steps)) await stage.passTo(endOf(steps, config));
  await stage.close();
  const blocks = await stage.blocks();
  const parsed = blocks.map((text, index) => readBlock(text, index));
  const table = chainText(parsed, (validator) => story.nameOf(validator));
  return { story: told, people: [...people.values()], blocks, table };
}

function isEnded(steps: readonly Step[]): boolean {
  const last = steps.at(-1);
  return last !== undefined && 'order' in last.what && last.what.order.kind === 'end';
}

/** When a scenario ends: where it does not say so, when the round is over in which its last moment is. */
function endOf(steps: readonly Step[], { lotteryIntervalMs }: Config): number {
  return (steps.at(-1)?.atMs ?? 0) + (isEnded(steps) ? 0 : lotteryIntervalMs);
}

function readBlock(text: string, index: number): Block {
  const parsed = parseBlock(parseExact(text), index);
  if ('why' in parsed) throw new Error(parsed.why);
  return parsed.value;
}

function readScript(file: string): string {
  try {
    const { size } = statSync(file);
    if (size > limits.fileBytesMax) {
      const bytes = `${withThousands(size)} bytes, more than the ${withThousands(limits.fileBytesMax)} that a scenario may have`;
      throw new UnreadableError(`${file} has ${bytes}`);
    }
    return readFileSync(file, 'utf8');
  } catch (error) {
    if (error instanceof UnreadableError) throw error;
    throw new UnreadableError(`${file} cannot be read: ${messageOf(error)}`);
  }
}
