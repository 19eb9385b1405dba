import { isIP } from 'node:net';
import { parse as parseDotenv } from 'dotenv';
import { parseDigits } from '../../base/amount.ts';
import { parseDuration } from '../../base/duration.ts';
import { escapeForDisplay } from '../../base/escape-for-display.ts';
import { isHash } from '../../core/hash.ts';
import { limits } from '../limits.ts';
import { type LogPlace, parseLogPlace } from './log-place.ts';
import { parsePeerAddress } from './peer-address.ts';
import { exampleOf, flagOf, initialOf, isForeign, propertyOf } from './setting.ts';

/** Where settings are looked for, besides the command line. */
export interface SettingSources {
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** The contents of the .env file; undefined when there is none. */
  readonly envFile: string | undefined;
  /** What a program has given, by the names of the settings; left out where a person runs the server. */
  readonly given?: ReadonlyMap<string, string>;
}

/** Reads one setting after the other, remembers the first fault, and where every value came from. */
export class SettingReader {
  readonly #flags: ReadonlyMap<string, string>;
  readonly #environment: Readonly<Record<string, string | undefined>>;
  readonly #envFile: Readonly<Record<string, string>>;
  readonly #program: ReadonlyMap<string, string>;
  readonly #lines: string[] = [];
  fault: string | undefined;

  constructor(flags: ReadonlyMap<string, string>, { environment, envFile, given }: SettingSources) {
    this.#flags = flags;
    this.#environment = environment;
    this.#envFile = parseDotenv(envFile ?? '');
    this.#program = given ?? new Map();
  }

  /** A whole number from `min` to `max`. */
  whole(name: string, min: number, max: number): number {
    return Number(this.#number(name, BigInt(min), BigInt(max)));
  }

  /** The same; undefined for `none`. */
  wholeIfSet(name: string, min: number, max: number): number | undefined {
    const found = this.#find(name);
    if (found.text === 'none') return undefined;
    const number = parseDigits(found.text);
    if (number !== undefined && number >= BigInt(min) && number <= BigInt(max)) return Number(number);
    this.#refuse(found, `none, or a whole number from ${min} to ${max}`, exampleOf(name));
    return undefined;
  }

  /** A hash of 64 lower-case hex digits; undefined for `none`. */
  hashIfSet(name: string): string | undefined {
    const found = this.#find(name);
    if (found.text === 'none') return undefined;
    if (isHash(found.text)) return found.text;
    this.#refuse(found, 'none, or 64 lower-case hex digits', exampleOf(name));
    return undefined;
  }

  /** A word of letters, digits, dots, dashes and underscores, so that it is the same wherever it is shown; undefined for `none`. */
  wordIfSet(name: string, charactersMax: number): string | undefined {
    const found = this.#find(name);
    if (found.text === 'none') return undefined;
    if (found.text.length <= charactersMax && /^[A-Za-z0-9._-]+$/.test(found.text)) return found.text;
    this.#refuse(
      found,
      `none, or a word of up to ${charactersMax} letters, digits, dots, dashes and underscores`,
      exampleOf(name),
    );
    return undefined;
  }

  /** Addresses of peers with commas between them; empty for `none`. */
  peers(name: string): readonly string[] {
    const found = this.#find(name);
    if (found.text === 'none') return [];
    return found.text.split(',').flatMap((typed) => {
      const address = parsePeerAddress(typed.trim());
      if (address !== undefined) return [address];
      const accepted = 'the line that another node prints for --peer, or HOST:PORT';
      this.#refuse({ ...found, text: typed.trim() }, accepted, exampleOf(name));
      return [];
    });
  }

  /** The members of an etcd, with commas between them and maybe a name of the lottery at the end; undefined for `local`. */
  log(name: string): LogPlace | undefined {
    const found = this.#find(name);
    if (found.text === 'local') return undefined;
    const place = parseLogPlace(found.text);
    if (place === undefined)
      this.#refuse(found, 'local, or etcd://HOST:PORT with more HOST:PORT behind commas', exampleOf(name));
    return place;
  }

  /** Addresses of beacons, or `drand`, with commas between them, each once; empty for `none`. */
  beacons(name: string): readonly string[] {
    const found = this.#find(name);
    if (found.text === 'none') return [];
    const read = found.text.split(',').map((typed) => {
      const text = typed.trim();
      if (text === 'drand') return text;
      if (isAddress(text)) return text.replace(/\/+$/, '');
      this.#refuse({ ...found, text }, 'none, drand, or the address of a beacon', exampleOf(name));
      return text;
    });
    return [...new Set(read)];
  }

  /** A token amount from 1 to `max`. */
  amount(name: string, max: bigint): bigint {
    return this.#number(name, 1n, max);
  }

  /** The same, where it is set somewhere; undefined where it is left to the default, as `choiceIfSet`. */
  amountIfSet(name: string, max: bigint): bigint | undefined {
    return this.#ifGiven(name, this.amount(name, max));
  }

  /** A time from `min` to `max` ms: `5s`, `2m`, `500ms`, or plain ms. */
  duration(name: string, min: number, max: number): number {
    const found = this.#find(name);
    const ms = parseDuration(found.text);
    if (ms !== undefined && ms >= BigInt(min) && ms <= BigInt(max)) return Number(ms);
    this.#refuse(found, timeWords(min, max), initialOf(name));
    return min;
  }

  /** A time from 0 to a day, or `auto`, which is so many ms. */
  grace(name: string, auto: number): number {
    const found = this.#find(name);
    if (found.text === 'auto') return auto;
    const ms = parseDuration(found.text);
    if (ms !== undefined && ms <= BigInt(limits.intervalMsMax)) return Number(ms);
    this.#refuse(found, `auto, or ${timeWords(0, limits.intervalMsMax)}`, '2m');
    return 0;
  }

  /** A whole number from 1 to `max`, or `auto`, which is this one. */
  wholeOrAuto(name: string, auto: number, max: number): number {
    const found = this.#find(name);
    if (found.text === 'auto') return auto;
    const number = parseDigits(found.text);
    if (number !== undefined && number >= 1n && number <= BigInt(max)) return Number(number);
    this.#refuse(found, `auto, or a whole number from 1 to ${max}`, '2');
    return 1;
  }

  /** One of these words. */
  choice<Word extends string>(name: string, words: readonly [Word, ...Word[]]): Word {
    const found = this.#find(name);
    const word = words.find((each) => each === found.text);
    if (word === undefined) this.#refuse(found, words.join(', ').replace(/, ([^,]*)$/, ' or $1'), words[0]);
    return word ?? words[0];
  }

  /**
   * The same, where it is set somewhere; undefined where it is left to the default. That is printed as a comment, because a file of these lines
   * would set it.
   */
  choiceIfSet<Word extends string>(name: string, words: readonly [Word, ...Word[]]): Word | undefined {
    return this.#ifGiven(name, this.choice(name, words));
  }

  host(name: string): string {
    const found = this.#find(name);
    const isHost = found.text === 'localhost' || isIP(found.text) !== 0;
    if (!isHost) this.#refuse(found, 'localhost or an IP address', '0.0.0.0');
    return found.text;
  }

  directory(name: string): string {
    const found = this.#find(name);
    if (found.text === '' || found.text.includes('\0')) this.#refuse(found, 'the path of a directory', 'data');
    return found.text;
  }

  /** All settings as lines of a .env file, with their sources. */
  printed(): string {
    return this.#lines.join('');
  }

  /** A value that was just read, where it was given; undefined, and its line a comment, where it is the default. */
  #ifGiven<Value>(name: string, value: Value): Value | undefined {
    if (this.#given(name) !== undefined) return value;
    this.#lines.push(`# ${this.#lines.pop() ?? ''}`);
    return undefined;
  }

  #number(name: string, min: bigint, max: bigint): bigint {
    const found = this.#find(name);
    const number = parseDigits(found.text);
    if (number !== undefined && number >= min && number <= max) return number;
    this.#refuse(found, `a whole number from ${min} to ${max}`, initialOf(name));
    return min;
  }

  /** The text of a setting, and where it was found. An empty variable, as in `PORT=`, is one that is not set; an empty flag is a slip. */
  #find(name: string): Found {
    const found = this.#given(name);
    const text = (found?.text ?? initialOf(name)).trim();
    const source = found?.source ?? 'default';
    this.#lines.push(`${`${name}=${text}`.padEnd(40)} # ${source}\n`);
    return { name, text, source };
  }

  /** What was given, and where; undefined where nothing was. */
  #given(name: string): (Pick<Found, 'source'> & { readonly text: string | undefined }) | undefined {
    const inherited = this.#environment[name];
    const candidates = [
      { source: 'program', text: this.#program.get(name) },
      { source: 'command line', text: this.#flags.get(flagOf(name)) },
      { source: 'environment', text: inherited && !isForeign(name, inherited) ? inherited : undefined },
      { source: '.env', text: this.#envFile[name] || undefined },
    ] as const;
    return candidates.find(({ text }) => text !== undefined);
  }

  /** Keeps the first fault: the setting as it was typed, what is accepted, and an example to be typed in the same place. */
  #refuse({ name, text, source }: Found, accepted: string, example: string): void {
    const isGivenHere = source === 'command line' || source === 'program';
    const written = (value: string): string => {
      if (source === 'program') return `${propertyOf(name)}: ${value}`;
      return source === 'command line' ? `--${flagOf(name)} ${value}` : `${name}=${value}`;
    };
    const place = isGivenHere ? '' : ` in ${source === '.env' ? '.env' : `the ${source}`}`;
    this.fault ??= `${written(text === '' ? '""' : escapeForDisplay(text))}${place} is wrong: it must be ${accepted}, for example ${written(example)}`;
  }
}

/** A setting as it was found. */
interface Found {
  readonly name: string;
  readonly text: string;
  readonly source: 'program' | 'command line' | 'environment' | '.env' | 'default';
}

function timeWords(minMs: number, maxMs: number): string {
  return `a time from ${minMs} to ${maxMs} ms, such as 5s, 2m or 500ms`;
}

/** An address behind which paths can be asked for. Of a URL with a name and a password, no request can be made. */
function isAddress(text: string): boolean {
  if (!/^https?:\/\//i.test(text) || !URL.canParse(text)) return false;
  const { search, hash, username, password } = new URL(text);
  return search + hash + username + password === '';
}
