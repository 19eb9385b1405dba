import { closeSync, openSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { escapeForDisplay, onOneLine } from '../base/escape-for-display.ts';
import type { Parsed } from '../core/json-record.ts';
import { limits } from './limits.ts';
import { makeDirectory } from './make-directory.ts';
import { parseWallet, type SealedWallet, sealWallet, usualCost, walletText } from './wallet-file.ts';
import { writeWholeFile } from './whole-file.ts';

/** Behind the name of each wallet's file. */
const ending = '.json';

/** What a wallet is made of. The phrase must have passed parsePhrase. */
export interface NewWallet {
  readonly phrase: string;
  /** The i of m/44'/1'/i'. */
  readonly account: number;
  readonly passphrase: string;
}

/** The wallets in a directory, one file each, for their owner alone. Where no other error is named, the system's are thrown. */
export class Keystore {
  readonly directory: string;
  readonly #cost: number;

  /** `cost` is scrypt's N for new wallets. The directory need not exist before the first of them. */
  constructor(directory: string, cost: number = usualCost) {
    this.directory = directory;
    this.#cost = cost;
  }

  /** The names of all wallets, in alphabetical order. */
  names(): readonly string[] {
    return this.#entries()
      .filter((entry) => entry.endsWith(ending))
      .map((entry) => entry.slice(0, -ending.length))
      .filter((name) => findNameFault(name) === undefined)
      .sort();
  }

  /** The file of a wallet. `name` must be one. */
  fileOf(name: string): string {
    return join(this.directory, `${name}${ending}`);
  }

  /** What a wallet's file says, or why it cannot be used, in words that have the file in them. */
  read(name: string): Parsed<SealedWallet> {
    const file = this.fileOf(name);
    const shown = onOneLine(file);
    const { mode, size, isOrdinary } = statusOf(file);
    if (!isOrdinary) return { why: `${shown} is no ordinary file` };
    // Windows has no such bits, and shows every file as open.
    if (process.platform !== 'win32' && (mode & 0o077) !== 0) {
      const bits = (mode & 0o777).toString(8).padStart(3, '0');
      return {
        why: `${shown} is open to others (mode ${bits}), and a wallet is for its owner alone. To close it: chmod 600 ${shown}`,
      };
    }
    if (size > limits.walletBytesMax) return { why: `${shown} is no wallet: it has ${size} bytes` };
    const parsed = parseWallet(readFileSync(file, 'utf8'));
    return 'value' in parsed ? parsed : { why: `${shown} ${parsed.why}` };
  }

  /**
   * Makes a wallet and its file, which then survives a power cut. Undefined where the name is taken: no wallet is ever written over, not even
   * one that another process makes at the same time.
   */
  async create(name: string, { phrase, account, passphrase }: NewWallet): Promise<SealedWallet | undefined> {
    const wallet = await sealWallet(phrase, account, passphrase, this.#cost);
    makeDirectory(this.directory, 0o700);
    const file = this.fileOf(name);
    if (!reserve(file)) return undefined;
    try {
      writeWholeFile(file, walletText(wallet), 0o600);
    } catch (error) {
      rmSync(file, { force: true });
      throw error;
    }
    return wallet;
  }

  #entries(): readonly string[] {
    try {
      return readdirSync(this.directory);
    } catch (error) {
      if (isCode(error, 'ENOENT')) return [];
      throw error;
    }
  }
}

/** What a name must not be, in words that follow it; undefined for a name that a wallet may have. */
export function findNameFault(name: string): string | undefined {
  const { walletNameMax } = limits;
  if (name.length > walletNameMax) return `has ${name.length} characters, and a name has at most ${walletNameMax}`;
  const stranger = [...name].find((character) => !/[\w-]/.test(character));
  if (stranger !== undefined)
    return `has ${escapeForDisplay(JSON.stringify(stranger))} in it, and a name consists of letters (a to z), digits, - and _`;
  return /^[A-Za-z0-9]/.test(name) ? undefined : 'does not begin with a letter or digit';
}

function statusOf(file: string): { readonly mode: number; readonly size: number; readonly isOrdinary: boolean } {
  const status = statSync(file);
  return { mode: status.mode, size: status.size, isOrdinary: status.isFile() };
}

/** Makes an empty file, unless there is one of that name. */
function reserve(file: string): boolean {
  try {
    closeSync(openSync(file, 'wx', 0o600));
    return true;
  } catch (error) {
    if (isCode(error, 'EEXIST')) return false;
    throw error;
  }
}

function isCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}
