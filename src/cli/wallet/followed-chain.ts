import { randomBytes } from 'node:crypto';
import { setMaxListeners } from 'node:events';
import { join } from 'node:path';
import type { Tip } from '../../consensus/verifier.ts';
import type { WatchedAccount } from '../../node/light/account-watch.ts';
import { LightClient } from '../../node/light/light-client.ts';
import { ChainError, StoreError } from '../../node/ports.ts';
import type { PeerNetwork } from '../../node/sync/peer-network.ts';
import { Sync } from '../../node/sync/sync.ts';
import type { SyncEvent } from '../../node/sync/sync-event.ts';
import { nativeVerifier } from '../../platform/ed25519.ts';
import { SystemClock } from '../../platform/system-clock.ts';
import { LevelStore } from '../../storage/level-store.ts';
import { MemoryStore } from '../../storage/memory-store.ts';
import { FailedError, UnreadableError, UnwritableError } from '../command-error.ts';
import { evidenceOfBlocks, keepEvidence } from '../evidence-file.ts';
import { syncedText } from './follow-text.ts';

/** What is followed, and who hears of it. */
export interface Followed {
  /** Nodes to begin with. */
  readonly addresses: readonly string[];
  /** The chain; that of the first node that answers where it is left out. */
  readonly chainId: string | undefined;
  /** The wallets are in it, and the headers of each chain in a directory of their own. */
  readonly directory: string;
  readonly keys: readonly string[];
  /** Aborted to end it. */
  readonly stopping: AbortController;
  /** Tells the person of peers, and of how far it is. */
  readonly note: (line: string) => void;
  readonly told: (account: WatchedAccount) => void;
}

/** Digits of the ChainId that name a directory of headers, as they name the protocols of the chain. */
const chainDigits = 16;

/** Follows accounts until it is to stop. Throws a CommandError for what can be foreseen. */
export async function followAccounts(followed: Followed): Promise<void> {
  const { stopping, directory } = followed;
  // Each peer, and each request of one, listens to it: that is no leak.
  setMaxListeners(0, stopping.signal);
  try {
    const chainId = followed.chainId ?? (await findChain(followed));
    const place = join(directory, 'headers', chainId.slice(0, chainDigits));
    const store = await LevelStore.open(place);
    try {
      await run(store, chainId, followed);
    } finally {
      await store.close();
    }
  } catch (error) {
    if (error === stopping.signal.reason && !(error instanceof FailedError)) return;
    if (error instanceof ChainError) throw new UnreadableError(error.message);
    throw error instanceof StoreError ? new UnwritableError(directory, error.message) : error;
  }
}

/** The ChainId of the first node that answers with its genesis. */
async function findChain({ addresses, stopping, note }: Followed): Promise<string> {
  const network = await openNetwork();
  const ending = new AbortController();
  setMaxListeners(0, ending.signal);
  const stop = (): void => ending.abort(stopping.signal.reason);
  stopping.signal.addEventListener('abort', stop, { once: true });
  try {
    const sync = new Sync({
      ...{ network, addresses },
      verifySignature: nativeVerifier(),
      clock: new SystemClock(),
      store: new MemoryStore(),
      listener: { onSync: () => undefined },
      keeps: 'headers',
    });
    await sync.start(ending.signal);
    const { block } = await sync.genesis();
    note(`This is chain ${block.Hash}. To insist on it from now on: --chain ${block.Hash}\n`);
    return block.Hash;
  } finally {
    stopping.signal.removeEventListener('abort', stop);
    ending.abort();
    await network.stop();
  }
}

async function run(store: LevelStore, chainId: string, followed: Followed): Promise<void> {
  const { addresses, keys, stopping, note, told } = followed;
  const network = await openNetwork();
  let convicting: readonly [string, string] | undefined;
  try {
    const client = new LightClient({
      ...{ network, store, addresses, chainId, keys, told },
      verifySignature: nativeVerifier(),
      clock: new SystemClock(),
      listener: {
        onSync: (event: SyncEvent) => {
          note(syncedText(event));
          if (event.kind !== 'contradiction') return;
          convicting = event.blocks;
          stopping.abort(
            new FailedError('the authority of this chain has convicted itself, so its blocks prove nothing'),
          );
        },
      },
      opened: ({ ledger }: Tip) => {
        if (ledger === undefined)
          stopping.abort(new FailedError('this chain has no ledger, so there are no accounts in it'));
      },
    });
    await client.run(stopping.signal);
    if (convicting !== undefined) note(`${keepEvidence(await evidenceOfBlocks(store, convicting))}.\n`);
    stopping.signal.throwIfAborted();
  } finally {
    stopping.abort();
    await network.stop();
  }
}

/** A wallet is another peer each time: nobody need know that the same person came back. */
async function openNetwork(): Promise<PeerNetwork> {
  const { Libp2pNetwork } = await import('../../p2p/libp2p-network.ts');
  return Libp2pNetwork.open({ seed: randomBytes(32), listen: [] });
}
