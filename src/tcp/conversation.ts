import type { ChainKind, Receipts, SealedProposal } from '../consensus/engine.ts';
import type { DrawnBlock, SealedBlock } from '../core/block.ts';
import { limits as coreLimits } from '../core/limits.ts';
import type { LedgerNewsByKey } from '../node/ledger-news.ts';
import {
  type HolderResult,
  type LotteryService,
  Participant,
  type ParticipantChannel,
  type ParticipantRules,
  type PayloadResult,
  type ProposedResult,
  type SlashResult,
  type StrikeResult,
  type WalletDesk,
} from '../node/participant.ts';
import type { HeldWallet } from '../node/wallet-service.ts';
import { type ChainPortion, readChainCommand } from './chain-command.ts';
import { limits } from './limits.ts';
import * as refusalText from './refusal-text.ts';
import * as roundText from './round-text.ts';
import * as rulesText from './rules-text.ts';
import * as seatText from './seat-text.ts';
import * as slashingText from './slashing-text.ts';
import { readWalletCommand, type WalletCommand } from './wallet-command.ts';
import * as walletText from './wallet-text.ts';

export interface ConversationRules extends ParticipantRules {
  /** How long the session of a broken connection can be resumed, ms; 0 is not at all. */
  readonly rejoinGraceMs: number;
  /** How many of the newest blocks are sent in place of the whole chain to those who ask for nothing else; 0 or left out is the whole chain. */
  readonly chainTail?: number;
}

/** A block that is searched for, and whose candidate it is. */
export interface SearchedBlock {
  readonly index: number;
  readonly difficulty: bigint;
  readonly validator: string;
}

/** What to write, and why the connection is to be closed after it, where it is. */
export interface Reply {
  readonly text: string;
  readonly closeReason?: 'quit' | 'no-balance' | 'slashed';
  /** Resolves when what this says is stored. It may not be written before that, and no other line may be answered meanwhile. */
  readonly stored?: Promise<void> | undefined;
  /** What to write instead of `text` when `stored` rejects. */
  readonly textIfNotStored?: string;
  /** Resolves to the rest of the text, once that is known. No other line may be answered meanwhile. */
  readonly later?: Promise<string>;
}

/** What may be typed at any prompt at no cost, in any case (SPEC 1). */
const commands = new Map<string, 'quit' | 'help'>([
  ['quit', 'quit'],
  ['exit', 'quit'],
  ['help', 'help'],
  ['?', 'help'],
]);

/** One person's conversation (SPEC 1): a line in, text out. The rules are the participant's; it knows neither sockets nor time. */
export class Conversation {
  readonly #participant: Participant;
  readonly #rules: ConversationRules;
  #isGreeted = false;
  /** The block of which this person was told last that it is searched for. */
  #searchedIndex = -1;
  /** What this person has asked for, as `chainTail`. */
  #askedTail: number | undefined;

  constructor(service: LotteryService, rules: ConversationRules, channel: ParticipantChannel) {
    this.#participant = new Participant(service, rules, channel);
    this.#rules = rules;
  }

  /**
   * The first prompt, when it is asked for the first time; an empty text after that. It comes before everything else that is written. Where nothing
   * is at stake, everybody becomes a validator with it.
   */
  takeGreeting(): string {
    if (this.#isGreeted) return '';
    this.#isGreeted = true;
    return this.#enterIfFree() + this.prompt;
  }

  /** The prompt that the person stands at. */
  get prompt(): string {
    const { address, needsNoBalance } = this.#participant;
    return address === undefined && !needsNoBalance ? seatText.balancePrompt : seatText.bpmPrompt;
  }

  /** The validator's address, undefined for a person without a stake. */
  get address(): string | undefined {
    return this.#participant.address;
  }

  /** How the chain is made that this person takes part in. */
  get chainKind(): ChainKind {
    return this.#participant.chainKind;
  }

  /** How many of the newest blocks this person is sent each time; undefined for the whole chain. */
  get chainTail(): number | undefined {
    const tail = this.#askedTail ?? this.#rules.chainTail ?? 0;
    return tail === 0 ? undefined : tail;
  }

  /** The round whose result this person waits for; undefined when their candidates have all been drawn and told. */
  get awaitedRound(): number | undefined {
    return this.#participant.awaitedRound;
  }

  /** A round is over, and its result has been told. */
  endRound(round: number): void {
    this.#participant.endRound(round);
  }

  /** Answers one line, trimmed, as a latin1 string. */
  receive(line: string): Reply {
    if (line === '') return this.#prompted('');
    if (line.includes('\x1b')) return this.#prompted(refusalText.editingKeys(line));
    const command = commands.get(line.toLowerCase());
    if (command === 'quit') return { text: this.#goodbye(), closeReason: 'quit' };
    if (command === 'help') return this.#prompted(this.#help());
    const name = /^name(?:[ \t]+(\S.*))?$/i.exec(line);
    if (name !== null) return this.#prompted(seatText.renamed(this.#participant.rename(name[1] ?? '')));
    const portion = readChainCommand(line);
    if (portion !== undefined) return this.#prompted(this.#chooseChain(portion));
    const nonce = this.#participant.canTryNonces ? /^nonce(?:[ \t]+(\S.*))?$/i.exec(line) : null;
    if (nonce !== null) return this.#prompted(roundText.triedNonce(this.#participant.tryNonce(nonce[1] ?? '')));
    const { wallets } = this.#participant;
    const walletCommand = wallets && readWalletCommand(line);
    if (wallets !== undefined && walletCommand !== undefined) return this.#command(wallets, walletCommand, line);
    if (this.#participant.address !== undefined) return this.#receiveBpm(line);
    const code = this.#codeIn(line);
    return code === undefined ? this.#receiveBalance(line) : this.#receiveCode(line, code);
  }

  /** What this person hears of a draw, and the prompt again. */
  announce(block: DrawnBlock, receipts: Receipts): string {
    return roundText.announcement(this.#participant.resultOf(block, receipts)) + this.prompt;
  }

  /** What this person hears of a block that was made without a draw: nothing where it is not theirs. */
  tellOwner(block: SealedBlock): string {
    return this.#participant.isOwner(block) ? `\n${roundText.blockIsYours(block.Index, block.Hash)}${this.prompt}` : '';
  }

  /** What this person hears when the last blocks fell out of the chain, some of which may be theirs. */
  tellRemoved(blocks: readonly SealedBlock[], added: number): string {
    // What is searched for again is told again.
    this.#searchedIndex = -1;
    const own = blocks.filter((block) => this.#participant.isOwner(block));
    const indexes = (some: readonly SealedBlock[]): readonly number[] => some.map(({ Index }) => Index);
    return roundText.blocksFellOut(indexes(blocks), indexes(own), added) + this.prompt;
  }

  /** What this person hears of a search that begins: nothing where it is not for theirs, or where the answer to the BPM has said so. */
  tellSearch({ index, difficulty, validator }: SearchedBlock): string {
    if (validator !== this.#participant.address || index === this.#searchedIndex) return '';
    this.#searchedIndex = index;
    return `\n${roundText.searching(index, difficulty)}${this.prompt}`;
  }

  /** What this person hears of blocks that others have made at once, and the prompt again; an empty text where they are all their own. */
  announceBlocks(blocks: readonly SealedBlock[]): string {
    const words = roundText.blocksAdded(blocks, this.#participant.address);
    return words === '' ? '' : words + this.prompt;
  }

  /** What this person hears of the ledger, and the prompt again; an empty text where there is nothing for them. */
  tellLedger(news: LedgerNewsByKey): string {
    const own = this.address === undefined ? undefined : news.get(this.address);
    return own === undefined ? '' : `\n${own.map(walletText.newsText).join('')}${this.prompt}`;
  }

  /** The person hung up or was disconnected. Draws may still be announced to them. */
  leave(): void {
    this.#participant.leave();
  }

  /** The connection is gone, and cannot be told anything any more. */
  release(): void {
    this.#participant.release();
  }

  /** Where no balance is needed, everybody who is here is a validator. Returns the welcome of a new one. */
  #enterIfFree(): string {
    const participant = this.#participant;
    if (participant.address !== undefined || !participant.needsNoBalance) return '';
    const { address, wallet } = participant.enter('stay');
    const offer = wallet === undefined ? '' : this.#offer(wallet);
    return seatText.welcome(address, 0n) + offer;
  }

  #offer(wallet: HeldWallet): string {
    return walletText.walletOffer(wallet, this.#participant.wallets);
  }

  /** What this person is sent of the chain from now on. */
  #chooseChain(portion: ChainPortion): string {
    if (portion.kind === 'wrong') return seatText.noChainPortion(portion.text);
    this.#askedTail =
      portion.kind === 'all' ? 0 : (portion.blocks ?? (this.#rules.chainTail || limits.chainTailBlocks));
    return seatText.chainPortion(this.chainTail);
  }

  #help(): string {
    const { wallets } = this.#participant;
    const hasWallet = wallets !== undefined;
    if (hasWallet && this.chainKind === 'lottery') {
      const { slashAfter } = this.#rules;
      return walletText.rulesOfLedger({ grant: wallets.grant, slashAfter, bpmMax: coreLimits.bpmMax });
    }
    switch (this.chainKind) {
      case 'lottery':
        return rulesText.rules(this.#rules);
      case 'work':
        return rulesText.rulesOfWork({ ...this.#rules, hasWallet });
      case 'instant':
        return rulesText.rulesOfInstant({ ...this.#rules, hasWallet });
    }
  }

  #goodbye(): string {
    const { address, awaitedRound, chainKind } = this.#participant;
    return seatText.goodbye(
      awaitedRound !== undefined,
      address === undefined ? 0 : this.#rules.rejoinGraceMs,
      chainKind,
    );
  }

  /** The code of a line such as `rejoin ABCD-EFGH-JKMN`; undefined for any other line, or where sessions cannot be resumed. */
  #codeIn(line: string): string | undefined {
    return this.#rules.rejoinGraceMs > 0 ? /^rejoin[ \t]+(\S.*)$/i.exec(line)?.[1] : undefined;
  }

  #receiveBalance(line: string): Reply {
    const result = this.#participant.enterBalance(line);
    if (result.kind === 'joined') return this.#welcome(result);
    if (result.kind === 'holder') return this.#welcomeHolder(result);
    if (result.kind === 'no grant') return this.#prompted(walletText.noGrant(result.why));
    return this.#failedAttempt(result.attemptsLeft, (isLast) => seatText.notABalance(result.invalid, isLast));
  }

  #receiveCode(line: string, code: string): Reply {
    const result = this.#participant.resume(code);
    if (result.kind === 'resumed') return this.#welcome({ ...result, code });
    return this.#failedAttempt(result.attemptsLeft, (isLast) =>
      result.kind === 'unknown' ? seatText.unknownCode(line, isLast) : seatText.tooManyCodes(isLast),
    );
  }

  #welcome(joined: { readonly address: string; readonly stake: bigint; readonly code: string | undefined }): Reply {
    const { address, stake, code } = joined;
    const offer = code === undefined ? '' : seatText.rejoinOffer(code, this.#rules.rejoinGraceMs);
    return this.#prompted(seatText.welcome(address, stake) + offer);
  }

  #welcomeHolder({ wallet, stored }: HolderResult): Reply {
    const words = seatText.welcome(wallet.key, wallet.bonded) + this.#offer(wallet) + this.prompt;
    return stored === undefined
      ? { text: words }
      : { text: words, stored, textIfNotStored: refusalText.faultOfOurs() + this.prompt };
  }

  /** A command for wallets. A mistake in it costs nothing, but a wrong code is one of the tries of a person without a stake. */
  #command(wallets: WalletDesk, command: WalletCommand, line: string): Reply {
    const { address } = this.#participant;
    if (command.kind === 'wrong') return this.#prompted(walletText.wrongCommand(command.why));
    if (command.kind === 'login') {
      // The code of the wallet that this very person holds gives them nothing.
      const isOwn = address !== undefined && wallets.secretsOf(address).code === command.code.toUpperCase();
      return this.#participant.canLogIn && !isOwn
        ? this.#login(wallets, command.code, line)
        : this.#prompted(walletText.loggedInAlready());
    }
    if (address === undefined) return this.#prompted(walletText.noWallet());
    switch (command.kind) {
      case 'balance':
        return this.#prompted(walletText.balance(wallets.statusOf(address)));
      case 'wallet':
        return this.#prompted(walletText.wallet(address, wallets.secretsOf(address).code));
      case 'words':
        return this.#prompted(walletText.words(wallets.secretsOf(address).phrase));
      case 'order': {
        const result = wallets.order(address, command.order);
        if (result.kind === 'refused') return this.#prompted(walletText.refused(result));
        return {
          text: walletText.sent(command.order, result.id, result.until) + this.prompt,
          stored: result.stored,
          textIfNotStored: walletText.sentUnstored(result.id) + this.prompt,
        };
      }
    }
  }

  #login(wallets: WalletDesk, code: string, line: string): Reply {
    const result = this.#participant.login(wallets, code);
    if (result.kind === 'holder') return this.#welcomeHolder(result);
    return this.#failedAttempt(result.attemptsLeft, (isLast) =>
      result.kind === 'unknown'
        ? walletText.unknownLogin(line, seatText.lastTry(isLast))
        : seatText.tooManyCodes(isLast),
    );
  }

  #failedAttempt(attemptsLeft: number, why: (isLast: boolean) => string): Reply {
    return attemptsLeft === 0 ? { text: why(true), closeReason: 'no-balance' } : this.#prompted(why(false));
  }

  #receiveBpm(line: string): Reply {
    const result = this.#participant.enterPayload(line);
    switch (result.kind) {
      case 'strike':
        return this.#warned(result);
      case 'slashed':
        return slashed(result, this.chainKind);
      case 'sealing':
        return { text: '', later: this.#sealed(result.payload, result.sealed) };
      case 'deciding':
        return { text: '', later: this.#decided(result.payload, result.decided) };
      default:
        return this.#prompted(this.#proposed(result));
    }
  }

  #proposed(result: Exclude<ProposedResult, { readonly kind: 'sealing' }>): string {
    switch (result.kind) {
      case 'accepted':
        return roundText.candidateTaken(result.index, result.payload) + roundText.outlook(result.outlook);
      case 'queued':
        return this.#queued(result);
      case 'already':
        return roundText.alreadyInTheDraw(result.index);
      case 'full':
        return this.#noRoom(result.payload);
      case 'cut off':
        return roundText.doorWasCutOff(result.payload);
      case 'paused':
        return roundText.chainIsPaused(result.payload);
      case 'no stake':
        return walletText.nothingBonded(result.payload);
    }
  }

  /** What is said of a candidate once the log of several doors has decided, or this door is stopped before. */
  async #decided(payload: number, decided: Promise<ProposedResult>): Promise<string> {
    try {
      const result = await decided;
      if (result.kind === 'sealing') return await this.#sealed(payload, result.sealed);
      return this.#proposed(result) + this.prompt;
    } catch {
      return roundText.undecided(payload) + this.prompt;
    }
  }

  #queued({ index, payload, ahead, difficulty }: Extract<PayloadResult, { kind: 'queued' }>): string {
    if (difficulty === undefined) return roundText.candidateTaken(index, payload) + roundText.waitsForItsTurn(ahead);
    this.#searchedIndex = index;
    return roundText.searching(index, difficulty);
  }

  /** What is said of a block once it is stored, or could not be. */
  async #sealed(payload: number, sealed: Promise<SealedProposal>): Promise<string> {
    try {
      const { block } = await sealed;
      return roundText.blockIsYours(block.Index, block.Hash) + this.prompt;
    } catch {
      return roundText.blockUnstored(payload) + this.prompt;
    }
  }

  /** There is no room for a BPM. */
  #noRoom(payload: number): string {
    switch (this.chainKind) {
      case 'lottery':
        return roundText.roundIsFull(payload);
      case 'work':
        return roundText.backlogIsFull(payload);
      case 'instant':
        return roundText.chainIsBusy(payload);
    }
  }

  #warned(strike: StrikeResult): Reply {
    return {
      text: slashingText.tainted(strike) + this.prompt,
      stored: strike.stored,
      textIfNotStored: slashingText.taintedUnstored(strike) + this.prompt,
    };
  }

  #prompted(words: string): Reply {
    return { text: words + this.prompt };
  }
}

function slashed(slash: SlashResult, kind: ChainKind): Reply {
  return {
    text: slashingText.slashed(slash, kind),
    closeReason: 'slashed',
    stored: slash.stored,
    textIfNotStored: slashingText.slashedUnstored(slash),
  };
}
