import { join } from 'node:path';
import type { Clock } from '../../consensus/clock.ts';
import type { BlockStore, ResumableSessionStore, Secrets, Wallets } from '../../node/ports.ts';
import type { TimeControl } from '../../node/sandbox.ts';
import { ServerWallets } from '../../platform/server-wallets.ts';
import { SystemClock } from '../../platform/system-clock.ts';
import { SystemSecrets } from '../../platform/system-secrets.ts';
import { LevelStore } from '../../storage/level-store.ts';

/** Where the chain of a server lasts, and the seats beside it. */
export interface ServerStore extends BlockStore, ResumableSessionStore {
  close(): Promise<void>;
}

/** What a server has of the machine: where its chain lasts, what time it is, and its secrets. */
export interface ServerWorld {
  openStore(): Promise<ServerStore>;
  readonly clock: Clock;
  /** Moves `clock`; left out where that is the time of the machine. */
  readonly time?: TimeControl;
  /** The secrets of the chain, which are made where there are none and `mayCreate`. */
  openSecrets(mayCreate: boolean): Secrets;
  /** The wallets of the server, whose secret is made likewise. */
  openWallets(mayCreate: boolean): Wallets;
  /** Where programs of the same user find what they authenticate with; undefined where no file tells them. */
  readonly cookieFile: string | undefined;
}

/** The world of a server that keeps everything in a directory. */
export function directoryWorld(directory: string): ServerWorld {
  return {
    openStore: () => LevelStore.open(directory),
    clock: new SystemClock(),
    openSecrets: (mayCreate) => SystemSecrets.open(join(directory, 'master-secret'), mayCreate),
    openWallets: (mayCreate) => ServerWallets.open(join(directory, 'wallet-secret'), mayCreate),
    cookieFile: join(directory, 'rpc.cookie'),
  };
}

/** A clock for a chain, and what moves it: of a sandbox any clock can be put forward and set. */
export async function clockFor(
  { clock, time }: Pick<ServerWorld, 'clock' | 'time'>,
  isSandbox: boolean,
): Promise<{ readonly clock: Clock; readonly time?: TimeControl }> {
  if (!isSandbox) return { clock };
  if (time !== undefined) return { clock, time };
  const { AdjustableClock } = await import('../../platform/adjustable-clock.ts');
  const adjustable = new AdjustableClock(clock);
  return { clock: adjustable, time: adjustable };
}
