import { runToEnd } from '../../base/run-to-end.ts';
import type { Clock } from '../../consensus/clock.ts';
import type { Block, LedgerSummary } from '../../core/block.ts';
import { isGenesis } from '../../core/block.ts';
import type { AccountFields } from '../../ledger/account.ts';
import { LedgerState } from '../../ledger/ledger-state.ts';
import { type AccountProof, findAccountProofFault } from '../../ledger/proof.ts';
import type { EventListener, NodeEvent } from '../ports.ts';
import type { CutReason } from '../sync/cut-reason.ts';
import { limits } from '../sync/limits.ts';
import { pause } from '../sync/pause.ts';
import type { PeerClient } from '../sync/peer-client.ts';
import { PeerError } from '../sync/peer-network.ts';
import type { Peer } from '../sync/peer-table.ts';

/** What is known of an account behind a block. */
export interface WatchedAccount {
  readonly key: string;
  readonly index: number;
  readonly hash: string;
  /** Undefined where the peers say that there is no such account, which nothing proves. */
  readonly account: AccountFields | undefined;
  /** The hashes between the account and StateRoot. */
  readonly pathLength: number;
}

export interface AccountWatchPorts {
  readonly clock: Clock;
  readonly client: Pick<PeerClient, 'proof'>;
  readonly peers: () => readonly Peer[];
  readonly cut: (peer: string, reason: CutReason) => void;
  /** The accounts that are watched. */
  readonly keys: readonly string[];
  /** Called for each account at first, and then whenever it has changed. */
  readonly told: (account: WatchedAccount) => void;
}

/** What a header says of the ledger behind its block. */
interface Place {
  readonly index: number;
  readonly hash: string;
  readonly summary: Pick<LedgerSummary, 'Accounts' | 'Supply' | 'StateRoot'>;
}

/**
 * Watches accounts of a chain of which only the headers are kept: asks peers for their proofs behind each new block, and believes nothing that StateRoot
 * does not confirm. That an account does not exist cannot be proved, so all peers are asked, and one that proves it convicts the others.
 */
export class AccountWatch implements EventListener {
  readonly #ports: AccountWatchPorts;
  /** What was told of each account last. */
  readonly #told = new Map<string, string>();
  /** The block behind which each account is proved. */
  readonly #proved = new Map<string, string>();
  /** The peers that say that there is no such account, and behind which block. */
  readonly #denials = new Map<string, { readonly hash: string; readonly peers: Set<string> }>();
  #place: Place | undefined;

  constructor(ports: AccountWatchPorts) {
    this.#ports = ports;
  }

  onEvent(event: NodeEvent): void {
    if (event.kind === 'loaded' || event.kind === 'committed') this.#place = placeOf(event.block);
  }

  /** Goes on until `stopping` comes. */
  async run(stopping: AbortSignal): Promise<void> {
    while (!stopping.aborted) {
      for (const key of this.#ports.keys) {
        const place = this.#place;
        if (place === undefined || this.#proved.get(key) === place.hash || stopping.aborted) continue;
        await this.#look(key, place, stopping);
      }
      await pause(this.#ports.clock, limits.proofLookMs, stopping);
    }
  }

  /** Asks the peers that say to have the same last block. */
  async #look(key: string, place: Place, stopping: AbortSignal): Promise<void> {
    const known = this.#denials.get(key);
    const deniers = known?.hash === place.hash ? known.peers : new Set<string>();
    this.#denials.set(key, { hash: place.hash, peers: deniers });
    for (const { peer, hello } of this.#ports.peers()) {
      if (hello?.Chain?.Tip !== place.hash || hello.Roles.includes('wallet') || deniers.has(peer)) continue;
      const proof = await this.#ask(peer, key, place, stopping);
      if (proof === undefined) continue;
      if (proof === null) {
        deniers.add(peer);
        continue;
      }
      for (const denier of deniers) this.#ports.cut(denier, 'bad-proof');
      this.#denials.delete(key);
      this.#proved.set(key, place.hash);
      this.#tell(key, place, proof);
      return;
    }
    if (deniers.size > 0) this.#tell(key, place, undefined);
  }

  /** A proof that holds; null where the peer says that there is no such account, undefined where it says nothing of use. */
  async #ask(
    peer: string,
    key: string,
    { index, hash, summary }: Place,
    stopping: AbortSignal,
  ): Promise<AccountProof | null | undefined> {
    const { client, cut } = this.#ports;
    try {
      const proof = await client.proof(peer, key, hash, stopping);
      if (proof === null || proof === undefined) return proof;
      const isAsked = proof.Index === index && proof.Account[0] === key;
      if (isAsked && findAccountProofFault(proof, summary) === undefined) return proof;
      cut(peer, 'bad-proof');
    } catch (error) {
      if (!(error instanceof PeerError)) throw error;
      if (error.isInvalid) cut(peer, 'bad-answer');
    }
    return undefined;
  }

  #tell(key: string, { index, hash }: Place, proof: AccountProof | undefined): void {
    const text = JSON.stringify(proof?.Account ?? null);
    if (this.#told.get(key) === text) return;
    this.#told.set(key, text);
    this.#ports.told({ key, index, hash, account: proof?.Account, pathLength: proof?.Path.length ?? 0 });
  }
}

/** What a proof behind this block is checked against; undefined in a chain without a ledger. */
function placeOf(block: Block): Place | undefined {
  const { Index, Hash } = block;
  if (!isGenesis(block)) return block.Ledger && { index: Index, hash: Hash, summary: block.Ledger };
  const { Ledger } = block.Genesis;
  if (Ledger === undefined) return undefined;
  // A genesis lists its accounts, and has no root of its own.
  const { root, accountCount } = runToEnd(LedgerState.ofGenesis(Ledger));
  const summary = { Accounts: accountCount, Supply: String(root.sum), StateRoot: root.hash };
  return { index: Index, hash: Hash, summary };
}
