import type { StoredBlock } from '../../consensus/engine.ts';
import { isDrawn } from '../../core/block.ts';
import { parseExact } from '../../core/exact-json.ts';
import { parseSealedBlock } from '../../core/parse-block.ts';
import type { Node } from '../../node/assemble.ts';
import type { BlockStore } from '../../node/ports.ts';
import type { SyncEvent } from '../../node/sync/sync-event.ts';
import type { ConnectionClock } from '../../tcp/lingering-close.ts';
import { operatorSays } from '../../tcp/operator-text.ts';
import { authorityIsConvicted } from '../../tcp/relay-text.ts';
import { type MissedDraw, RelayedConnection, type RelayHost } from '../../tcp/relayed-connection.ts';
import type { TcpServerOptions } from '../../tcp/tcp-server.ts';
import { evidenceOfBlocks, keepEvidence } from '../evidence-file.ts';
import type { PeerSide } from './peer-side.ts';

export interface FollowerParts {
  readonly peers: PeerSide;
  readonly node: Node;
  readonly store: BlockStore;
  readonly clock: ConnectionClock;
  readonly dataDir: string;
  /** Tells the operator. */
  readonly tell: (line: string) => void;
  readonly failed: (error: unknown) => void;
}

/** The people of a server that follows the chain of another: each takes part by way of it. */
export class Follower {
  readonly connections: Set<RelayedConnection> = new Set();
  readonly #parts: FollowerParts;
  /** The Index of which the authority has signed two blocks; undefined while it has not. */
  #conviction: number | undefined;

  constructor(parts: FollowerParts) {
    this.#parts = parts;
  }

  /** How a server serves these people. */
  get serving(): Pick<TcpServerOptions<RelayedConnection>, 'clock' | 'serve' | 'failed' | 'connections'> {
    const { peers, clock, failed } = this.#parts;
    const host: RelayHost = {
      clock,
      failed,
      openSeat: (signal) => peers.openSeat(signal),
      draw: (index, signal) => this.#draw(index, signal),
    };
    return {
      ...{ clock, failed, connections: this.connections },
      serve: (socket, counts) => {
        const connection = new RelayedConnection(socket, host, counts);
        if (this.#conviction !== undefined) connection.stop(authorityIsConvicted(this.#conviction));
        return connection;
      },
    };
  }

  /** Tells the people here what the operator says; returns how many are connected. */
  say(line: string): number {
    for (const connection of this.connections) connection.say(operatorSays(line));
    return this.connections.size;
  }

  /** Why there are no seats over HTTP here. */
  get refusal(): string {
    return 'this server follows the chain of another, and shows it: take part with nc here, or over HTTP at the server that makes the blocks';
  }

  /** Where the authority has convicted itself, keeps the evidence and tells everybody. */
  onSync(event: SyncEvent): void {
    if (event.kind !== 'contradiction') return;
    const { tell, failed } = this.#parts;
    this.#conviction = event.index;
    for (const connection of this.connections) connection.stop(authorityIsConvicted(event.index));
    this.#keep(event.blocks).then((words) => tell(`${words}.\n`), failed);
  }

  async #keep(blocks: readonly [string, string]): Promise<string> {
    const { store, dataDir } = this.#parts;
    return keepEvidence(await evidenceOfBlocks(store, blocks), dataDir);
  }

  async #draw(index: number, signal: AbortSignal): Promise<MissedDraw | undefined> {
    const { node, store } = this.#parts;
    await stored(node, index, signal);
    const { tip } = node.chain;
    const text = await store.block(index);
    if (tip === undefined || text === undefined) return undefined;
    const parsed = parseSealedBlock(parseExact(text), tip.form);
    if ('why' in parsed || !isDrawn(parsed.value)) return undefined;
    const pool: StoredBlock['body'] = await store.pool(index);
    return {
      winner: parsed.value.Validator,
      // Of a pool that is lost, nothing is said.
      isInPool: (validator) => pool?.some((candidate) => candidate.validator === validator) ?? true,
    };
  }
}

/** Resolves when a node has a block. Rejects with the reason of the signal when that comes first. */
async function stored({ chain, events }: Node, index: number, signal: AbortSignal): Promise<void> {
  signal.throwIfAborted();
  if (chain.height >= index) return;
  await new Promise<void>((resolve) => {
    const end = (): void => {
      unsubscribe();
      signal.removeEventListener('abort', end);
      resolve();
    };
    const unsubscribe = events.subscribe({
      onEvent: ({ kind }) => {
        if (kind === 'committed' && chain.height >= index) end();
      },
    });
    signal.addEventListener('abort', end, { once: true });
  });
  signal.throwIfAborted();
}
