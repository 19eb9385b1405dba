import { pluralize, withThousands } from '../../base/formatting.ts';
import { isGenesis } from '../../core/block.ts';
import { addressOf } from '../../ledger/address.ts';
import { type AccountProof, findAccountProofFault, proveAccount } from '../../ledger/proof.ts';
import type { ChainAudit } from '../chain/chain-audit.ts';

/** What one account has behind the last block of a chain that was checked, with the proof of it; or why that is not known, in printable words. */
export type VerifiedAccount =
  | { readonly kind: 'proved'; readonly key: string; readonly proof: AccountProof; readonly root: string | undefined }
  | { readonly kind: 'absent' | 'unknown'; readonly key: string; readonly why: string };

/** Looks an account up in the state that was computed from a chain, and climbs its path to the StateRoot of the last block. */
export function verifyAccount({ fault, form, ledgerState, lastHolding }: ChainAudit, key: string): VerifiedAccount {
  const unknown = (why: string): VerifiedAccount => ({ kind: 'unknown', key, why });
  if (fault !== undefined) return unknown(`block ${fault.index} does not hold, and accounts come out of every block`);
  if (form?.hasLedger === false) return unknown('this chain has no ledger');
  if (ledgerState === undefined || lastHolding === undefined) {
    return unknown('accounts come out of the transactions, and these do not lie beside every block');
  }
  const proof = proveAccount(ledgerState, key);
  if (proof === undefined) {
    return { kind: 'absent', key, why: `there is none among ${withThousands(ledgerState.accountCount)}` };
  }
  if (isGenesis(lastHolding) || lastHolding.Ledger === undefined)
    return { kind: 'proved', key, proof, root: undefined };
  const wrong = findAccountProofFault(proof, lastHolding.Ledger);
  if (wrong !== undefined) throw new Error(`the state behind block ${proof.Index} was checked, but ${wrong}`);
  return { kind: 'proved', key, proof, root: lastHolding.Ledger.StateRoot };
}

/** What is known of an account, in words. */
export function accountText(account: VerifiedAccount): string {
  const head = `\nAccount ${addressOf(account.key)}`;
  const row = (label: string, words: string): string => `  ${label.padEnd(12)} ${words}\n`;
  if (account.kind !== 'proved') {
    const label = account.kind === 'absent' ? 'none' : 'not known';
    return `${head}\n${row('key', account.key)}${row(label, account.why)}`;
  }
  const { Index, Number: place, Account, Path } = account.proof;
  const [key, balance, bonded, unbonding, release, , nonce] = Account;
  const later = unbonding === '0' ? '' : `, and ${tokens(unbonding)} more until block ${release}`;
  const proved =
    account.root === undefined
      ? `block 0 itself names it as number ${place}`
      : `a path of ${pluralize(Path.length, 'step')} leads from it, number ${place}, to StateRoot ${account.root}`;
  return [
    `${head}, behind block ${Index}\n`,
    row('key', key),
    row('balance', tokens(balance)),
    row('at stake', `${tokens(bonded)}${later}`),
    row('next Nonce', String(nonce)),
    row('proved', proved),
  ].join('');
}

/** The same for programs: the proof as it is, or why there is none. */
export function accountJson(account: VerifiedAccount): unknown {
  if (account.kind === 'proved') return account.proof;
  return { Key: account.key, Why: account.why, IsKnown: account.kind === 'absent' };
}

function tokens(amount: string): string {
  return pluralize(BigInt(amount), 'token');
}
