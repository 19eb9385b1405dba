import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { escapeForDisplay } from '../../base/escape-for-display.ts';
import type { Clock } from '../../consensus/clock.ts';
import type { BlockStore, ResumableSessionStore, Secrets, Wallets } from '../../node/ports.ts';
import type { TimeControl } from '../../node/sandbox.ts';
import { readPrivateText, writePrivateText } from '../../platform/secret-file.ts';
import { masterSecretOf, SeededSecrets, walletSecretOf } from '../../platform/seeded-secrets.ts';
import { ServerWallets } from '../../platform/server-wallets.ts';
import { SystemClock } from '../../platform/system-clock.ts';
import { SystemSecrets } from '../../platform/system-secrets.ts';
import { LevelStore } from '../../storage/level-store.ts';
import { UsageError } from '../command-error.ts';

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
  /** What the secrets of the chain come from: of a new chain what the settings say. Undefined where they are known to nobody. */
  openSeed(isNew: boolean): string | undefined;
  /** The secrets of the chain, which are made where there are none and `mayCreate`. */
  openSecrets(opening: SecretOpening): Secrets;
  /** The wallets of the server, whose secret is made likewise. */
  openWallets(opening: SecretOpening): Wallets;
  /** Where programs of the same user find what they authenticate with; undefined where no file tells them. */
  readonly cookieFile: string | undefined;
}

/** How secrets are opened. */
interface SecretOpening {
  readonly mayCreate: boolean;
  /** What they come from, as `openSeed` says. */
  readonly seed: string | undefined;
  /** The index of the last block; -1 for none. */
  readonly height: number;
}

/** The world of a server that keeps everything in a directory. */
export function directoryWorld(directory: string, newSeed?: string): ServerWorld {
  return {
    openStore: () => LevelStore.open(directory),
    clock: new SystemClock(),
    openSeed: (isNew) => openSeed(directory, isNew, newSeed),
    openSecrets: ({ mayCreate, seed, height }) => {
      const file = join(directory, 'master-secret');
      if (seed === undefined) return SystemSecrets.open(file, mayCreate);
      // The file is there as in any other directory, for those who look for it.
      SystemSecrets.open(file, mayCreate, () => masterSecretOf(seed));
      return new SeededSecrets(seed, height + 1);
    },
    openWallets: ({ mayCreate, seed }) =>
      ServerWallets.open(
        join(directory, 'wallet-secret'),
        mayCreate,
        seed === undefined ? undefined : () => walletSecretOf(seed),
      ),
    cookieFile: join(directory, 'rpc.cookie'),
  };
}

/**
 * Reads what the secrets in a directory come from; those of a new chain are to come from `given`, which is written there. Throws a UsageError where the
 * directory has other secrets: nobody may take those of a seed for secrets that only the server knows.
 */
function openSeed(directory: string, isNew: boolean, given: string | undefined): string | undefined {
  const file = join(directory, 'seed');
  const kept = readPrivateText(file);
  const hasSecrets = existsSync(join(directory, 'master-secret'));
  if (isNew && given === undefined && kept !== undefined) {
    const shown = escapeForDisplay(kept);
    throw new UsageError(
      `the secrets in ${directory} come from the seed ${shown}, but no chain is there: add --seed ${shown}, or begin with another --data-dir`,
    );
  }
  if (isNew && given !== undefined && !hasSecrets) {
    writePrivateText(file, given);
    return given;
  }
  if (given === undefined || given === kept) return kept;
  const origin = kept === undefined ? 'are its own' : `come from the seed ${escapeForDisplay(kept)}`;
  throw new UsageError(
    `SEED is ${given}, but the secrets in ${directory} ${origin}: leave the setting out, or begin a new chain with another --data-dir`,
  );
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
