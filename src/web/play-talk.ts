import type { RememberedSeat } from './remembered-seat.ts';

/** Where a person stands in the conversation with the server. */
export type PlayStage =
  /** There is no connection, or nothing has been heard of the seat that this tab had. */
  | 'away'
  /** At the prompt for a token balance. */
  | 'balance'
  /** At the prompt for a BPM. */
  | 'bpm'
  /** The server has ended the seat. It does not begin again by itself. */
  | 'over';

/** A candidate that waits for its draw. */
export interface OwnCandidate {
  readonly index: number;
  readonly bpm: string;
}

/** What the person is told outside of the fields of the page. */
export type PlayNews =
  | { readonly kind: 'error'; readonly words: string }
  /** The seat is gone, and the last words say why. */
  | { readonly kind: 'over'; readonly words: string }
  /** A block was made of a BPM at once. */
  | { readonly kind: 'block'; readonly index: number }
  | { readonly kind: 'said'; readonly words: string };

/** Last words after which coming back by itself would only do harm. */
const finalWords = [
  /^Slashed: /,
  /^Goodbye\./,
  /^Error: another connection has taken your seat over/,
  /^Error: the server is full, and whoever has not entered a balance/,
  /^The operator of the server closes this connection\./,
  / so the server closes this connection: connect again\.$/,
  /^The server that makes the blocks has signed two different blocks/,
];

/**
 * The conversation with the server (protocol.md, 1), as the page of a person follows it: each line is heard, and what it says of the seat is kept. A line
 * that is not known is shown as it came. It takes the seat again by itself that this tab had.
 */
export class PlayTalk {
  stage: PlayStage = 'away';
  /** The validator of this tab; undefined before the first welcome. */
  address: string | undefined;
  stake: string | undefined;
  /** The candidates that wait for their draws, the next one first. While a draw is under way there may be two. */
  candidates: readonly OwnCandidate[] = [];
  /** How many tickets the last of them holds so far, of how many; undefined without one. */
  tickets: readonly [held: string, total: string] | undefined;
  /** The line that gives the seat back; undefined while there is none. */
  comeback: string | undefined;
  /** The blocks that the server said this person has won. */
  readonly won: Set<number> = new Set();
  /** The line that was sent at the first prompt of this connection, and is not answered yet. */
  #asked: string | undefined;
  #isNew = false;
  /** A code that was offered while another one was asked for. */
  #offered: string | undefined;

  /** @param seat the one that this tab had before it was loaded again */
  constructor(seat: RememberedSeat | undefined) {
    this.comeback = seat?.comeback;
    this.candidates = seat?.candidate === undefined ? [] : [seat.candidate];
  }

  /** What the tab has to remember of the seat; undefined where it could not take it again. */
  get seat(): RememberedSeat | undefined {
    return this.comeback === undefined ? undefined : { comeback: this.comeback, candidate: this.candidates.at(-1) };
  }

  /** A new connection is open. */
  open(): void {
    this.stage = 'away';
    this.#isNew = true;
    this.#asked = undefined;
    this.#offered = undefined;
  }

  /** The connection is gone. Returns whether to connect again. */
  close(): boolean {
    if (this.stage === 'over') return false;
    this.stage = 'away';
    return true;
  }

  /** The person wants another seat than the one that is over. */
  begin(): void {
    this.stage = 'away';
    this.#forget();
  }

  /** The line to send by itself at a prompt; undefined where the person is asked. */
  prompt(line: string): string | undefined {
    const isFirst = this.#isNew;
    this.#isNew = false;
    if (isFirst && this.comeback !== undefined) {
      this.#asked = this.comeback;
      return this.comeback;
    }
    this.stage = line === balancePrompt ? 'balance' : 'bpm';
    return undefined;
  }

  /** Hears a line that is no prompt. Returns what is to be shown; undefined where the fields of the page say it. */
  hear(line: string): PlayNews | undefined {
    if (finalWords.some((words) => words.test(line))) {
      this.stage = 'over';
      this.#forget();
      return { kind: 'over', words: line };
    }
    if (line.startsWith('Error: ')) {
      if (this.#asked !== undefined) this.#loseSeat();
      return { kind: 'error', words: line.slice('Error: '.length) };
    }
    return this.#learn(line) ? undefined : this.#tell(line);
  }

  /** Keeps what a line says of the seat; false where it says nothing of it. */
  #learn(line: string): boolean {
    const [, address, stake] = /^You are validator ([0-9a-f]{64}) with (\d+) tokens\.$/.exec(line) ?? [];
    if (address !== undefined) return this.#sit(address, stake);
    const [, code] = /(?:^| )To come back(?: within \d+ seconds)?: ((?:rejoin|login) [0-9A-Za-z-]+)$/.exec(line) ?? [];
    if (code !== undefined) return this.#keep(code);
    const [, index, bpm = ''] = /^Candidate for block (\d+): BPM (\d+)\.$/.exec(line) ?? [];
    if (index !== undefined) {
      this.candidates = [...this.candidates, { index: Number(index), bpm }];
      return true;
    }
    const [, held, total] = /; you hold (\d+) of (\d+) tickets so far\.$/.exec(line) ?? [];
    if (held !== undefined && total !== undefined) {
      this.tickets = [held, total];
      return true;
    }
    return this.#learnDraw(line);
  }

  #learnDraw(line: string): boolean {
    const [, won] = /^You won block (\d+)\.$/.exec(line) ?? [];
    if (won !== undefined) this.won.add(Number(won));
    const [, lost] = /^Your candidate (?:for|was not in the draw of) block (\d+)/.exec(line) ?? [];
    if (lost !== undefined) this.candidates = this.candidates.filter(({ index }) => index !== Number(lost));
    const isOwnDraw = /^Ticket \d+ of \d+ was drawn; yours were \d+ to \d+\.$/.test(line);
    if (isOwnDraw) this.#setCandidates(this.candidates.slice(1));
    // What a draw waits for is shown beside the countdown.
    const isKnown = /^(?:winning validator: |Pool of block \d+ is sealed: |The draw waits for )/.test(line);
    return won !== undefined || isOwnDraw || isKnown;
  }

  /** A block is in the chain: whatever was proposed for it, or for one before, waits no longer. */
  passBlock(height: number): void {
    this.#setCandidates(this.candidates.filter(({ index }) => index > height));
  }

  #setCandidates(candidates: readonly OwnCandidate[]): void {
    this.candidates = candidates;
    if (candidates.length === 0) this.tickets = undefined;
  }

  #tell(line: string): PlayNews {
    const [, index] = /^Block (\d+) is yours: [0-9a-f]{64}\.$/.exec(line) ?? [];
    return index === undefined ? { kind: 'said', words: line } : { kind: 'block', index: Number(index) };
  }

  #sit(address: string, stake: string | undefined): true {
    if (this.address !== undefined && address !== this.address) this.#setCandidates([]);
    this.address = address;
    this.stake = stake;
    this.#asked = undefined;
    return true;
  }

  #keep(code: string): true {
    // What is offered before the old seat was asked for is that of another one.
    if (this.#isNew && this.comeback !== undefined) this.#offered = code;
    else this.comeback = code;
    return true;
  }

  /** The seat that this tab had is gone. */
  #loseSeat(): void {
    this.#asked = undefined;
    this.comeback = this.#offered;
    this.#setCandidates([]);
  }

  #forget(): void {
    this.comeback = undefined;
    this.#setCandidates([]);
  }
}

const balancePrompt = 'Enter token balance:';
const prompts: readonly string[] = [balancePrompt, 'Enter a new BPM:'];

/** Whether a message is a prompt and no line. */
export function isPrompt(message: string): boolean {
  return prompts.includes(message);
}
