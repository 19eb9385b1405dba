import type { SandboxCalls } from '../api/rpc-types.ts';
import type { CallError } from './json-rpc.ts';
import { transactionRefused } from './ledger-methods.ts';
import { invalidParams, type MethodTable, method, notFound } from './method.ts';
import { accountName, timestampText, tokens, wholeNumber } from './param-forms.ts';
import { count, hash } from './schemas.ts';

type TimeResult = { readonly timestamp: string } | { readonly why: string };

/** What these methods do. */
export interface SandboxControl {
  give(
    key: string,
    amount: bigint,
  ):
    | { readonly kind: 'sent'; readonly id: string; readonly stored: Promise<void> }
    | { readonly kind: 'refused'; readonly why: string };
  increaseTime(ms: number): TimeResult;
  setTime(timestamp: string): TimeResult;
  snapshot(): number;
  revert(snapshot: number): Promise<{ readonly index: number } | { readonly why: string }>;
}

const time = { name: 'timestamp', schema: { type: 'string' } };

/** The methods that only a sandbox has. */
export function sandboxMethods(sandbox: SandboxControl): MethodTable<SandboxCalls> {
  return {
    faucet: method<SandboxCalls['faucet']>({
      summary: 'have the faucet send tokens to any account; the Id of the transaction',
      access: 'control',
      params: { account: accountName, amount: tokens('how many tokens', { min: 1n }) },
      result: { name: 'id', schema: hash },
      async run({ account, amount }) {
        const given = sandbox.give(account, amount);
        if (given.kind === 'refused') return transactionRefused(given.why);
        await given.stored;
        return { result: given.id };
      },
    }),
    increasetime: method<SandboxCalls['increasetime']>({
      summary: 'let time pass at once, for rounds as for the wall clock, which is what it gives',
      access: 'control',
      params: { ms: wholeNumber('milliseconds', { min: 1, max: Number.MAX_SAFE_INTEGER }) },
      result: time,
      run: ({ ms }) => outcome(sandbox.increaseTime(ms)),
    }),
    settime: method<SandboxCalls['settime']>({
      summary: 'set the wall clock, forward or back; rounds go on as they were',
      access: 'control',
      params: { timestamp: timestampText },
      result: time,
      run: ({ timestamp }) => outcome(sandbox.setTime(timestamp)),
    }),
    snapshot: method<SandboxCalls['snapshot']>({
      summary: 'remember the chain and what waits, until the server stops; the number for revert',
      access: 'control',
      params: {},
      result: { name: 'snapshot', schema: count },
      run: () => ({ result: sandbox.snapshot() }),
    }),
    revert: method<SandboxCalls['revert']>({
      summary:
        'set the chain and what waits back to a snapshot, which can be used again; the index of the last block then',
      access: 'control',
      params: { snapshot: wholeNumber('the number of a snapshot', { min: 1, max: Number.MAX_SAFE_INTEGER }) },
      result: { name: 'height', schema: count },
      async run({ snapshot }) {
        const reverted = await sandbox.revert(snapshot);
        return 'why' in reverted ? notFound(reverted.why) : { result: reverted.index };
      },
    }),
  };
}

function outcome(set: TimeResult): { readonly result: string } | { readonly error: CallError } {
  return 'why' in set ? { error: invalidParams(set.why) } : { result: set.timestamp };
}
