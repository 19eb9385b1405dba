import { parseDigits } from '../base/amount.ts';
import type { DrawnBlock } from '../core/block.ts';
import { limits as coreLimits } from '../core/limits.ts';
import type { FrozenPool, Proposal } from '../core/pool.ts';
import { limits as nodeLimits } from '../node/limits.ts';
import * as text from './conversation-text.ts';

/** What a conversation asks of the lottery. */
export interface LotteryService {
  /** The round that is open now; a candidate that is accepted now is in its pool. */
  readonly round: number;
  /** Makes a validator with a stake of at least 1 and returns its address. */
  join(stake: bigint): string;
  /** Keeps a seat and returns its code, undefined when there are none; `takenOver` says that another connection has taken it over. */
  openSession(address: string, takenOver: () => void): string | undefined;
  /** Gives a seat back to whoever has its code; `network` is where the code comes from. */
  rejoin(code: string, network: string, takenOver: () => void): Claim;
  /** Counts a tainted block of a validator, and returns how many it has made. */
  addStrike(address: string): number;
  propose(address: string, bpm: number): Proposal;
  /**
   * Resolves when what was just counted or taken away is remembered after a crash of the machine, too; rejects when the disk refuses. Undefined
   * where nothing is kept that could come back.
   */
  seatsSynced(): Promise<void> | undefined;
  /** Takes a validator's stake and candidate away. `why` is printable. */
  slash(address: string, why: string): void;
  /** The validator hung up. Its candidate stays in the draw. */
  leave(address: string): void;
}

/** What a seat holds of a conversation: nothing once the connection is gone, however long the seat is kept. */
interface Grip {
  takenOver: () => void;
}

/** Who sits on the seat of a session. */
export interface SessionHolder {
  /** The network address that they come from. */
  readonly network: string;
  /** Another connection has taken the seat over: the conversation is over. */
  takenOver(): void;
}

/** What became of a code: a seat, none, or too many wrong codes from its network. */
type Claim =
  | { readonly kind: 'seat'; readonly address: string; readonly stake: bigint }
  | { readonly kind: 'unknown' }
  | { readonly kind: 'too many' };

export interface ConversationRules {
  readonly stakeMax: bigint;
  readonly slashAfter: number;
  /** How long the seat of a broken connection is kept, ms; 0 is not at all. */
  readonly rejoinGraceMs: number;
}

/** What to write, and when the conversation is over after it, why. */
export interface Reply {
  readonly text: string;
  readonly ending?: 'quit' | 'no-balance' | 'slashed';
  /** What has to be true before this is said. Nothing else is to be answered meanwhile. */
  readonly after?: Promise<void> | undefined;
  /** What to say instead when that cannot become true. */
  readonly otherwise?: string;
}

/** What may be typed at any prompt at no cost, in any case (SPEC 1). */
const commands = new Map<string, 'quit' | 'help'>([
  ['quit', 'quit'],
  ['exit', 'quit'],
  ['help', 'help'],
  ['?', 'help'],
]);

/** One person's conversation (SPEC 1): a line in, text out. It knows neither sockets nor time. */
export class Conversation {
  readonly #desk: LotteryService;
  readonly #rules: ConversationRules;
  #address: string | undefined;
  #stake = 0n;
  #balanceAttempts = 0;
  #awaitedRound: number | undefined;
  #hasLeft = false;
  #grip: Grip | undefined;
  readonly #holder: SessionHolder;

  constructor(desk: LotteryService, rules: ConversationRules, holder: SessionHolder) {
    this.#desk = desk;
    this.#rules = rules;
    this.#holder = holder;
  }

  /** The prompt that the person stands at; also the first thing to write. */
  get prompt(): string {
    return this.#address === undefined ? text.balancePrompt : text.bpmPrompt;
  }

  /** The validator's address, undefined for somebody who only watches. */
  get address(): string | undefined {
    return this.#address;
  }

  /** The round whose result this person waits for; undefined when they have no candidate in one that is still to be told. */
  get awaitedRound(): number | undefined {
    return this.#awaitedRound;
  }

  /** A round is over, and what there was to hear of it has been said. */
  endRound(round: number): void {
    if (this.#awaitedRound !== undefined && this.#awaitedRound <= round) this.#awaitedRound = undefined;
  }

  /** Answers one line, trimmed, as a latin1 string. */
  receive(line: string): Reply {
    if (line === '') return this.#prompted('');
    if (line.includes('\x1b')) return this.#prompted(text.editingKeys(line));
    const command = commands.get(line.toLowerCase());
    if (command === 'quit') return { text: this.#goodbye(), ending: 'quit' };
    if (command === 'help') return this.#prompted(text.rules(this.#rules));
    return this.#address === undefined ? this.#receiveBalance(line) : this.#receiveBpm(this.#address, line);
  }

  /** What this person hears of a draw, and the prompt again. */
  announce(block: DrawnBlock, pool: FrozenPool): string {
    const { Ticket, TotalStake } = block.Draw;
    return this.#prompted(
      text.announcement({
        winner: block.Validator,
        index: block.Index,
        ticket: Ticket,
        totalStake: TotalStake,
        tickets: this.#address === undefined ? undefined : pool.ticketsOf(this.#address),
        isWinner: block.Validator === this.#address,
      }),
    ).text;
  }

  /** The person hung up or was cut off. They may go on listening: what they hear is still addressed to them. */
  leave(): void {
    if (this.#hasLeft) return;
    this.#hasLeft = true;
    if (this.#address !== undefined) this.#desk.leave(this.#address);
  }

  /** The connection is gone, and cannot be told anything any more. */
  letGo(): void {
    if (this.#grip !== undefined) this.#grip.takenOver = doNothing;
    this.#grip = undefined;
  }

  #gripped(): () => void {
    this.#grip ??= { takenOver: () => this.#giveUpSeat() };
    return calling(this.#grip);
  }

  #goodbye(): string {
    const graceMs = this.#address === undefined ? 0 : this.#rules.rejoinGraceMs;
    return text.goodbye(this.#awaitedRound !== undefined, graceMs);
  }

  #receiveBalance(line: string): Reply {
    const { stakeMax, rejoinGraceMs } = this.#rules;
    const [, code] = rejoinGraceMs > 0 ? (/^rejoin[ \t]+(\S.*)$/i.exec(line) ?? []) : [];
    if (code !== undefined) return this.#receiveCode(line, code);
    const stake = parseDigits(line);
    if (stake !== undefined && stake >= 1n && stake <= stakeMax) {
      this.#address = this.#desk.join(stake);
      this.#stake = stake;
      const seat = this.#desk.openSession(this.#address, this.#gripped());
      const note = seat === undefined ? '' : text.rejoinOffer(seat, rejoinGraceMs);
      return this.#prompted(text.welcome(this.#address, stake) + note);
    }
    const isLast = this.#isLastAttempt();
    const why = text.notABalance(line, stake === undefined ? 'form' : stake < 1n ? 'small' : 'large', stakeMax, isLast);
    return isLast ? { text: why, ending: 'no-balance' } : this.#prompted(why);
  }

  #receiveCode(line: string, code: string): Reply {
    const claim = this.#desk.rejoin(code, this.#holder.network, this.#gripped());
    if (claim.kind === 'seat') {
      this.#address = claim.address;
      this.#stake = claim.stake;
      return this.#prompted(
        text.welcome(claim.address, claim.stake) + text.rejoinOffer(code, this.#rules.rejoinGraceMs),
      );
    }
    const isLast = this.#isLastAttempt();
    const why = claim.kind === 'unknown' ? text.unknownCode(line, isLast) : text.tooManyCodes(isLast);
    return isLast ? { text: why, ending: 'no-balance' } : this.#prompted(why);
  }

  /** The validator is somebody else's from now on. */
  #giveUpSeat(): void {
    this.#hasLeft = true;
    this.#address = undefined;
    this.#holder.takenOver();
  }

  #isLastAttempt(): boolean {
    this.#balanceAttempts += 1;
    return this.#balanceAttempts >= nodeLimits.balanceAttemptsMax;
  }

  #receiveBpm(address: string, line: string): Reply {
    const bpm = parseDigits(line);
    if (bpm === undefined || bpm > coreLimits.bpmMax) {
      return this.#receiveTainted(address, text.notABpm(line, bpm === undefined ? 'form' : 'large'));
    }
    const proposal = this.#desk.propose(address, Number(bpm));
    if (proposal.kind !== 'full') this.#awaitedRound = this.#desk.round;
    switch (proposal.kind) {
      case 'accepted':
        return this.#prompted(text.candidateTaken(proposal.index, Number(bpm)) + text.outlook(proposal.outlook));
      case 'already':
        return this.#prompted(text.alreadyInTheDraw(proposal.index));
      case 'full':
        return this.#prompted(text.roundIsFull(Number(bpm)));
    }
  }

  #receiveTainted(address: string, why: string): Reply {
    const blocksLeft = this.#rules.slashAfter - this.#desk.addStrike(address);
    if (blocksLeft > 0) {
      const otherwise = this.#prompted(text.taintedUnstored(why)).text;
      return { ...this.#prompted(text.tainted(why, blocksLeft)), after: this.#desk.seatsSynced(), otherwise };
    }
    this.#desk.slash(address, why);
    // The validator is gone, but until the word is said this person stands at the same prompt.
    this.#hasLeft = true;
    return {
      text: text.slashed(why, this.#stake),
      ending: 'slashed',
      after: this.#desk.seatsSynced(),
      otherwise: text.slashedUnstored(why),
    };
  }

  #prompted(words: string): Reply {
    return { text: words + this.prompt };
  }
}

/** Outside of the class, so that it keeps the grip alive and not the session. */
function calling(grip: Grip): () => void {
  return () => grip.takenOver();
}

function doNothing(): void {}
