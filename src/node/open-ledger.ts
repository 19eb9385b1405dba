import type { Clock } from '../consensus/clock.ts';
import type { ChainKind } from '../consensus/engine.ts';
import type { LedgerToExtend } from '../consensus/ledger-to-extend.ts';
import type { GenesisLedger } from '../core/block.ts';
import type { VerifySignature } from '../core/keys.ts';
import { LedgerRules } from '../ledger/ledger-rules.ts';
import { sandboxAccount } from '../ledger/sandbox.ts';
import type { Chain } from './chain.ts';
import type { EventHub } from './event-hub.ts';
import { LedgerService } from './ledger-service.ts';
import { limits } from './limits.ts';
import { type BlockStore, ChainError, type Wallets } from './ports.ts';
import { WalletService } from './wallet-service.ts';

/** The ledger of a chain that is founded. */
export interface NewLedger {
  /** Tokens that come into being with each block. */
  readonly reward: bigint;
  /** The chain says that it is a sandbox: its tokens are without value, and its time and blocks may be set back. */
  readonly isSandbox?: boolean;
}

/**
 * What the genesis says of a new ledger: one account, the faucet's, and in a sandbox the one that says so. In a lottery it has the token bonded that lets it stand in (SPEC 6); elsewhere nothing
 * is ever bonded.
 */
export function genesisLedger({ reward, isSandbox }: NewLedger, kind: ChainKind, wallets: Wallets): GenesisLedger {
  const faucet = [wallets.signer(0).key, String(limits.faucetTokens), kind === 'lottery' ? '1' : '0'] as const;
  return {
    Reward: String(reward),
    MinFee: '0',
    Unbonding: limits.unbondingBlocks,
    Accounts: isSandbox === true ? [faucet, sandboxAccount] : [faucet],
  };
}

export interface LedgerWorld {
  readonly clock: Clock;
  readonly store: BlockStore;
  readonly events: EventHub;
  readonly chain: Chain;
  readonly verifySignature: VerifySignature;
  readonly grant: bigint;
}

/** The ledger of a chain, and the wallets of its people; neither in a chain without one. */
export interface OpenedLedger {
  readonly ledger?: LedgerService;
  readonly wallets?: WalletService;
}

/**
 * Opens the ledger of a chain that has one, without wallets where it is followed and people have theirs elsewhere. Throws a ChainError when this server's wallets
 * are not those that the chain was begun with.
 */
export async function openLedger(
  world: LedgerWorld,
  openWallets: (() => Wallets | undefined) | undefined,
): Promise<OpenedLedger> {
  const { clock, store, events, chain, verifySignature, grant } = world;
  const { state, tip } = chain;
  if (state === undefined || tip?.ledger === undefined) return {};
  const rules = new LedgerRules(tip.ledger.terms, verifySignature);
  if (openWallets === undefined) {
    const ledger = await LedgerService.open({ clock, store, listener: events, rules, state });
    events.subscribe(ledger);
    return { ledger };
  }
  const keys = expectWallets(openWallets());
  const [faucet] = state.accounts();
  // A node of a chain of work need not be the one that began it.
  if (faucet === undefined || (tip.authority !== undefined && faucet.key !== keys.signer(0).key)) {
    throw new ChainError('the wallet secret is not the one that this chain was begun with, so its faucet cannot sign');
  }
  const ledger = await LedgerService.open({ clock, store, listener: events, rules, state });
  const wallets = await WalletService.open({ clock, store, wallets: keys, ledger, grant, faucet: faucet.key });
  // Behind all who hear of the block itself.
  events.subscribe({
    onEvent: (event) => {
      ledger.onEvent(event);
      if (event.kind === 'committed') wallets.blockCommitted();
      if (event.kind === 'committed' || event.kind === 'empty') wallets.forgetGone();
    },
  });
  return { ledger, wallets };
}

/** What an engine asks of them. */
export function ledgerToExtend(ledger: LedgerService, wallets: WalletService): LedgerToExtend {
  return {
    standIn: wallets.faucet,
    get isWaiting() {
      return ledger.hasWaiting;
    },
    freeze: () => ledger.freeze(),
    fork: () => ledger.fork(),
    redraft: (transactions) => ledger.redraft(transactions),
    signCandidate: (validator, index, payload) => wallets.signCandidate(validator, index, payload),
  };
}

export function expectWallets(wallets: Wallets | undefined): Wallets {
  if (wallets === undefined) throw new Error('a chain with a ledger needs the wallets of its server');
  return wallets;
}
