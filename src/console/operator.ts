import type { ChalkInstance } from 'chalk';
import { readBlock } from '../core/form.ts';
import { limits } from '../core/limits.ts';
import type { Candidate } from '../core/pool.ts';
import { counted, short } from '../core/words.ts';
import { printable } from '../protocol/printable.ts';
import { blockText } from './block-text.ts';

/** What the operator may do and see. */
interface OperatorDesk {
  status(): {
    readonly height: number;
    readonly validators: number;
    readonly candidates: number;
    readonly totalStake: bigint;
    readonly remainingMs: number;
    readonly isPaused: boolean;
    readonly isDrawing: boolean;
    readonly isDiskFull: boolean;
  };
  validators(): Iterable<{ readonly address: string; readonly stake: bigint }>;
  candidates(): Iterable<Candidate>;
  drawNow(): void;
  pause(): void;
  resume(): void;
}

export interface OperatorOptions {
  readonly desk: OperatorDesk;
  readonly paint: ChalkInstance;
  readonly print: (text: string) => void;
  readonly drained: () => Promise<void>;
  /** The whole chain from its store, as JSON texts. */
  readonly blocks: () => AsyncIterable<readonly string[]>;
  /** How the server does, in lines. */
  readonly stats: () => string;
  readonly quit: () => void;
}

const help = `  chain        the whole chain
  validators   who is connected, with which stake
  round        the candidates of this round
  stats        how connections ended, what was limited, and how the server does
  draw         draw now, without waiting for the end of the round
  pause        end no more rounds; people may go on proposing
  resume       end rounds again
  help         this
  quit         stop the server; the chain is kept
`;

/** The operator's commands, typed at the server's console. */
export class Operator {
  readonly #options: OperatorOptions;

  constructor(options: OperatorOptions) {
    this.#options = options;
  }

  /** One line that says where the lottery stands. */
  status(): string {
    const { paint, desk } = this.#options;
    const { height, validators, candidates, totalStake, remainingMs, isPaused, isDrawing, isDiskFull } = desk.status();
    const seconds = Math.ceil(remainingMs / 1000);
    const when = isDiskFull ? 'the disk is full' : isDrawing ? 'drawing' : isPaused ? 'paused' : `draw in ${seconds} s`;
    const pool =
      candidates === 0 ? 'no candidates' : `${counted(candidates, 'candidate')} with ${counted(totalStake, 'token')}`;
    return `${paint.bold(when)} | ${pool} | ${counted(validators, 'validator')} | height ${height}`;
  }

  /** Carries out a command. */
  async receive(line: string): Promise<void> {
    const { desk, print, quit } = this.#options;
    const command = line.trim();
    switch (command) {
      case '':
        return;
      case 'chain':
        return this.#printChain();
      case 'validators':
        return this.#printValidators();
      case 'round':
        return this.#printRound();
      case 'stats':
        print(this.#options.stats());
        return;
      case 'draw':
        if (desk.status().candidates === 0) print('There is no candidate to draw.\n');
        else desk.drawNow();
        return;
      case 'pause':
        desk.pause();
        print('Paused: rounds do not end until you type resume (or draw, for one).\n');
        return;
      case 'resume':
        desk.resume();
        print(`Resumed: ${this.status()}\n`);
        return;
      case 'help':
        print(help);
        return;
      case 'quit':
        quit();
        return;
      default:
        print(`"${printable(command)}" is not a command. There are:\n${help}`);
    }
  }

  async #printChain(): Promise<void> {
    const { print, drained, blocks, paint } = this.#options;
    let index = 0;
    for await (const batch of blocks()) {
      for (const text of batch) {
        const form = readBlock(JSON.parse(text), index);
        if ('why' in form) throw new Error(`block ${index} in the store cannot be read: ${form.why}`);
        print(blockText(form.value, paint));
        index += 1;
        await drained();
      }
    }
  }

  #printValidators(): void {
    const rows = [...this.#options.desk.validators()].map(({ address, stake }) => `${address}  ${stake}`);
    this.#printList(rows, counted(rows.length, 'validator'));
  }

  #printRound(): void {
    const { desk, print } = this.#options;
    print(`${this.status()}\n`);
    const rows = [...desk.candidates()].map(
      ({ validator, stake, bpm }) => `${short(validator)}  BPM ${bpm}  stake ${stake}`,
    );
    this.#printList(rows, counted(rows.length, 'candidate'));
  }

  #printList(rows: readonly string[], title: string): void {
    const shown = rows.slice(0, limits.listedEntriesMax);
    const more = rows.length > shown.length ? `  … and ${rows.length - shown.length} more\n` : '';
    this.#options.print(`${title}\n${shown.map((row) => `  ${row}\n`).join('')}${more}`);
  }
}
