import type { ChalkInstance } from 'chalk';
import { escapeForDisplay } from '../../../base/escape-for-display.ts';
import { pluralize, shortHash } from '../../../base/formatting.ts';
import type { ChainKind, SealStatus } from '../../../consensus/engine.ts';
import type { SearchProgress } from '../../../consensus/work/search-progress.ts';
import type { Block } from '../../../core/block.ts';
import { parseBlock } from '../../../core/parse-block.ts';
import type { Candidate } from '../../../core/pool.ts';
import { limits as httpLimits } from '../../../http/limits.ts';
import { limits as tcpLimits } from '../../../tcp/limits.ts';
import { limits as cliLimits } from '../../limits.ts';
import { limits } from '../limits.ts';
import { blockLine, explainedBlock } from './block-text.ts';
import { type ListedRow, listing } from './listing.ts';
import { sealText } from './seal-text.ts';
import { searchText } from './search-text.ts';

/** What the operator may do and see. */
interface OperatorService {
  status(): {
    readonly height: number;
    readonly validators: number;
    readonly candidates: number;
    readonly totalStake: bigint;
    readonly kind: ChainKind;
    /** Undefined where there are no rounds. */
    readonly remainingMs: number | undefined;
    readonly search?: SearchProgress;
    readonly seal?: SealStatus;
    readonly isPaused: boolean;
    readonly isDrawing: boolean;
    readonly isDiskFull: boolean;
    readonly isSandbox: boolean;
    readonly seed?: string | undefined;
  };
  validators(): Iterable<{ readonly address: string; readonly stake: bigint }>;
  candidates(): Iterable<Candidate>;
  sealNow(): void;
  pause(): void;
  resume(): void;
}

export interface OperatorOptions {
  readonly service: OperatorService;
  readonly paint: ChalkInstance;
  readonly print: (text: string) => void;
  readonly drained: () => Promise<void>;
  /** The blocks from `first` to `last` from their store, of those that there are, as JSON texts. */
  readonly blocks: (first: number, last: number) => Promise<readonly string[]>;
  /** How the server does, in lines. */
  readonly stats: () => string;
  /** Why nothing is drawn here; undefined where it is. */
  readonly elsewhere: string | undefined;
  /** The other nodes, in lines. */
  readonly peers: () => string;
  /** Sends a connected validator away with its last words; its seat is not kept. */
  readonly kick: (address: string) => Promise<void>;
  /** Says something to every connection, as bytes in a latin1 string; returns how many there are. */
  readonly say: (line: string) => number;
  readonly quit: () => void;
}

const help = `  chain            the whole chain, a line for each block
  chain N          block N in full, and why its winner is that one
  chain tail [K]   the last K blocks [${limits.tailBlocks}]
  validators       who is connected, by stake; or validators 2, validators all
  round            the candidates of this round, in the same way
  stats            how connections ended, what was limited, how the server does
  peers            the other nodes, and why some were cut
  draw             draw now, without waiting for the end of the round
  pause            end no more rounds; people may go on proposing
  resume           end rounds again
  say TEXT         tell everybody something
  kick ADDRESS     send a validator away; the first digits will do
  help             this
  quit             stop the server; the chain is kept
Tab completes a command or an address; the arrow keys bring back old lines.
`;

/** What has to do with the making of blocks. */
const makingWords: readonly string[] = ['draw', 'pause', 'resume'];

/** What may be typed, and what may stand behind it. */
const words = [
  'chain',
  'validators',
  'round',
  'stats',
  'peers',
  'draw',
  'pause',
  'resume',
  'say',
  'kick',
  'help',
  'quit',
];
const seconds: Readonly<Record<string, readonly string[]>> = { chain: ['tail'], validators: ['all'], round: ['all'] };

/** The operator's commands, typed at the server's console. */
export class Operator {
  readonly #options: OperatorOptions;

  constructor(options: OperatorOptions) {
    this.#options = options;
  }

  /** One line that says where the lottery stands. */
  status(): string {
    const { paint, service } = this.#options;
    const status = service.status();
    const { kind, height, validators, candidates, totalStake, remainingMs, isPaused, isDrawing, isDiskFull } = status;
    const { search, seal, isSandbox, seed } = status;
    const idle = kind === 'instant' ? 'every BPM is a block at once' : 'waiting';
    const next = remainingMs === undefined ? idle : `draw in ${Math.ceil(remainingMs / 1000)} s`;
    const state = search === undefined ? (isPaused ? 'paused' : next) : searchText(search);
    const drawing = seal === undefined ? 'drawing' : sealText(seal);
    const when = isDiskFull ? 'the disk is full' : isDrawing && kind === 'lottery' ? drawing : state;
    const pool =
      candidates === 0
        ? 'no candidates'
        : `${pluralize(candidates, 'candidate')}${remainingMs === undefined ? '' : ` with ${pluralize(totalStake, 'token')}`}`;
    const sandbox = seed === undefined ? 'sandbox | ' : `sandbox of the seed ${seed} | `;
    return `${isSandbox ? sandbox : ''}${paint.bold(when)} | ${pool} | ${pluralize(validators, 'validator')} | height ${height}`;
  }

  /** Carries out a command. */
  async receive(line: string): Promise<void> {
    const { service, print, quit } = this.#options;
    const command = line.trim();
    const [, word = '', rest = ''] = /^(\S+)\s*(.*)$/.exec(command) ?? [];
    switch (word) {
      case 'chain':
        return this.#printChain(rest);
      case 'validators':
        return this.#printValidators(rest);
      case 'round':
        return this.#printRound(rest);
      case 'say':
        return this.#say(rest);
      case 'kick':
        return this.#kick(rest);
    }
    const { elsewhere } = this.#options;
    if (elsewhere !== undefined && makingWords.includes(command)) {
      print(`${elsewhere}\n`);
      return;
    }
    switch (command) {
      case '':
        return;
      case 'stats':
        print(this.#options.stats());
        return;
      case 'peers':
        print(this.#options.peers());
        return;
      case 'draw':
        if (service.status().kind === 'instant') print('Every BPM becomes a block at once: there is no draw.\n');
        else if (service.status().kind === 'lottery' && service.status().candidates === 0)
          print('There is no candidate to draw.\n');
        else service.sealNow();
        return;
      case 'pause':
        service.pause();
        print(
          service.status().kind === 'lottery'
            ? 'Paused: rounds do not end until you type resume (or draw, for one).\n'
            : 'Paused: no block is made until you type resume (or draw, for one).\n',
        );
        return;
      case 'resume':
        service.resume();
        print(`Resumed: ${this.status()}\n`);
        return;
      case 'help':
        print(help);
        return;
      case 'quit':
        quit();
        return;
      default:
        print(`"${escapeForDisplay(latin1(command))}" is not a command. There are:\n${help}`);
    }
  }

  /** What the last word of a line may be completed to, and that word; as readline wants it. */
  complete(line: string): [string[], string] {
    const [, command, typed = ''] = /^\s*(\S+)\s+(\S*)$/.exec(line) ?? [];
    if (command === undefined) {
      const word = line.trimStart();
      return [words.filter((name) => name.startsWith(word)).map((name) => `${name} `), word];
    }
    const choices =
      command === 'kick'
        ? this.#addressesFrom(typed, cliLimits.listedEntriesMax)
        : (seconds[command] ?? []).filter((word) => word.startsWith(typed));
    return [choices, typed];
  }

  async #printChain(which: string): Promise<void> {
    const { print, paint, service } = this.#options;
    const { height } = service.status();
    if (which === '') return this.#printBlocks(0, height);
    const tail = /^tail(?:\s+([1-9]\d{0,14}))?$/.exec(which);
    if (tail !== null) return this.#printBlocks(Math.max(0, height + 1 - Number(tail[1] ?? limits.tailBlocks)), height);
    const index = Number(which);
    if (!/^\d{1,15}$/.test(which)) {
      print('chain takes nothing, the index of a block (chain 12), or tail and how many (chain tail 5).\n');
    } else if (index > height) {
      print(`There is no block ${index}: the newest is block ${height}.\n`);
    } else {
      const [text = ''] = await this.#options.blocks(index, index);
      print(explainedBlock(read(text, index), paint));
    }
  }

  async #printBlocks(first: number, last: number): Promise<void> {
    const { print, drained, blocks, paint } = this.#options;
    // A reader may be slow: no more than a page waits for them.
    for (let start = first; start <= last; start += cliLimits.listedEntriesMax) {
      const texts = await blocks(start, Math.min(last, start + cliLimits.listedEntriesMax - 1));
      print(texts.map((text, offset) => blockLine(read(text, start + offset), paint)).join(''));
      await drained();
    }
  }

  async #printValidators(which: string): Promise<void> {
    const rows = [...this.#options.service.validators()].map(({ address, stake }) => ({
      stake,
      text: `${address}  ${stake}`,
    }));
    await this.#printList(rows, 'validator', 'validators', which);
  }

  async #printRound(which: string): Promise<void> {
    const { service, print } = this.#options;
    print(`${this.status()}\n`);
    const rows = [...service.candidates()].map(({ validator, stake, payload }) => ({
      stake,
      text: `${shortHash(validator)}  BPM ${payload}${stake === 0n ? '' : `  stake ${stake}`}`,
    }));
    await this.#printList(rows, 'candidate', 'round', which);
  }

  async #printList(rows: readonly ListedRow[], noun: string, command: string, which: string): Promise<void> {
    for (const piece of listing({ rows, noun, command, which })) {
      this.#options.print(piece);
      await this.#options.drained();
    }
  }

  #say(said: string): void {
    const { print, say } = this.#options;
    const line = latin1(said);
    if (line === '') print('say takes what you want to tell everybody, for example: say We begin in five minutes.\n');
    else if (line.length > tcpLimits.saidBytesMax) {
      print(`That has ${line.length} bytes, and was not said: say takes at most ${tcpLimits.saidBytesMax} at once.\n`);
    } else print(`Said to ${pluralize(say(line), 'connection')}.\n`);
  }

  async #kick(typed: string): Promise<void> {
    const { print, kick, service } = this.#options;
    // An address that is copied from here may be cut.
    const digits = typed.replace(/…$/, '').toLowerCase();
    if (!/^[0-9a-f]{1,64}$/.test(digits)) {
      print('kick takes the address of a validator, or its first digits, for example: kick 53757a23\n');
      return;
    }
    const [address, ...others] = this.#addressesFrom(digits, httpLimits.matchingAddressesMax);
    if (address === undefined) print(`No validator who is connected has an address that begins with ${digits}.\n`);
    else if (others.length > 0) {
      const list = [address, ...others].map((other) => `  ${other}\n`).join('');
      print(`More than one address begins with ${digits}; give more digits:\n${list}`);
    } else {
      await kick(address);
      const left =
        service.status().kind === 'lottery' ? ': a candidate stays in the draw, and a rejoin code is void' : '';
      print(`Kicked ${shortHash(address)}${left}.\n`);
    }
  }

  /** Those of the connected validators whose address begins so, at most so many. */
  #addressesFrom(digits: string, most: number): string[] {
    const found: string[] = [];
    for (const { address } of this.#options.service.validators()) {
      if (found.length === most) break;
      if (address.startsWith(digits)) found.push(address);
    }
    return found;
  }
}

function read(text: string, index: number): Block {
  const parsed = parseBlock(JSON.parse(text), index);
  if ('why' in parsed) throw new Error(`block ${index} in the store cannot be read: ${parsed.why}`);
  return parsed.value;
}

/** The bytes of what the operator typed, a character each, as everything that is shown to people is escaped from. */
function latin1(typed: string): string {
  return Buffer.from(typed).toString('latin1');
}
