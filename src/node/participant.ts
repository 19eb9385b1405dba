import { parseDigits } from '../base/amount.ts';
import type { ChainKind, Outlook, Proposal, Receipts, SealedProposal } from '../consensus/engine.ts';
import type { TriedNonce } from '../consensus/work/block-search.ts';
import { limits as searchLimits } from '../consensus/work/search/limits.ts';
import type { DrawnBlock, SealedBlock } from '../core/block.ts';
import { limits as coreLimits } from '../core/limits.ts';
import type { TicketRange } from '../core/pool.ts';
import { limits } from './limits.ts';
import type { InvalidPayload } from './ports.ts';
import type { GrantResult, HeldWallet, LoginResult, WalletService } from './wallet-service.ts';

/** What a participant asks of the lottery. */
export interface LotteryService {
  /** Makes a validator with a stake of at least 1 and returns its address. */
  join(stake: bigint): string;
  /**
   * Opens a resumable session for a validator and returns its code, undefined where sessions are not kept. `takenOver` is called when another
   * connection resumes the session.
   */
  openSession(address: string, takenOver: () => void): string | undefined;
  /** Gives the validator of a code back. `network` is the network address from which the code comes. */
  resumeSession(code: string, network: string, takenOver: () => void): ResumeResult;
  /** Counts a tainted block of a validator, and returns how many it has made. */
  addStrike(address: string): number;
  propose(address: string, payload: number): Proposal;
  /** Has a validator shown by a name, besides its address. */
  rename(address: string, name: string): void;
  /** The wallets that people have here. Present in a chain with a ledger, where a stake comes out of a grant. */
  readonly wallets?: WalletDesk | undefined;
  /** Makes a validator without a stake and returns its address. Present where stakes do not count. */
  readonly enter?: (() => string) | undefined;
  /** Tries a nonce on the block that is searched for. Present in a chain of work. */
  readonly tryNonce?: ((nonce: number) => TriedNonce) | undefined;
  /**
   * Resolves when the strikes and slashes of this turn survive a crash of the machine. Rejects when the disk refuses to store them. Undefined
   * where sessions are not kept, because then no validator comes back.
   */
  sessionsSynced(): Promise<void> | undefined;
  /** Takes a validator's stake and candidate away. */
  slash(address: string, invalid: InvalidPayload): void;
  /** The validator's connection has ended. Its candidate stays in the draw. */
  leave(address: string): void;
}

/** The wallets of a server, for those who hold them. */
export interface WalletDesk
  extends Pick<WalletService, 'grant' | 'order' | 'stakeOf' | 'statusOf' | 'secretsOf' | 'isUntouched'> {
  /** The chain says that it is a sandbox, whose tokens are without value. */
  readonly isSandbox: boolean;
  /** What its secrets come from; undefined where nobody knows them. */
  readonly seed?: string | undefined;
  /** Makes a validator with a wallet of its own where nothing is at stake; for one block alone where there is no `takenOver`. */
  enter(takenOver?: () => void): HeldWallet;
  /** Makes a validator with a wallet of its own, whose stake comes out of a grant. */
  join(stake: bigint, takenOver: () => void): GrantResult;
  /** Gives the wallet of a code back. */
  login(code: string, network: string, takenOver: () => void): LoginResult;
}

/** What became of a code: the validator that it gives back, none, or too many wrong codes from the same network. */
type ResumeResult =
  | { readonly kind: 'resumed'; readonly address: string; readonly stake: bigint }
  | { readonly kind: 'unknown' }
  | { readonly kind: 'too many' };

export interface ParticipantRules {
  /** The largest balance that is accepted. */
  readonly stakeMax: bigint;
  /** The number of the tainted block that costs the stake. */
  readonly slashAfter: number;
}

/** The connection through which a person takes part. */
export interface ParticipantChannel {
  /** Its network address. Wrong codes are counted by it. */
  readonly network: string;
  /** Another connection has resumed this participant's session, so this participant is no validator any more. */
  takenOver(): void;
}

/** The participant is a validator now. */
export interface JoinedResult {
  readonly kind: 'joined';
  readonly address: string;
  readonly stake: bigint;
  /** Gives the validator back to a later connection; undefined where sessions are not kept. */
  readonly code: string | undefined;
}

/** The participant is a validator without a stake, in a chain with a ledger with a wallet. */
export interface EnteredResult {
  readonly address: string;
  readonly wallet?: HeldWallet;
}

/** The participant holds a wallet, and is the validator of it. */
export interface HolderResult {
  readonly kind: 'holder';
  readonly wallet: HeldWallet;
  /** Resolves when the grant of a new wallet is stored: it may be told after that. */
  readonly stored?: Promise<void>;
}

/** What became of a balance. */
export type BalanceResult =
  | HolderResult
  /** The faucet cannot grant it now. It is no lost try. */
  | { readonly kind: 'no grant'; readonly why: string }
  | JoinedResult
  | {
      readonly kind: 'invalid';
      readonly invalid: InvalidBalance;
      /** With none left the participant is to be disconnected. */
      readonly attemptsLeft: number;
    };

/** What was entered as a balance and is none; the smallest that is accepted is 1. */
export interface InvalidBalance {
  /** What came, as it was typed: escape it before it is shown. */
  readonly text: string;
  readonly problem: 'not a number' | 'too small' | 'too large';
  /** The largest balance that is accepted. */
  readonly max: bigint;
}

/** What became of a nonce that a person tried. */
export type NonceResult = TriedNonce | { readonly kind: 'invalid'; readonly text: string; readonly max: number };

/** What became of a name. No mistake in it costs anything. */
export type NameResult =
  | { readonly kind: 'named'; readonly address: string; readonly name: string }
  /** Only a validator has a name. */
  | { readonly kind: 'no validator' }
  /** `text` is what came, as it was typed: escape it before it is shown. */
  | { readonly kind: 'invalid'; readonly text: string; readonly max: number };

/** What became of the code of a session. */
export type CodeResult =
  | { readonly kind: 'resumed'; readonly address: string; readonly stake: bigint }
  | {
      /** 'too many': the code was not looked at, because too many wrong ones came from the same network. */
      readonly kind: 'unknown' | 'too many';
      /** With none left the participant is to be disconnected. */
      readonly attemptsLeft: number;
    };

/** What became of a payload. */
export type PayloadResult =
  | ProposedResult
  /** Behind several doors: their log decides. Rejects when this door stops before that is known. */
  | { readonly kind: 'deciding'; readonly payload: number; readonly decided: Promise<ProposedResult> }
  | StrikeResult
  | SlashResult;

/** What became of a payload that is one. */
export type ProposedResult =
  | { readonly kind: 'accepted'; readonly index: number; readonly payload: number; readonly outlook: Outlook }
  /** The validator has a candidate for block `index` already. */
  /** In a chain of work: the candidate waits behind `ahead` others for a block of its own; `difficulty` where the search for that begins at once. */
  | {
      readonly kind: 'queued';
      readonly index: number;
      readonly payload: number;
      readonly ahead: number;
      readonly difficulty?: bigint;
    }
  | { readonly kind: 'already'; readonly index: number }
  /** Becomes a block now. `sealed` resolves when that is stored, and rejects when it could not be. */
  | { readonly kind: 'sealing'; readonly payload: number; readonly sealed: Promise<SealedProposal> }
  /** There is no room for another candidate. */
  | { readonly kind: 'full'; readonly payload: number }
  /** This door of several was cut off from the others. */
  | { readonly kind: 'cut off'; readonly payload: number }
  /** None are taken before the operator resumes the chain. */
  | { readonly kind: 'paused'; readonly payload: number }
  /** The validator has nothing bonded. */
  | { readonly kind: 'no stake'; readonly payload: number };

/** A tainted block that does not cost the stake yet. */
export interface StrikeResult {
  readonly kind: 'strike';
  readonly invalid: InvalidPayload;
  readonly stake: bigint;
  /** How many tainted blocks the validator is away from being slashed; at least 1. */
  readonly strikesLeft: number;
  /** As `LotteryService.sessionsSynced`. The strike may be told only after it. */
  readonly stored: Promise<void> | undefined;
}

/** A tainted block that cost the stake. The participant is to be disconnected once it has been told. */
export interface SlashResult {
  readonly kind: 'slashed';
  readonly invalid: InvalidPayload;
  readonly stake: bigint;
  /** As `LotteryService.sessionsSynced`. The slash may be told only after it. */
  readonly stored: Promise<void> | undefined;
}

/** What a draw was to one participant. */
export interface DrawResult {
  readonly winner: string;
  readonly index: number;
  readonly ticket: string;
  readonly totalStake: string;
  /** The participant's own tickets; undefined when it was not in the pool. */
  readonly tickets: TicketRange | undefined;
  readonly isWinner: boolean;
}

/** What a resumable session refers to. It is emptied when the connection ends, because the session may be kept for much longer. */
interface TakeoverHandler {
  takenOver: () => void;
}

/**
 * One person's part in the lottery (SPEC 1): the rules, with results as values. It knows neither lines, words nor sockets, so every
 * interface (nc, HTTP, a browser, RPC) can put its own words to the results.
 */
export class Participant {
  readonly #service: LotteryService;
  readonly #rules: ParticipantRules;
  readonly #channel: ParticipantChannel;
  #address: string | undefined;
  #stake = 0n;
  #attempts = 0;
  #awaitedRound: number | undefined;
  /** The validator has left, was slashed or belongs to another connection, so the service must not hear of it from here any more. */
  #hasLeft = false;
  #takeover: TakeoverHandler | undefined;

  constructor(service: LotteryService, rules: ParticipantRules, channel: ParticipantChannel) {
    this.#service = service;
    this.#rules = rules;
    this.#channel = channel;
  }

  /** The validator's address. Undefined before a balance was accepted, and after another connection has taken the session over. */
  get address(): string | undefined {
    return this.#address;
  }

  /** The round whose result this participant waits for; undefined when its candidates have all been drawn and told. */
  get awaitedRound(): number | undefined {
    return this.#awaitedRound;
  }

  /** True where a participant needs no balance to be a validator. */
  get needsNoBalance(): boolean {
    return this.#service.enter !== undefined;
  }

  /** True where blocks are searched for, and nonces can be tried. */
  get canTryNonces(): boolean {
    return this.#service.tryNonce !== undefined;
  }

  /** How the chain is made that this participant takes part in, as far as the service says. */
  get chainKind(): ChainKind {
    if (this.canTryNonces) return 'work';
    return this.needsNoBalance ? 'instant' : 'lottery';
  }

  /**
   * Becomes a validator without a balance, where that is possible: to stay, or for one block. Throws when the participant is a validator already.
   */
  enter(purpose: 'stay' | 'one block'): EnteredResult {
    this.#requireNoStake();
    const { enter, wallets } = this.#service;
    if (enter === undefined) throw new Error('a validator needs a stake here');
    const wallet = wallets?.enter(...(purpose === 'stay' ? [this.#takeoverHandler()] : []));
    this.#address = wallet?.key ?? enter();
    return { address: this.#address, ...(wallet === undefined ? {} : { wallet }) };
  }

  /** True where a code may be entered: there is no validator, or it has a wallet that it got unasked and has done nothing with. */
  get canLogIn(): boolean {
    return this.#address === undefined || this.wallets?.isUntouched(this.#address) === true;
  }

  /** Tries a nonce, as it was typed, on the block that is searched for. No mistake in it costs anything. */
  tryNonce(text: string): NonceResult {
    const nonce = parseDigits(text);
    if (nonce === undefined || nonce > BigInt(searchLimits.nonceMax)) {
      return { kind: 'invalid', text, max: searchLimits.nonceMax };
    }
    return this.#service.tryNonce?.(Number(nonce)) ?? { kind: 'no search' };
  }

  /** Takes a name, as it was typed: printable ASCII, so that it looks the same on every terminal. */
  rename(text: string): NameResult {
    const address = this.#address;
    if (address === undefined || this.#hasLeft) return { kind: 'no validator' };
    const max = limits.nameCharactersMax;
    if (text.length > max || !/^[ -~]+$/.test(text)) return { kind: 'invalid', text, max };
    this.#service.rename(address, text);
    return { kind: 'named', address, name: text };
  }

  /** Enters a balance, as it was typed. Throws when the participant is a validator already. */
  enterBalance(text: string): BalanceResult {
    this.#requireNoStake();
    const { wallets } = this.#service;
    const stakeMax = wallets?.grant ?? this.#rules.stakeMax;
    const stake = parseDigits(text);
    if (stake === undefined || stake < 1n || stake > stakeMax) {
      const problem = stake === undefined ? 'not a number' : stake < 1n ? 'too small' : 'too large';
      return { kind: 'invalid', invalid: { text, problem, max: stakeMax }, attemptsLeft: this.#useAttempt() };
    }
    return wallets === undefined ? this.#join(stake) : this.#joinWithWallet(wallets, stake);
  }

  /** Holds the wallet of a code instead of entering a balance, or instead of an untouched wallet. Throws when the participant cannot log in. */
  login(wallets: WalletDesk, code: string): HolderResult | Exclude<CodeResult, { kind: 'resumed' }> {
    if (!this.canLogIn || this.#hasLeft) throw new Error('this participant has a wallet already');
    const result = wallets.login(code, this.#channel.network, this.#takeoverHandler());
    if (result.kind !== 'resumed') return { kind: result.kind, attemptsLeft: this.#useAttempt() };
    if (this.#address !== undefined) this.#service.leave(this.#address);
    this.#address = result.wallet.key;
    return { kind: 'holder', wallet: result.wallet };
  }

  /** The wallets of the server; undefined in a chain without a ledger. */
  get wallets(): WalletDesk | undefined {
    return this.#service.wallets;
  }

  /** Resumes the session of a code instead of entering a balance. Throws when the participant is a validator already. */
  resume(code: string): CodeResult {
    this.#requireNoStake();
    const session = this.#service.resumeSession(code, this.#channel.network, this.#takeoverHandler());
    if (session.kind !== 'resumed') return { kind: session.kind, attemptsLeft: this.#useAttempt() };
    this.#address = session.address;
    this.#stake = session.stake;
    return { kind: 'resumed', address: session.address, stake: session.stake };
  }

  /**
   * Proposes a block with a payload, as it was typed. What is no payload is a tainted block: a strike, and the last strike costs the stake.
   * Throws when the participant is no validator.
   */
  enterPayload(text: string): PayloadResult {
    const address = this.#address;
    if (address === undefined || this.#hasLeft) throw new Error('only a validator can propose a block');
    const payload = parseDigits(text);
    if (payload === undefined || payload > coreLimits.bpmMax) {
      const problem = payload === undefined ? 'not a number' : 'too large';
      return this.#strike(address, { text, problem, max: coreLimits.bpmMax });
    }
    const proposal = this.#service.propose(address, Number(payload));
    if (proposal.kind !== 'deciding') return this.#proposed(proposal, Number(payload));
    const { decided } = proposal;
    return {
      kind: 'deciding',
      payload: Number(payload),
      decided: decided.then((result) => this.#proposed(result, Number(payload))),
    };
  }

  #proposed(proposal: Exclude<Proposal, { readonly kind: 'deciding' }>, payload: number): ProposedResult {
    if (!('round' in proposal)) return { ...proposal, payload };
    const { round, ...result } = proposal;
    this.#awaitedRound = round;
    return result.kind === 'already' ? result : { ...result, payload };
  }

  /** What a draw was to this participant. */
  resultOf(block: DrawnBlock, receipts: Receipts): DrawResult {
    return {
      winner: block.Validator,
      index: block.Index,
      ticket: block.Draw.Ticket,
      totalStake: block.Draw.TotalStake,
      tickets: this.#address === undefined ? undefined : receipts.of(this.#address)?.tickets,
      isWinner: block.Validator === this.#address,
    };
  }

  /** Whether a block is this participant's own. */
  isOwner(block: SealedBlock): boolean {
    return block.Validator === this.#address;
  }

  /** A round is over, and its result has been told. */
  endRound(round: number): void {
    if (this.#awaitedRound !== undefined && this.#awaitedRound <= round) this.#awaitedRound = undefined;
  }

  /** The person leaves. Draws may still be told: the address stays what it was. A second call does nothing. */
  leave(): void {
    if (this.#hasLeft) return;
    this.#hasLeft = true;
    if (this.#address !== undefined) this.#service.leave(this.#address);
  }

  /** The connection is gone and cannot be told of a takeover any more. A session that is kept no longer keeps this object in memory. */
  release(): void {
    if (this.#takeover !== undefined) this.#takeover.takenOver = doNothing;
    this.#takeover = undefined;
  }

  #join(stake: bigint): JoinedResult {
    const address = this.#service.join(stake);
    this.#address = address;
    this.#stake = stake;
    return { kind: 'joined', address, stake, code: this.#service.openSession(address, this.#takeoverHandler()) };
  }

  #joinWithWallet(wallets: WalletDesk, stake: bigint): BalanceResult {
    const result = wallets.join(stake, this.#takeoverHandler());
    if (result.kind === 'refused') return { kind: 'no grant', why: result.why };
    this.#address = result.wallet.key;
    return { kind: 'holder', wallet: result.wallet, stored: result.stored };
  }

  #strike(address: string, invalid: InvalidPayload): StrikeResult | SlashResult {
    if (this.wallets !== undefined) this.#stake = this.wallets.stakeOf(address);
    const strikesLeft = this.#rules.slashAfter - this.#service.addStrike(address);
    const stake = this.#stake;
    if (strikesLeft > 0) return { kind: 'strike', invalid, stake, strikesLeft, stored: this.#service.sessionsSynced() };
    this.#service.slash(address, invalid);
    this.#hasLeft = true;
    return { kind: 'slashed', invalid, stake, stored: this.#service.sessionsSynced() };
  }

  /** Counts an attempt at a balance or a code, and returns how many are left. */
  #useAttempt(): number {
    this.#attempts += 1;
    return Math.max(0, limits.balanceAttemptsMax - this.#attempts);
  }

  #requireNoStake(): void {
    if (this.#address !== undefined) throw new Error('this participant has a stake already');
    if (this.#hasLeft) throw new Error('this participant has left');
  }

  #takeoverHandler(): () => void {
    this.#takeover ??= { takenOver: () => this.#loseSession() };
    return callLater(this.#takeover);
  }

  #loseSession(): void {
    this.#hasLeft = true;
    this.#address = undefined;
    this.#channel.takenOver();
  }
}

/** Outside of the class, so that the function refers to the handler and not to the participant. */
function callLater(handler: TakeoverHandler): () => void {
  return () => handler.takenOver();
}

function doNothing(): void {}
