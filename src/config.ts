import { isIP } from 'node:net';
import { parseArgs } from 'node:util';
import { parse as parseDotenv } from 'dotenv';
import { parseDigits } from './core/amount.ts';
import { limits } from './core/limits.ts';
import { printable } from './protocol/printable.ts';

/** The settings of SPEC 5, checked. */
export interface Config {
  readonly port: number;
  readonly host: string;
  readonly lotteryIntervalMs: number;
  readonly chainBroadcastIntervalMs: number;
  readonly dataDir: string;
  readonly maxStake: bigint;
  readonly slashAfter: number;
  readonly maxLinesPerSecond: number;
  readonly maxConnections: number;
  readonly maxConnectionsPerAddress: number;
  readonly dashboardPort: number;
  /** How long the seat of a broken connection is kept; 0 is not at all. */
  readonly rejoinGraceMs: number;
}

/** What the command line asks for; or what is wrong with it, or with a setting, in one line. */
export type Command =
  | { readonly kind: 'serve'; readonly config: Config }
  | { readonly kind: 'print'; readonly text: string }
  | { readonly kind: 'wrong'; readonly why: string };

export interface ConfigSources {
  /** The words after the command's name. */
  readonly words: readonly string[];
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** The contents of the .env file; undefined when there is none. */
  readonly envFile: string | undefined;
  readonly version: string;
}

interface Setting {
  readonly name: string;
  readonly initial: string;
  readonly means: string;
}

const settings: readonly Setting[] = [
  { name: 'PORT', initial: '9000', means: 'where validators connect; 0 takes any free port' },
  { name: 'HOST', initial: 'localhost', means: 'this machine only; 0.0.0.0 lets others in' },
  { name: 'LOTTERY_INTERVAL_MS', initial: '30000', means: 'a round' },
  { name: 'CHAIN_BROADCAST_INTERVAL_MS', initial: '60000', means: 'the full chain to everybody' },
  { name: 'DATA_DIR', initial: 'data', means: 'the chain and the master secret' },
  { name: 'MAX_STAKE', initial: '1000000000000000', means: 'the largest balance a validator may enter' },
  { name: 'SLASH_AFTER', initial: '1', means: 'tainted blocks until a validator is slashed' },
  { name: 'MAX_LINES_PER_SECOND', initial: '100', means: 'lines taken from one connection; 0 is no limit' },
  { name: 'MAX_CONNECTIONS', initial: '10000', means: 'more are told to try again later' },
  {
    name: 'MAX_CONNECTIONS_PER_ADDRESS',
    initial: '1000',
    means: 'of these from one other address; 0 is no limit',
  },
  {
    name: 'REJOIN_GRACE_MS',
    initial: 'auto',
    means: 'the seat of a broken connection is kept; auto: 120000, on localhost 0',
  },
  { name: 'DASHBOARD_PORT', initial: '9001', means: 'the web page, on the same HOST; 0 is none' },
];

/** Reads the settings: from the command line, else the environment, else .env, else the default (SPEC 5). */
export function readCommand(sources: ConfigSources): Command {
  const flags = readFlags(sources.words);
  if ('why' in flags) return { kind: 'wrong', why: flags.why };
  if (flags.has('help')) return { kind: 'print', text: serveHelp() };
  if (flags.has('version')) return { kind: 'print', text: `sortition ${sources.version}\n` };

  const reader = new SettingReader(flags, sources);
  const { intervalMsMin, intervalMsMax } = limits;
  const host = reader.host('HOST');
  const config: Config = Object.freeze({
    port: reader.whole('PORT', 0, 65_535),
    host,
    lotteryIntervalMs: reader.whole('LOTTERY_INTERVAL_MS', intervalMsMin, intervalMsMax),
    chainBroadcastIntervalMs: reader.whole('CHAIN_BROADCAST_INTERVAL_MS', intervalMsMin, intervalMsMax),
    dataDir: reader.directory('DATA_DIR'),
    maxStake: reader.amount('MAX_STAKE', limits.stakeCeiling),
    slashAfter: reader.whole('SLASH_AFTER', 1, 1_000_000),
    maxLinesPerSecond: reader.whole('MAX_LINES_PER_SECOND', 0, 1_000_000),
    maxConnections: reader.whole('MAX_CONNECTIONS', 1, 1_000_000),
    maxConnectionsPerAddress: reader.whole('MAX_CONNECTIONS_PER_ADDRESS', 0, 1_000_000),
    dashboardPort: reader.whole('DASHBOARD_PORT', 0, 65_535),
    rejoinGraceMs: reader.grace('REJOIN_GRACE_MS', isLoopback(host) ? 0 : limits.rejoinGraceMs),
  });
  if (reader.fault !== undefined) return { kind: 'wrong', why: reader.fault };
  if (flags.has('print-config')) return { kind: 'print', text: reader.printed() };
  return { kind: 'serve', config };
}

/** DATA_DIR alone, for whoever needs no other setting: a slip in these must not hinder it. Undefined when it is wrong itself. */
export function readDataDirectory(sources: Omit<ConfigSources, 'words' | 'version'>): string | undefined {
  const reader = new SettingReader(new Map(), { ...sources, words: [], version: '' });
  const directory = reader.directory('DATA_DIR');
  return reader.fault === undefined ? directory : undefined;
}

/** The flags that were given, by their names without dashes; the last one of a name counts. */
function readFlags(words: readonly string[]): Map<string, string> | { readonly why: string } {
  const switches = ['help', 'version', 'print-config'];
  const names = settings.map(({ name }) => flagOf(name));
  const options: Record<string, { type: 'string' | 'boolean'; short?: string }> = {};
  for (const name of names) options[name] = { type: 'string' };
  for (const name of switches) options[name] = { type: 'boolean' };
  options['help'] = { type: 'boolean', short: 'h' };
  // Not strict: its errors are several lines long, and the words to the person are ours.
  const { tokens } = parseArgs({ args: [...words], options, strict: false, tokens: true });
  const flags = new Map<string, string>();
  for (const token of tokens) {
    if (token.kind === 'option-terminator') continue;
    if (token.kind === 'positional') {
      return { why: `"${printable(token.value)}" is not understood: settings are given like --port 9000. See --help` };
    }
    if (switches.includes(token.name)) flags.set(token.name, '');
    else if (!names.includes(token.name)) {
      return { why: `there is no option ${printable(token.rawName)}. See --help for those that there are` };
    } else if (token.value === undefined) {
      return { why: `--${token.name} needs a value, for example --${token.name} ${initialOf(token.name)}` };
    } else flags.set(token.name, token.value);
  }
  return flags;
}

/** Reads one setting after the other, remembers the first fault, and where every value came from. */
class SettingReader {
  readonly #flags: ReadonlyMap<string, string>;
  readonly #environment: Readonly<Record<string, string | undefined>>;
  readonly #envFile: Readonly<Record<string, string>>;
  readonly #lines: string[] = [];
  fault: string | undefined;

  constructor(flags: ReadonlyMap<string, string>, { environment, envFile }: ConfigSources) {
    this.#flags = flags;
    this.#environment = environment;
    this.#envFile = parseDotenv(envFile ?? '');
  }

  /** A whole number from `min` to `max`. */
  whole(name: string, min: number, max: number): number {
    return Number(this.#number(name, BigInt(min), BigInt(max)));
  }

  /** A token amount from 1 to `max`. */
  amount(name: string, max: bigint): bigint {
    return this.#number(name, 1n, max);
  }

  /** A time from 0 to a day, ms, or `auto`. */
  grace(name: string, auto: number): number {
    const text = this.#find(name);
    if (text === 'auto') return auto;
    const number = parseDigits(text);
    if (number !== undefined && number <= BigInt(limits.intervalMsMax)) return Number(number);
    this.#refuse(name, text, `auto, or a whole number from 0 to ${limits.intervalMsMax}`, '120000');
    return 0;
  }

  host(name: string): string {
    const text = this.#find(name);
    if (text !== 'localhost' && isIP(text) === 0) {
      this.#refuse(name, text, 'localhost or an IP address', '0.0.0.0');
    }
    return text;
  }

  directory(name: string): string {
    const text = this.#find(name);
    if (text === '' || text.includes('\0')) this.#refuse(name, text, 'the path of a directory', 'data');
    return text;
  }

  /** All settings as lines of a .env file, with their sources. */
  printed(): string {
    return this.#lines.join('');
  }

  #number(name: string, min: bigint, max: bigint): bigint {
    const text = this.#find(name);
    const number = parseDigits(text);
    if (number !== undefined && number >= min && number <= max) return number;
    this.#refuse(name, text, `a whole number from ${min} to ${max}`, initialOf(flagOf(name)));
    return min;
  }

  /** The text of a setting. An empty variable, as in `PORT=`, is one that is not set; an empty flag is a slip. */
  #find(name: string): string {
    const candidates = [
      { source: 'command line', text: this.#flags.get(flagOf(name)) },
      { source: 'environment', text: this.#environment[name] || undefined },
      { source: '.env', text: this.#envFile[name] || undefined },
    ];
    const found = candidates.find(({ text }) => text !== undefined);
    const text = (found?.text ?? initialOf(flagOf(name))).trim();
    this.#lines.push(`${`${name}=${text}`.padEnd(40)} # ${found?.source ?? 'default'}\n`);
    return text;
  }

  #refuse(name: string, text: string, accepted: string, example: string): void {
    this.fault ??= `${name} is "${printable(text)}", but must be ${accepted}, for example ${name}=${example}`;
  }
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || host.startsWith('127.');
}

function flagOf(name: string): string {
  return name.toLowerCase().replaceAll('_', '-');
}

function initialOf(flag: string): string {
  return settings.find(({ name }) => flagOf(name) === flag)?.initial ?? '';
}

/** The help of the server: every setting with its default, examples, exit codes. */
export function serveHelp(): string {
  const rows = settings.map(({ name, initial, means }) => {
    return `  ${`--${flagOf(name)}`.padEnd(31)} ${means} [${initial}]\n`;
  });
  return `sortition: a proof-of-stake lottery that anyone can join with nc

Usage: npm start -- [options]

Options [default]:
${rows.join('')}  ${'--print-config'.padEnd(31)} show every setting, and where it comes from
  ${'--version'.padEnd(31)} show the version
  ${'-h, --help'.padEnd(31)} show this

Each setting may also be an environment variable, or a line in the file .env: --port is PORT there.
The command line counts first, then the environment, then .env.

Examples:
  npm start                                      a round every 30 s, for this machine
  npm start -- --host 0.0.0.0                    for everybody in the room
  npm start -- --lottery-interval-ms 5000        quick rounds, for a demonstration
  PORT=9100 DATA_DIR=other npm start             a second lottery beside the first

Exit codes: 0 stopped as asked, 1 failure, 2 wrong usage or setting, 3 port in use,
            4 data directory locked, damaged or not writable, 5 the disk refused a block.
`;
}
