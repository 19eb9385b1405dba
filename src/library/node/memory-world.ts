import { randomBytes } from 'node:crypto';
import type { ServerWorld } from '../../cli/serve/server-world.ts';
import { SeededSecrets, seededWallets } from '../../platform/seeded-secrets.ts';
import { ServerWallets } from '../../platform/server-wallets.ts';
import { SystemClock } from '../../platform/system-clock.ts';
import { SystemSecrets } from '../../platform/system-secrets.ts';
import { MemoryStore } from '../../storage/memory-store.ts';

/** The world of a node that keeps nothing: chain and secrets end with it. */
export function memoryWorld(seed?: string): ServerWorld {
  const secrets = seed === undefined ? SystemSecrets.ephemeral() : new SeededSecrets(seed);
  const wallets = seed === undefined ? new ServerWallets(randomBytes(32)) : seededWallets(seed);
  return {
    openStore: async () => new MemoryStore(),
    clock: new SystemClock(),
    openSeed: () => seed,
    openSecrets: () => secrets,
    openWallets: () => wallets,
    cookieFile: undefined,
  };
}
