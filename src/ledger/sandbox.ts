import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';
import type { GenesisLedger } from '../core/block.ts';

/** The 32 bytes of this text are a key that has no known secret: a genesis has no other place for words. */
const sandboxKey = bytesToHex(utf8ToBytes('sortition sandbox, without value'));

/** Account 1 of the genesis of a sandbox: a chain to try things on, whose time and blocks its operator may set back. */
export const sandboxAccount: GenesisLedger['Accounts'][number] = [sandboxKey, '0', '0'];

/** Whether a genesis says that its chain is a sandbox. */
export function isSandbox(ledger: Pick<GenesisLedger, 'Accounts'> | undefined): boolean {
  return ledger?.Accounts[1]?.[0] === sandboxKey;
}
