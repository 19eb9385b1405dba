import { escapeForDisplay } from '../../base/escape-for-display.ts';
import type { Clock } from '../../consensus/clock.ts';
import type { Tip } from '../../consensus/verifier.ts';
import { parseExact } from '../../core/exact-json.ts';
import type { LedgerState } from '../../ledger/ledger-state.ts';
import { parseTransaction } from '../../ledger/parse-transaction.ts';
import { proveAccount } from '../../ledger/proof.ts';
import { transactionId } from '../../ledger/transaction.ts';
import type { BlockStore } from '../ports.ts';
import { Budget } from './budget.ts';
import { toFrames } from './frames.ts';
import type { Hello } from './hello.ts';
import { limits } from './limits.ts';
import { pause } from './pause.ts';
import { PeerError } from './peer-network.ts';
import { parseRequest, type Request } from './request.ts';
import { linesOf, type StoredBlocks } from './stored-lines.ts';

export interface PeerServicePorts {
  readonly clock: Clock;
  readonly store: StoredBlocks & Pick<BlockStore, 'blockByHash' | 'blockOfTransaction'>;
  /** Undefined before there is a chain. */
  readonly chain: () => Pick<Tip, 'chainId' | 'form' | 'hash'> | undefined;
  /** The ledger behind the last block of the chain; undefined where there is none. */
  readonly state: () => LedgerState | undefined;
  /** What this node says of itself. */
  readonly hello: () => Hello;
  /** A peer has said what it is. Throws a PeerError where it is not welcome. */
  readonly greeted: (peer: string, hello: Hello) => void;
  /** A peer has broken the protocol. */
  readonly cut: (peer: string, reason: 'flood' | 'bad-request') => void;
  /** Addresses of other peers. */
  readonly addresses: () => readonly string[];
  /** The text of a transaction that waits for a block; undefined where none with this Id does. */
  readonly waitingTransaction: (id: string) => string | undefined;
}

/** What a peer may still ask for. */
interface Allowance {
  readonly requests: Budget;
  readonly bytes: Budget;
}

/** Answers the requests of peers from what is stored. Each peer has its rates: who asks too often has broken the protocol, who asks for much waits. */
export class PeerService {
  readonly #ports: PeerServicePorts;
  readonly #allowances = new Map<string, Allowance>();

  constructor(ports: PeerServicePorts) {
    this.#ports = ports;
  }

  /** The frames that answer a request. */
  async *answer(peer: string, text: string, signal: AbortSignal): AsyncGenerator<string> {
    const { clock, cut } = this.#ports;
    const { requests, bytes } = this.#allowanceOf(peer);
    if (requests.waitMs(1, clock.monotonicMs()) > 0) {
      cut(peer, 'flood');
      throw new PeerError('more requests than a node needs', true);
    }
    requests.spend(1, clock.monotonicMs());
    const parsed = parseRequest(text);
    if ('why' in parsed) {
      cut(peer, 'bad-request');
      throw new PeerError(`a request that is none: ${escapeForDisplay(parsed.why)}`, true);
    }
    for await (const frame of toFrames(this.#lines(peer, parsed.value))) {
      const waitMs = bytes.waitMs(frame.length, clock.monotonicMs());
      if (waitMs > 0) await pause(clock, waitMs, signal);
      if (signal.aborted) return;
      bytes.spend(frame.length, clock.monotonicMs());
      yield frame;
    }
  }

  /** The peer is gone. */
  forget(peer: string): void {
    this.#allowances.delete(peer);
  }

  #allowanceOf(peer: string): Allowance {
    const known = this.#allowances.get(peer);
    if (known !== undefined) return known;
    const { requestsPerSecondMax, requestBurst, answerBytesPerSecond, answerBurstBytes } = limits;
    const allowance = {
      requests: new Budget(requestsPerSecondMax, requestBurst),
      bytes: new Budget(answerBytesPerSecond, answerBurstBytes),
    };
    this.#allowances.set(peer, allowance);
    return allowance;
  }

  async *#lines(peer: string, request: Request): AsyncGenerator<string> {
    const { store, hello, greeted, addresses } = this.#ports;
    switch (request.Request) {
      case 'hello':
        greeted(peer, request.Hello);
        yield JSON.stringify(hello());
        return;
      case 'blocks':
      case 'headers': {
        const first = 'From' in request ? request.From : await this.#behind(request.Locator);
        const last = first + request.Limit - 1;
        yield* request.Request === 'blocks' ? this.#blocks(first, last) : this.#headers(first, last);
        return;
      }
      case 'block': {
        const text = await store.blockByHash(request.Hash);
        if (text !== undefined) yield* this.#block(indexOf(text), text);
        return;
      }
      case 'transaction': {
        const text = await this.#transaction(request.Id);
        if (text !== undefined) yield text;
        return;
      }
      case 'proof': {
        const state = this.#ports.state();
        if (state === undefined || this.#ports.chain()?.hash !== request.Hash) return;
        yield JSON.stringify(proveAccount(state, request.Key) ?? null);
        return;
      }
      case 'peers':
        yield* addresses().slice(0, limits.peersPerAnswerMax);
    }
  }

  /** The block behind the first of these hashes that is in this chain. */
  async #behind(locator: readonly string[]): Promise<number> {
    for (const hash of locator) {
      const text = await this.#ports.store.blockByHash(hash);
      if (text !== undefined) return indexOf(text) + 1;
    }
    return 0;
  }

  async *#blocks(first: number, last: number): AsyncGenerator<string> {
    const { store, chain } = this.#ports;
    const form = chain()?.form;
    if (form === undefined) return;
    for (let next = first; next <= Math.min(last, store.height); next += limits.wholeBlocksPerRead) {
      const texts = await store.blockRange(next, Math.min(last, next + limits.wholeBlocksPerRead - 1));
      const read = texts.map(async (text, place) => linesOf(store, form, next + place, text));
      for (const { block, beside } of await Promise.all(read)) {
        yield block;
        yield beside;
      }
    }
  }

  async *#headers(first: number, last: number): AsyncGenerator<string> {
    const { store } = this.#ports;
    for (let next = first; next <= Math.min(last, store.height); next += limits.blocksPerRead)
      yield* await store.blockRange(next, Math.min(last, next + limits.blocksPerRead - 1));
  }

  async *#block(index: number, text: string): AsyncGenerator<string> {
    const { store, chain } = this.#ports;
    const form = chain()?.form;
    if (form === undefined) return;
    const { block, beside } = await linesOf(store, form, index, text);
    yield block;
    yield beside;
  }

  async #transaction(id: string): Promise<string | undefined> {
    const { store, waitingTransaction } = this.#ports;
    const index = await store.blockOfTransaction(id);
    const chain = this.#ports.chain();
    if (index === undefined || chain === undefined) return waitingTransaction(id);
    const body: unknown = parseExact((await store.signedBodyText(index)) ?? '');
    const entries = typeof body === 'object' && body !== null && 'Transactions' in body ? body.Transactions : [];
    for (const entry of Array.isArray(entries) ? entries : []) {
      const parsed = parseTransaction(entry);
      if ('value' in parsed && transactionId(chain.chainId, parsed.value) === id) return JSON.stringify(parsed.value);
    }
    return undefined;
  }
}

/** The Index of a stored block. */
function indexOf(text: string): number {
  const block: unknown = JSON.parse(text);
  if (typeof block === 'object' && block !== null && 'Index' in block && typeof block.Index === 'number')
    return block.Index;
  throw new Error('a stored block has no Index');
}
