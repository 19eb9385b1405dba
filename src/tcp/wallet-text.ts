import { escapeForDisplay } from '../base/escape-for-display.ts';
import { pluralize } from '../base/formatting.ts';
import { addressOf } from '../ledger/address.ts';
import type { Transaction } from '../ledger/transaction.ts';
import type { AccountNews } from '../node/ledger-news.ts';
import type { HeldWallet, Order, OrderResult, WalletStatus } from '../node/wallet-service.ts';
import { errorLine } from './error-line.ts';

/** The words that the holder of a wallet reads at nc (SPEC 1). Amounts and keys are ours; what a person typed is shown escaped. */

/** To a new validator, behind the welcome (SPEC 1). In a sandbox it says what that is. */
export function walletOffer(
  { key, balance, code }: HeldWallet,
  chain: { readonly isSandbox: boolean; readonly seed?: string | undefined; readonly grant: bigint } | undefined,
): string {
  const has =
    chain?.grant === 0n && balance === 0n
      ? 'has nothing yet: the faucet of this chain is at another server, but each block of yours brings you its reward'
      : `has ${balance} more`;
  const offer = `Your wallet ${addressOf(key)} ${has}. To come back: login ${code}\n`;
  if (chain?.isSandbox !== true) return offer;
  const seed = chain.seed === undefined ? '' : ` All its secrets come from the seed ${chain.seed}.`;
  return `${offer}This is a sandbox: its tokens are without value, and its time and its blocks may be set back.${seed}\n`;
}

/** The answer to `help` in a chain with a ledger: at most six lines (SPEC 1), the last of which says how to leave. */
export function rulesOfLedger({ grant, slashAfter, bpmMax }: LedgerRulesShown): string {
  const cost =
    slashAfter === 1 ? 'burns your stake' : `is a tainted block; number ${slashAfter} of yours burns your stake`;
  return [
    'Each token you have bonded is a ticket. Each round draws one, and its holder wins the block and its reward.',
    `Token balance: your stake out of ${grant} tokens that you are given, from 1, for example 100. Or: login CODE.`,
    `BPM: a whole number from 0 to ${bpmMax}, for example 72; one a round. Anything else ${cost}.`,
    'Your wallet: balance, wallet, words, send ADDRESS AMOUNT [FEE], bond AMOUNT [FEE], unbond AMOUNT [FEE].',
    'name NAME is how pages show you; chain tail sends you the newest blocks alone. A mistake in these, an empty line, help and ? cost nothing.',
    'To leave, type quit or exit: a candidate of yours stays in its draw, and your tokens stay yours.',
    '',
  ].join('\n');
}

interface LedgerRulesShown {
  readonly grant: bigint;
  readonly slashAfter: number;
  readonly bpmMax: number;
}

/** A transaction that was sent for a person. */
export function sent(order: Order, id: string, until: number): string {
  return `${doneText(order)}: transaction ${id}. You hear when it is in a block; after block ${until} it expires.\n`;
}

function doneText(order: Order): string {
  const tokens = pluralize(order.amount, 'token');
  switch (order.kind) {
    case 'send':
      return `Sending ${tokens} to ${addressOf(order.to)}`;
    case 'bond':
      return `Bonding ${tokens}`;
    case 'unbond':
      return `Unbonding ${tokens}`;
  }
}

export function refused({ why }: Extract<OrderResult, { kind: 'refused' }>): string {
  return errorLine(`${why}.`);
}

/** Instead of `sent` when the disk refused to store the transaction. */
export function sentUnstored(id: string): string {
  return errorLine(
    `the disk of the server refused to keep transaction ${id}: it is not known whether a block takes it after a restart.`,
  );
}

/** The answer to `balance`. */
export function balance({ account, waiting, hasNoFaucet }: WalletStatus): string {
  const pending =
    waiting === 0
      ? ''
      : ` ${pluralize(waiting, 'transaction')} of yours ${waiting === 1 ? 'waits' : 'wait'} for a block.`;
  if (account === undefined) {
    const when = hasNoFaucet ? 'each block of yours brings you its reward' : 'your tokens come with the next block';
    return `Balance 0, bonded 0: ${when}.${pending}\n`;
  }
  const { unbonding, release } = account;
  const later = unbonding === 0n ? '' : `, unbonding ${unbonding} until block ${release}`;
  return `Balance ${account.balance}, bonded ${account.bonded}${later}.${pending}\n`;
}

/** The answer to `wallet`. */
export function wallet(key: string, code: string): string {
  return `Address: ${addressOf(key)}\nKey: ${key}\nTo come back: login ${code}\n`;
}

/** The answer to `words`. */
export function words(phrase: string): string {
  return `${phrase}\nWhoever has these words has the wallet (BIP-39, m/44'/1'/0'). The operator of this server could sign for it, too: send tokens that matter to a wallet of your own.\n`;
}

/** A command for wallets from a person without one. */
export function noWallet(): string {
  return errorLine('you have no wallet here yet. Enter your stake, for example 100, or login CODE.');
}

export function wrongCommand(why: string): string {
  return errorLine(`${why}.`);
}

/** `login` from a person who is in already. */
export function loggedInAlready(): string {
  return errorLine('you are logged in already. To change wallets, quit and connect again.');
}

/** `isLast`: the connection is closed after this one. */
export function unknownLogin(line: string, lastTry: string): string {
  return errorLine(
    `"${escapeForDisplay(line)}" is not the code of a wallet of this server. Enter the code again, or a stake.${lastTry}`,
  );
}

/** A stake for which the faucet gives no grant now. It is no lost try. */
export function noGrant(why: string): string {
  return errorLine(
    `the faucet cannot grant your tokens now: ${why}. Nothing is lost: enter your stake again after the next block.`,
  );
}

/** A BPM of a validator that has nothing bonded. It costs nothing. */
export function nothingBonded(bpm: number): string {
  return errorLine(`you have nothing bonded, so BPM ${bpm} has no ticket. Bond tokens first, for example bond 100.`);
}

/** What the holder of an account hears of a block. */
export function newsText(news: AccountNews): string {
  switch (news.kind) {
    case 'included':
      return `Transaction ${news.id} is in block ${news.index}: ${effectText(news.transaction)}.\n`;
    case 'returned':
      return `Transaction ${news.id} is in block ${news.index} no longer: it waits again.\n`;
    case 'received':
      return `You received ${pluralize(BigInt(news.amount), 'token')} from ${addressOf(news.from)} in block ${news.index}.\n`;
    case 'burned':
      return `Your stake is burned: you were reported in block ${news.index}.\n`;
    case 'gone':
      return `Transaction ${news.id} ${goneText[news.reason]}\n`;
    case 'released':
      return `${pluralize(news.amount, 'token')} that you unbonded can be spent again from block ${news.index} on.\n`;
    case 'left out':
      return `Your candidate was not in the draw of block ${news.index}: you had nothing bonded. See balance.\n`;
  }
}

function effectText(transaction: Transaction): string {
  switch (transaction.Kind) {
    case 'transfer':
      return `${pluralize(BigInt(transaction.Amount), 'token')} to ${addressOf(transaction.To)}`;
    case 'bond':
      return `${pluralize(BigInt(transaction.Amount), 'token')} bonded`;
    case 'unbond':
      return `${pluralize(BigInt(transaction.Amount), 'token')} no longer at stake`;
    case 'report':
      return 'reported';
  }
}

const goneText = {
  included: 'is in a block.',
  superseded: 'was replaced by another one with its Nonce. Nothing of it was done.',
  expired: 'has expired: no block took it in time. Nothing of it was done.',
  refused: 'is not possible any more, and no block takes it. Nothing of it was done. See balance.',
  stranded: 'stood behind one that was not possible any more. Nothing of it was done: send it again.',
  evicted: 'made room for others that pay more. Nothing of it was done: send it again with a higher fee.',
} as const;
