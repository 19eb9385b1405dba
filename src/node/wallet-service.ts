import { escapeForDisplay } from '../base/escape-for-display.ts';
import type { Clock } from '../consensus/clock.ts';
import type { Signer } from '../core/keys.ts';
import type { Account } from '../ledger/account.ts';
import { type SignedCandidate, signCandidate } from '../ledger/candidate.ts';
import { parseEvidence } from '../ledger/evidence.ts';
import { limits as ledgerLimits } from '../ledger/limits.ts';
import { signTransaction, type TransactionRequest } from '../ledger/transaction.ts';
import { FailedAttemptLimiter } from './failed-attempt-limiter.ts';
import type { LedgerService, Submission } from './ledger-service.ts';
import { limits } from './limits.ts';
import type { BlockStore, Wallets } from './ports.ts';

/** A wallet that a person holds. */
export interface HeldWallet {
  /** Its key, which is the validator's address. */
  readonly key: string;
  readonly bonded: bigint;
  /** Tokens that can be sent or bonded. */
  readonly balance: bigint;
  /** Gives the wallet back to a later connection. */
  readonly code: string;
}

/** What became of a stake out of a grant. */
export type GrantResult =
  | { readonly kind: 'granted'; readonly wallet: HeldWallet; readonly stored: Promise<void> }
  | { readonly kind: 'refused'; readonly why: string };

/** What became of a code. */
export type LoginResult =
  | { readonly kind: 'resumed'; readonly wallet: HeldWallet }
  | { readonly kind: 'unknown' }
  | { readonly kind: 'too many' };

/** What the holder of a wallet wants done. */
export type Order =
  | { readonly kind: 'send'; readonly to: string; readonly amount: bigint; readonly fee: bigint }
  | { readonly kind: 'bond' | 'unbond'; readonly amount: bigint; readonly fee: bigint };

/** What became of an order. It may be told as sent once `stored` has resolved. */
export type OrderResult =
  | { readonly kind: 'sent'; readonly id: string; readonly until: number; readonly stored: Promise<void> }
  | { readonly kind: 'refused'; readonly why: string };

/** A wallet of the operator, which no connection holds. */
export interface OwnWallet {
  readonly number: number;
  readonly key: string;
}

/** What a wallet has, and what of its own waits. */
export interface WalletStatus {
  readonly account: Account | undefined;
  readonly waiting: number;
  /** Nothing came in yet, and the faucet will give nothing: it is at another server. */
  readonly hasNoFaucet: boolean;
}

export interface WalletServicePorts {
  readonly clock: Clock;
  readonly store: BlockStore;
  readonly wallets: Wallets;
  readonly ledger: LedgerService;
  /** How many tokens a new wallet gets from the faucet. */
  readonly grant: bigint;
  /** The key of the faucet, which wallet 0 of this server has where the chain was begun here. */
  readonly faucet: string;
}

interface OpenWallet {
  readonly number: number;
  readonly signer: Signer;
}

/**
 * The wallets that a server keeps for its people (SPEC 6), and the faucet: wallet 0 of the server that began the chain, and the first account of the
 * genesis. At another node of a chain of work there is none: people have the rewards of their blocks.
 */
export class WalletService {
  readonly #ports: WalletServicePorts;
  readonly #faucet: Signer | undefined;
  readonly #open = new Map<string, OpenWallet>();
  /** Tells the connection that holds a wallet that another one holds it now. */
  readonly #holders = new Map<string, () => void>();
  /** Those of them that were not held when the last round was over. */
  readonly #gone = new Set<string>();
  /** The signed taints of validators who were slashed and are not burned yet. */
  readonly #offences = new Map<string, SignedCandidate>();
  /** The report that waits for each of them. */
  readonly #reports = new Map<string, string>();
  /** The operator's own wallets: the number of each key. */
  readonly #own = new Map<string, number>();
  readonly #failedAttempts = new FailedAttemptLimiter();
  /** Wallets that were given out and get their grant when their holders do something: people who only watch cost the faucet nothing. */
  readonly #grantsDue = new Set<string>();
  /** The last number that was given out. */
  #count: number;
  /** The last number that is marked as taken on the disk. */
  #marked: number;

  private constructor(ports: WalletServicePorts, count: number) {
    this.#ports = ports;
    const first = ports.wallets.signer(0);
    this.#faucet = first.key === ports.faucet ? first : undefined;
    this.#count = count;
    this.#marked = count;
  }

  static async open(ports: WalletServicePorts): Promise<WalletService> {
    const [count] = await ports.store.records('wallets');
    const service = new WalletService(ports, Number(count?.[1] ?? 0));
    for (const [validator, text] of await ports.store.records('offence')) {
      const parsed = parseEvidence(JSON.parse(text));
      const [evidence] = 'why' in parsed ? [] : parsed.value;
      if (evidence !== undefined) service.#offences.set(validator, evidence);
    }
    for (const [number, key] of await ports.store.records('own')) service.#own.set(key, Number(number));
    service.#report();
    if (ports.ledger.terms.transfersOnly) {
      service.#mark(service.#count + limits.walletNumbersAhead);
      await ports.store.recordsSynced();
    }
    return service;
  }

  /** How many tokens a new wallet gets; none where the faucet is at another server. */
  get grant(): bigint {
    return this.#faucet === undefined ? 0n : this.#ports.grant;
  }

  /** The key of the faucet. */
  get faucet(): string {
    return this.#ports.faucet;
  }

  /**
   * Makes a wallet where nothing is at stake. It may be told at once, because its number was marked before. `takenOver` is called when another
   * connection logs in to it. Its grant comes with the first thing that its holder does; never where there is no `takenOver`, because it is not held
   * such a wallet for longer than one block.
   */
  enter(takenOver?: () => void): HeldWallet {
    const { wallets } = this.#ports;
    this.#count += 1;
    if (this.#count > this.#marked - limits.walletNumbersAhead / 2) this.#mark(this.#count + limits.walletNumbersAhead);
    const number = this.#count;
    const signer = wallets.signer(number);
    this.#open.set(signer.key, { number, signer });
    if (takenOver !== undefined) {
      this.#holders.set(signer.key, takenOver);
      if (this.#faucet !== undefined) this.#grantsDue.add(signer.key);
    }
    return { key: signer.key, bonded: 0n, balance: this.grant, code: wallets.loginCode(number) };
  }

  /** True for a wallet that was made by `enter`, and that its holder has done nothing with. */
  isUntouched(key: string): boolean {
    return this.#grantsDue.has(key);
  }

  /** The holder of a wallet does something with it: has the faucet grant it its tokens, if they are due. They stay due while the faucet cannot. */
  useWallet(key: string): void {
    if (this.#grantsDue.has(key) && this.#grantTo(key).kind !== 'refused') this.#grantsDue.delete(key);
  }

  /** Makes a wallet, and has the faucet grant it tokens, of which `stake` are bonded. `takenOver` is called when another connection logs in to it. */
  join(stake: bigint, takenOver: () => void): GrantResult {
    const { grant } = this;
    const { ledger, wallets } = this.#ports;
    const number = this.#count + 1;
    const signer = wallets.signer(number);
    const until = ledger.nextIndex + limits.untilAhead;
    const fee = ledger.terms.minFee;
    const granted = this.#grantTo(signer.key, fee);
    if (granted.kind !== 'accepted') {
      const why = granted.kind === 'refused' ? granted.why : 'it is known already';
      return { kind: 'refused', why };
    }
    this.#count = number;
    this.#mark(number);
    const bond = { Kind: 'bond', Amount: String(stake), Fee: String(fee), Nonce: 0, Until: until } as const;
    const stored = ledger.submitFirst(signTransaction(ledger.terms.chainId, bond, signer));
    this.#open.set(signer.key, { number, signer });
    this.#holders.set(signer.key, takenOver);
    const code = wallets.loginCode(number);
    return { kind: 'granted', wallet: { key: signer.key, bonded: stake, balance: grant - stake, code }, stored };
  }

  /** Makes a wallet for the operator, with a grant that comes in the next block where the faucet is here. Resolves when it is stored. */
  async create(): Promise<OwnWallet | { readonly why: string }> {
    const { wallets, store } = this.#ports;
    const number = this.#count + 1;
    const { key } = wallets.signer(number);
    const granted = this.#faucet === undefined ? undefined : this.#grantTo(key);
    if (granted?.kind === 'refused') return { why: granted.why };
    this.#count = number;
    this.#mark(Math.max(number, this.#marked));
    this.#own.set(key, number);
    store.saveRecord('own', String(number), key);
    await store.recordsSynced();
    return { number, key };
  }

  /** The operator's own wallets, in the order in which they were made. */
  own(): readonly OwnWallet[] {
    return [...this.#own].map(([key, number]) => ({ number, key })).sort((one, other) => one.number - other.number);
  }

  /** Has the faucet send tokens to any account. */
  give(key: string, amount: bigint): OrderResult {
    const given = this.#pay({ Kind: 'transfer', To: key, Amount: String(amount) });
    return orderResult(given, this.#ports.ledger.nextIndex + limits.untilAhead);
  }

  /** Gives the wallet of a code back. Too many wrong codes from a network address stop all codes from there. */
  login(code: string, network: string, takenOver: () => void): LoginResult {
    const { clock, wallets, ledger } = this.#ports;
    const nowMs = clock.monotonicMs();
    if (this.#failedAttempts.isOverLimit(network, nowMs)) return { kind: 'too many' };
    const number = wallets.numberOf(code);
    if (number === undefined || number < 1 || number > this.#count) {
      this.#failedAttempts.add(network, nowMs);
      return { kind: 'unknown' };
    }
    const signer = wallets.signer(number);
    const { key } = signer;
    this.#holders.get(key)?.();
    this.#open.set(key, { number, signer });
    this.#holders.set(key, takenOver);
    const account = ledger.accountAfter(key);
    // A crash may have come before the grant was kept.
    if (this.#faucet !== undefined && ledger.terms.transfersOnly && account === undefined && !this.#isGranted(key))
      this.#grantsDue.add(key);
    const wallet = {
      key,
      bonded: ledger.stakeOf(key),
      balance: account?.balance ?? (ledger.terms.transfersOnly ? this.grant : 0n),
      code: wallets.loginCode(number),
    };
    return { kind: 'resumed', wallet };
  }

  /** The connection that held a wallet has ended. Its key is kept until the draw that its candidate may be in is over. */
  leave(key: string): void {
    this.#holders.delete(key);
    this.#grantsDue.delete(key);
  }

  /**
   * A round is over. The keys of those who had left when the round before it was over are not needed any more: no candidate of theirs waits.
   */
  forgetGone(): void {
    for (const key of this.#gone) if (!this.#holders.has(key)) this.#open.delete(key);
    this.#gone.clear();
    for (const key of this.#open.keys()) if (!this.#holders.has(key)) this.#gone.add(key);
  }

  /** Signs and sends what the holder of a wallet wants done. */
  order(key: string, order: Order): OrderResult {
    const { ledger } = this.#ports;
    this.useWallet(key);
    if (ledger.accountOf(key) === undefined) {
      const why =
        this.#faucet === undefined
          ? 'your wallet has no tokens yet. Each block of yours brings some: enter a BPM'
          : 'your wallet gets its tokens with the next block. Try again after it';
      return { kind: 'refused', why };
    }
    const { signer } = this.#wallet(key);
    const { minFee } = ledger.terms;
    const fee = order.fee < minFee ? minFee : order.fee;
    const common = { Amount: String(order.amount), ...this.#terms(key, fee) };
    const result = this.#submit(
      signer,
      order.kind === 'send' ? { Kind: 'transfer', To: order.to, ...common } : { Kind: order.kind, ...common },
    );
    return orderResult(result, common.Until);
  }

  /** What a validator has at stake, as its own waiting transactions leave it. */
  stakeOf(key: string): bigint {
    return this.#ports.ledger.stakeOf(key);
  }

  statusOf(key: string): WalletStatus {
    const { ledger } = this.#ports;
    return {
      account: ledger.accountOf(key),
      waiting: ledger.waitingOf(key),
      hasNoFaucet: this.#faucet === undefined,
    };
  }

  /** The words by which a person can take the wallet away, and the code that gives it back here. */
  secretsOf(key: string): { readonly phrase: string; readonly code: string } {
    const { number } = this.#wallet(key);
    const { wallets } = this.#ports;
    return { phrase: wallets.phrase(number), code: wallets.loginCode(number) };
  }

  signCandidate(key: string, index: number, payload: number): SignedCandidate {
    const signer = key === this.#faucet?.key ? this.#faucet : this.#wallet(key).signer;
    return signCandidate(this.#ports.ledger.terms.chainId, index, payload, signer);
  }

  /**
   * A validator has made a tainted block for block `index`: it signs what it typed, and the node reports it as soon as the ledger takes that. Resolves
   * when this is stored.
   */
  slash(key: string, index: number, text: string): Promise<void> {
    const { ledger, store } = this.#ports;
    const taint = escapeForDisplay(text).slice(0, ledgerLimits.taintedCharactersMax) || '?';
    const evidence = signCandidate(ledger.terms.chainId, index, taint, this.#wallet(key).signer);
    this.#holders.delete(key);
    this.#offences.set(key, evidence);
    store.saveRecord('offence', key, JSON.stringify([evidence]));
    this.#report();
    return store.recordsSynced();
  }

  /** The chain was set back: people whose account never came into being get their grant with the next thing that they do. */
  grantAgain(): void {
    if (this.#faucet === undefined) return;
    for (const key of this.#holders.keys())
      if (this.#ports.ledger.accountOf(key) === undefined && !this.#isGranted(key)) this.#grantsDue.add(key);
  }

  /** A block is stored. To be called behind the ledger itself. */
  blockCommitted(): void {
    this.#report();
  }

  /** Reports those whose offence the ledger takes now, and lets go of those that are burned. */
  #report(): void {
    const { ledger, store } = this.#ports;
    for (const [validator, evidence] of this.#offences) {
      const account = ledger.accountOf(validator);
      const isBurned = account !== undefined && account.since > evidence.Index;
      const hasNothing =
        ledger.stakeOf(validator) === 0n && (account?.unbonding ?? 0n) === 0n && (account?.bonded ?? 0n) === 0n;
      if (isBurned || hasNothing) {
        this.#offences.delete(validator);
        this.#reports.delete(validator);
        store.removeRecord('offence', validator);
        continue;
      }
      const waiting = this.#reports.get(validator);
      if (waiting !== undefined && ledger.isWaiting(waiting)) continue;
      const result = this.#pay({ Kind: 'report', Evidence: [evidence] });
      if (result.kind === 'accepted') this.#reports.set(validator, result.id);
    }
  }

  /** Marks all numbers up to one as taken. */
  #mark(number: number): void {
    this.#marked = number;
    this.#ports.store.saveRecord('wallets', 'count', String(number));
  }

  /** @param spent what the new wallet pays at once, and gets besides its grant */
  #grantTo(key: string, spent = 0n): ReturnType<LedgerService['submit']> {
    return this.#pay({ Kind: 'transfer', To: key, Amount: String(this.grant + spent) });
  }

  /** Has the faucet sign and send something, for the least fee. */
  #pay(
    purpose:
      | { readonly Kind: 'transfer'; readonly To: string; readonly Amount: string }
      | { readonly Kind: 'report'; readonly Evidence: readonly SignedCandidate[] },
  ): Submission {
    const faucet = this.#faucet;
    if (faucet === undefined)
      return {
        kind: 'refused',
        why: 'the faucet of this chain is at the server that began it',
        nextNonce: undefined,
      };
    return this.#submit(faucet, { ...purpose, ...this.#terms(faucet.key, this.#ports.ledger.terms.minFee) });
  }

  /** Whether a transfer to a key waits that comes from the faucet. */
  #isGranted(key: string): boolean {
    return this.#ports.ledger.waiting().some(({ transaction }) => {
      return transaction.Kind === 'transfer' && transaction.From === this.faucet && transaction.To === key;
    });
  }

  #submit(signer: Signer, request: TransactionRequest): ReturnType<LedgerService['submit']> {
    const { ledger } = this.#ports;
    return ledger.submit(signTransaction(ledger.terms.chainId, request, signer));
  }

  /** What a transaction that an account sends now has besides its purpose. */
  #terms(key: string, fee: bigint): { readonly Fee: string; readonly Nonce: number; readonly Until: number } {
    const { ledger } = this.#ports;
    return { Fee: String(fee), Nonce: ledger.nextNonce(key), Until: ledger.nextIndex + limits.untilAhead };
  }

  #wallet(key: string): OpenWallet {
    const own = this.#own.get(key);
    const wallet = own === undefined ? this.#open.get(key) : { number: own, signer: this.#ports.wallets.signer(own) };
    if (wallet === undefined) throw new Error(`the wallet of ${key} is not open`);
    return wallet;
  }
}

function orderResult(result: Submission, until: number): OrderResult {
  switch (result.kind) {
    case 'accepted':
      return { kind: 'sent', id: result.id, until, stored: result.stored };
    case 'known':
      return { kind: 'refused', why: 'the same transaction waits already' };
    case 'refused':
      return { kind: 'refused', why: result.why };
  }
}
