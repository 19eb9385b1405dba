import { escapeForDisplay } from '../../base/escape-for-display.ts';
import type { Clock } from '../../consensus/clock.ts';
import { parseExact } from '../../core/exact-json.ts';
import { type AccountProof, parseAccountProof } from '../../ledger/proof.ts';
import { fromFrames } from './frames.ts';
import { type Hello, parseHello } from './hello.ts';
import { limits } from './limits.ts';
import { PeerError, type PeerNetwork } from './peer-network.ts';
import { type Request, requestText } from './request.ts';
import type { BlockLines } from './stored-lines.ts';

/** Where blocks are asked for: from an Index on, or from behind the first hash that the other has. */
export type BlocksFrom = { readonly From: number } | { readonly Locator: readonly string[] };

/**
 * Asks peers, and reads their answers. A peer that keeps us waiting is given up: `limits.patienceMs`, and more the more has come. All methods throw a
 * PeerError, which is invalid where the answer is not what was asked for.
 */
export class PeerClient {
  readonly #clock: Clock;
  readonly #network: Pick<PeerNetwork, 'ask'>;

  constructor(clock: Clock, network: Pick<PeerNetwork, 'ask'>) {
    this.#clock = clock;
    this.#network = network;
  }

  /** Says what this node is, and returns what the peer says of itself. */
  async greet(peer: string, hello: Hello, signal: AbortSignal): Promise<Hello> {
    for await (const line of this.#lines(peer, { Request: 'hello', Hello: hello }, signal)) {
      const parsed = parseHello(parseExact(line));
      if ('value' in parsed) return parsed.value;
      throw new PeerError(`a hello that is none: ${escapeForDisplay(parsed.why)}`, true);
    }
    throw new PeerError('an answer without a hello', true);
  }

  /** Blocks with what lies beside them, as they come; at most so many. */
  async *blocks(peer: string, from: BlocksFrom, limit: number, signal: AbortSignal): AsyncGenerator<BlockLines> {
    let block: string | undefined;
    let count = 0;
    for await (const line of this.#lines(peer, { Request: 'blocks', ...from, Limit: limit }, signal)) {
      if (block === undefined) {
        if (count === limit) throw new PeerError('more blocks than were asked for', true);
        block = line;
        continue;
      }
      yield { block, beside: line };
      block = undefined;
      count += 1;
    }
    if (block !== undefined) throw new PeerError('a block without what lies beside it', true);
  }

  /** The same without what lies beside them. */
  async *headers(peer: string, from: BlocksFrom, limit: number, signal: AbortSignal): AsyncGenerator<BlockLines> {
    let count = 0;
    for await (const line of this.#lines(peer, { Request: 'headers', ...from, Limit: limit }, signal)) {
      if (count === limit) throw new PeerError('more headers than were asked for', true);
      yield { block: line, beside: undefined };
      count += 1;
    }
  }

  /** The proof of an account behind the block with this Hash; null where the peer says that there is no such account, undefined where its last block is another one. */
  async proof(peer: string, key: string, hash: string, signal: AbortSignal): Promise<AccountProof | null | undefined> {
    let proof: AccountProof | null | undefined;
    for await (const line of this.#lines(peer, { Request: 'proof', Key: key, Hash: hash }, signal)) {
      if (proof !== undefined) throw new PeerError('more than one proof', true);
      const json = parseExact(line);
      const parsed = json === null ? { value: null } : parseAccountProof(json);
      if ('why' in parsed) throw new PeerError(`a proof that is none: ${escapeForDisplay(parsed.why)}`, true);
      proof = parsed.value;
    }
    return proof;
  }

  /** Addresses of other peers. */
  async peers(peer: string, signal: AbortSignal): Promise<readonly string[]> {
    const addresses: string[] = [];
    for await (const line of this.#lines(peer, { Request: 'peers' }, signal)) {
      if (addresses.length === limits.peersPerAnswerMax) throw new PeerError('more peers than an answer has', true);
      if (line.length > limits.addressCharactersMax || !/^[!-~]+$/.test(line))
        throw new PeerError('an address that is none', true);
      addresses.push(line);
    }
    return addresses;
  }

  async *#lines(peer: string, request: Request, signal: AbortSignal): AsyncGenerator<string> {
    const ending = new AbortController();
    const either = AbortSignal.any([signal, ending.signal]);
    try {
      yield* fromFrames(this.#timed(this.#network.ask(peer, requestText(request), either), ending));
    } finally {
      ending.abort();
    }
  }

  /** The frames of an answer, which is given up when it keeps us waiting. Only the time in which we wait for the peer counts. */
  async *#timed(frames: AsyncIterable<string>, ending: AbortController): AsyncGenerator<string> {
    const reading = frames[Symbol.asyncIterator]();
    let allowedMs: number = limits.patienceMs;
    try {
      for (;;) {
        const sinceMs = this.#clock.monotonicMs();
        const giveUp = (): void => ending.abort(new PeerError('the peer keeps us waiting', false));
        const cancel = this.#clock.wakeAt(sinceMs + allowedMs, giveUp);
        const next = await reading.next().finally(cancel);
        if (next.done === true) return;
        allowedMs += next.value.length / limits.answerBytesPerMsMin - (this.#clock.monotonicMs() - sinceMs);
        yield next.value;
      }
    } finally {
      await reading.return?.(undefined);
    }
  }
}
