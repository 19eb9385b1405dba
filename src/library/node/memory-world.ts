import { randomBytes } from 'node:crypto';
import type { ServerWorld } from '../../cli/serve/server-world.ts';
import { ServerWallets } from '../../platform/server-wallets.ts';
import { SystemClock } from '../../platform/system-clock.ts';
import { SystemSecrets } from '../../platform/system-secrets.ts';
import { MemoryStore } from '../../storage/memory-store.ts';

/** The world of a node that keeps nothing: chain and secrets end with it. */
export function memoryWorld(): ServerWorld {
  const secrets = SystemSecrets.ephemeral();
  const wallets = new ServerWallets(randomBytes(32));
  return {
    openStore: async () => new MemoryStore(),
    clock: new SystemClock(),
    openSecrets: () => secrets,
    openWallets: () => wallets,
    cookieFile: undefined,
  };
}
