import { escapeForDisplay } from '../../base/escape-for-display.ts';
import { pluralize } from '../../base/formatting.ts';
import { addressOf } from '../../ledger/address.ts';
import type { WatchedAccount } from '../../node/light/account-watch.ts';
import type { SyncEvent } from '../../node/sync/sync-event.ts';

/** What is known of an account, in one line. */
export function followedText(name: string, { index, account, pathLength }: WatchedAccount): string {
  if (account === undefined)
    return `block ${index}: ${name} has no account yet, as the nodes say; that there is none cannot be proved\n`;
  const [, balance, bonded, unbonding, release] = account;
  const later = unbonding === '0' ? '' : `, ${pluralize(BigInt(unbonding), 'token')} more until block ${release}`;
  return `block ${index}: ${name} has ${pluralize(BigInt(balance), 'token')}, and ${bonded} at stake${later} (proved in ${pluralize(pathLength, 'step')})\n`;
}

/** The same for programs. The balance is left out where there is no account. */
export function followedJson(name: string, { key, index, hash, account }: WatchedAccount): object {
  const place = { name, address: addressOf(key), key, index, hash };
  if (account === undefined) return place;
  const [, balance, bonded, unbonding, release] = account;
  return { ...place, balance, bonded, unbonding, release };
}

/** What happened between the wallet and the nodes, in one line. */
export function syncedText(event: SyncEvent): string {
  switch (event.kind) {
    case 'peer-greeted':
      return `Node ${nodeName(event.peer)} at ${escapeForDisplay(event.host)} answers.\n`;
    case 'peer-gone':
      return `Node ${nodeName(event.peer)} is gone.\n`;
    case 'peer-cut':
      return `Node ${nodeName(event.peer)} at ${escapeForDisplay(event.host)} was cut: ${event.reason}.\n`;
    case 'syncing':
      return `Fetching headers: block ${event.height} of ${event.target}.\n`;
    case 'synced':
      return `All headers up to block ${event.height} hold.\n`;
    case 'contradiction':
      return `The authority has signed two blocks of Index ${event.index}.\n`;
  }
}

/** The end of an identity tells nodes apart; all begin alike. */
function nodeName(peer: string): string {
  return `…${escapeForDisplay(peer).slice(-8)}`;
}
