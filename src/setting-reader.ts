import { isIP } from 'node:net';
import { parse as parseDotenv } from 'dotenv';
import { parseDigits } from './core/amount.ts';
import { limits } from './core/limits.ts';
import { printable } from './protocol/printable.ts';
import { flagOf, initialOf } from './setting.ts';

/** Where settings are looked for, besides the command line. */
export interface SettingSources {
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** The contents of the .env file; undefined when there is none. */
  readonly envFile: string | undefined;
}

/** Reads one setting after the other, remembers the first fault, and where every value came from. */
export class SettingReader {
  readonly #flags: ReadonlyMap<string, string>;
  readonly #environment: Readonly<Record<string, string | undefined>>;
  readonly #envFile: Readonly<Record<string, string>>;
  readonly #lines: string[] = [];
  fault: string | undefined;

  constructor(flags: ReadonlyMap<string, string>, { environment, envFile }: SettingSources) {
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
    this.#refuse(name, text, `a whole number from ${min} to ${max}`, initialOf(name));
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
    const text = (found?.text ?? initialOf(name)).trim();
    this.#lines.push(`${`${name}=${text}`.padEnd(40)} # ${found?.source ?? 'default'}\n`);
    return text;
  }

  #refuse(name: string, text: string, accepted: string, example: string): void {
    this.fault ??= `${name} is "${printable(text)}", but must be ${accepted}, for example ${name}=${example}`;
  }
}
