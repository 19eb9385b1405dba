import type { ChainKind, Engine, EngineStatus, Proposal } from '../consensus/engine.ts';
import type { TriedNonce } from '../consensus/work/block-search.ts';
import type { WorkEngine } from '../consensus/work/work-engine.ts';
import type { Candidate } from '../core/pool.ts';
import type { Chain } from './chain.ts';
import type { LedgerService } from './ledger-service.ts';
import type { Membership } from './membership.ts';
import type { LotteryService, WalletDesk } from './participant.ts';
import type { InvalidPayload } from './ports.ts';
import type { ResumeResult } from './resumable-sessions.ts';
import type { Sandbox } from './sandbox.ts';
import type { Validator } from './validator-registry.ts';
import type { WalletService } from './wallet-service.ts';

/** What the operator's console shows at any moment. */
export interface NodeStatus extends EngineStatus {
  readonly height: number;
  /** How many validators are connected. */
  readonly validators: number;
  /** A drawn block waits for room on the disk. */
  readonly isDiskFull: boolean;
  /** The genesis says that the chain is a sandbox, whose tokens are without value. */
  readonly isSandbox: boolean;
  /** What its secrets come from; undefined where nobody knows them. */
  readonly seed?: string | undefined;
}

export interface LocalServiceParts {
  readonly chain: Chain;
  readonly engine: Engine;
  readonly members: Membership;
  readonly kind: ChainKind;
  /** The same engine, where it searches for blocks. */
  readonly work: WorkEngine | undefined;
  /** In a chain with a ledger. */
  readonly wallets: WalletService | undefined;
  readonly ledger: LedgerService | undefined;
  readonly isSandbox: boolean;
  readonly seed: string | undefined;
  /** In a sandbox whose clock this node can move. */
  readonly sandbox: Sandbox | undefined;
}

/** What people and the operator ask of the node in this process: its people, its engine and its chain, together. */
export class LocalService implements LotteryService {
  readonly enter: (() => string) | undefined;
  readonly tryNonce: ((nonce: number) => TriedNonce) | undefined;
  /** What miners elsewhere ask for and bring; undefined where nothing is searched for. */
  readonly work: Pick<WorkEngine, 'content' | 'submitNonce'> | undefined;
  readonly #chain: Chain;
  readonly #engine: Engine;
  readonly #members: Membership;
  readonly #wallets: WalletService | undefined;
  /** What the operator may do with a sandbox; undefined in any other chain. */
  readonly sandbox: Sandbox | undefined;
  readonly #isSandbox: boolean;
  readonly #seed: string | undefined;
  readonly wallets: WalletDesk | undefined;
  /** The operator's own wallets; undefined in a chain without a ledger. */
  readonly ownWallets: Pick<WalletService, 'create' | 'own' | 'statusOf' | 'order'> | undefined;
  /** Balances, what waits for a block, and where a transaction is; undefined in a chain without a ledger. */
  readonly ledger: LedgerService | undefined;
  /** Resolves when the last slash of a holder of a wallet is stored. */
  #slashStored: Promise<void> | undefined;
  /** The last slashed validator is out of the draw at every door, where there are several. */
  #withdrawn: Promise<void> | undefined;

  constructor({ chain, engine, members, kind, work, wallets, ledger, isSandbox, seed, sandbox }: LocalServiceParts) {
    this.ledger = ledger;
    this.ownWallets = wallets;
    this.enter = kind === 'lottery' ? undefined : () => members.enter();
    this.tryNonce = work === undefined ? undefined : (nonce) => work.tryNonce(nonce);
    this.work = work;
    this.#chain = chain;
    this.#engine = engine;
    this.#members = members;
    this.#wallets = wallets;
    this.sandbox = sandbox;
    this.#isSandbox = isSandbox;
    this.#seed = seed;
    this.wallets = wallets && deskOf(wallets, members, { isSandbox, seed });
  }

  join(stake: bigint): string {
    return this.#members.join(stake);
  }

  openSession(address: string, takenOver: () => void): string | undefined {
    return this.#members.openSession(address, takenOver);
  }

  resumeSession(code: string, network: string, takenOver: () => void): ResumeResult {
    return this.#members.resumeSession(code, network, takenOver);
  }

  propose(address: string, payload: number): Proposal {
    this.#wallets?.useWallet(address);
    return this.#engine.propose(address, payload);
  }

  rename(address: string, name: string): void {
    this.#members.rename(address, name);
  }

  addStrike(address: string): number {
    return this.#members.addStrike(address);
  }

  sessionsSynced(): Promise<void> | undefined {
    const stored = this.#wallets === undefined ? this.#members.sessionsSynced() : this.#slashStored;
    const withdrawn = this.#withdrawn;
    if (withdrawn === undefined) return stored;
    return stored === undefined ? withdrawn : Promise.all([stored, withdrawn]).then(() => undefined);
  }

  slash(address: string, invalid: InvalidPayload): void {
    this.#withdrawn = this.#engine.withdraw(address);
    // What is proposed while a block is being drawn is for the one after it.
    const openIndex = this.#chain.height + (this.#engine.status().isDrawing ? 2 : 1);
    const stake = this.#wallets?.stakeOf(address);
    this.#slashStored = this.#wallets?.slash(address, openIndex, invalid.text);
    this.#members.slash(address, invalid, stake);
  }

  /** The validator hung up: a candidate that waits stays in the draw, and the validator is forgotten after that. */
  leave(address: string): void {
    this.#members.leave(address, this.#engine.isWaiting(address));
    this.#wallets?.leave(address);
  }

  /** Removes the session of a validator: its code is void, and after a crash, too, once `sessionsSynced` has resolved. */
  voidSession(address: string): void {
    this.#members.voidSession(address);
  }

  /** Makes a block of what waits now, without waiting for the end of the round. */
  sealNow(): void {
    this.#engine.sealNow();
  }

  /** No blocks are made until `resume`. */
  pause(): void {
    this.#engine.pause();
  }

  resume(): void {
    this.#engine.resume();
  }

  status(): NodeStatus {
    return {
      ...this.#engine.status(),
      height: this.#chain.height,
      validators: this.#members.connected,
      isDiskFull: this.#chain.isWaiting,
      isSandbox: this.#isSandbox,
      seed: this.#seed,
    };
  }

  /** The validators that are connected, in the order in which they joined. */
  validators(): Iterable<Readonly<Validator>> {
    return this.#members.validators();
  }

  /** The candidates that wait, in the order in which they came. */
  candidates(): Iterable<Candidate> {
    return this.#engine.candidates();
  }
}

/** The wallets, whose holders are validators. */
function deskOf(
  wallets: WalletService,
  members: Membership,
  chain: Pick<WalletDesk, 'isSandbox' | 'seed'>,
): WalletDesk {
  return {
    ...chain,
    grant: wallets.grant,
    order: (key, order) => wallets.order(key, order),
    stakeOf: (key) => wallets.stakeOf(key),
    isUntouched: (key) => wallets.isUntouched(key),
    statusOf: (key) => {
      wallets.useWallet(key);
      return wallets.statusOf(key);
    },
    enter: (takenOver) => {
      const wallet = wallets.enter(takenOver);
      members.admit(wallet.key, 0n);
      return wallet;
    },
    secretsOf: (key) => wallets.secretsOf(key),
    join: (stake, takenOver) => {
      const result = wallets.join(stake, takenOver);
      if (result.kind === 'granted') members.admit(result.wallet.key, stake);
      return result;
    },
    login: (code, network, takenOver) => {
      const result = wallets.login(code, network, takenOver);
      if (result.kind === 'resumed') members.admit(result.wallet.key, result.wallet.bonded);
      return result;
    },
  };
}
