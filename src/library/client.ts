import { onOneLine } from '../base/escape-for-display.ts';
import type { Block } from '../core/block.ts';
import { limits as apiLimits } from '../http/api/limits.ts';
import type { NewSeat, SeatCandidate, Seat as SeatMessage, Status } from '../http/api/types.ts';
import { RefusedError, readAnswer } from './answer.ts';
import { JsonObject, list, mismatch, number, text } from './json-reader.ts';
import {
  readAnyBlock,
  readDrawn,
  readNewBlocks,
  readReorganised,
  readSnapshot,
  readStatus,
} from './message-readers.ts';
import { readCandidateAnswer, readSeat, readSeatAnswer } from './seat-readers.ts';
import { readEvents } from './server-events.ts';
import { type ChainVerdict, type VerifyOptions, verifyChain } from './verify-chain.ts';

/** How a client is made. */
export interface ConnectOptions {
  /** User and password with a colon between them, as `rpc.cookie` in the data directory of a server has them: for what only its operator may do. */
  readonly credentials?: string;
}

/** What a request has besides its path. */
interface Sent {
  readonly method?: string;
  readonly body?: string;
  readonly authorization?: string | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** A client of a server, at the address of its page. Nothing is sent before something is asked. Throws a TypeError for what is no such address. */
export function connect(url: string | URL, options: ConnectOptions = {}): Client {
  return new Client(new URL(url), options);
}

/**
 * Asks a server over HTTP. What it answers is read, and refused where it is something else, but not believed: `verify` checks its chain. Each
 * method rejects with a RefusedError where the server refuses, and with the error of `fetch` where it is not there.
 */
export class Client {
  readonly url: URL;
  readonly #options: ConnectOptions;

  constructor(url: URL, options: ConnectOptions) {
    this.url = url;
    this.#options = options;
  }

  /** How the lottery stands. */
  async status(): Promise<Status> {
    return readStatus(await this.#ask('/api/status'));
  }

  /** A block, unchecked. */
  async block(index: number): Promise<Block> {
    return readAnyBlock(await this.#ask(`/api/blocks/${index}`), `block ${index}`);
  }

  /** The blocks from an index on, to the end of the chain as it is now, unchecked. */
  async *blocks(from = 0): AsyncGenerator<Block> {
    for await (const json of this.#blocks(from)) yield readAnyBlock(json, 'block');
  }

  /** Checks the chain of the server from its genesis on. */
  async verify(options?: VerifyOptions): Promise<ChainVerdict> {
    return verifyChain(this.#blocks(0), options);
  }

  /**
   * The blocks from an index on, and then each new one as it is announced, until the server stops or `signal` is aborted. Where blocks of a chain
   * of work fall out, those that take their place follow, with the same indexes.
   */
  async *follow(from = 0, signal?: AbortSignal): AsyncGenerator<Block> {
    let next = from;
    try {
      const response = await this.#send('/api/events', { signal });
      if (!response.ok) await readAnswer(response);
      for await (const { name, data } of readEvents(response.body)) {
        if (name === 'stopped') return;
        if (name === 'reorganised') next = Math.min(next, readReorganised(JSON.parse(data)).fork + 1);
        if ((heightAfter(name, data) ?? -1) < next) continue;
        for await (const block of this.blocks(next)) {
          next = block.Index + 1;
          yield block;
        }
      }
    } catch (error) {
      if (!signal?.aborted) throw error;
    }
  }

  /** Takes a seat in a lottery: a new validator with this stake. */
  async join(stake: number | bigint): Promise<Seat> {
    const message = readSeatAnswer(await this.#ask('/', { method: 'POST', body: `{"Stake":${stake}}` }));
    const authorization = `Bearer ${message.token}`;
    return new Seat(message, (path, sent) => this.#send(path, { ...sent, authorization }));
  }

  /** Calls a method of the server by JSON-RPC 2.0, such as `getinfo`; `help` lists them. Rejects with a RefusedError with the words of the method. */
  async call(method: string, params: unknown = []): Promise<unknown> {
    const { credentials } = this.#options;
    const response = await this.#send('/rpc', {
      method: 'POST',
      body: JSON.stringify({ jsonrpc: '2.0', id: 1, method, params }),
      authorization: credentials === undefined ? undefined : `Basic ${btoa(credentials)}`,
    });
    const answer = new JsonObject<{ readonly result: unknown; readonly error: unknown }>(
      await readAnswer(response),
      'answer',
    );
    if (answer.has('error')) throw answer.read('error', (json) => callError(json, response.status));
    return answer.has('result') ? answer.read('result', (json) => json) : mismatch('answer', 'one of JSON-RPC');
  }

  async *#blocks(from: number): AsyncGenerator<unknown> {
    const limit = apiLimits.blocksPerAnswerMax;
    for (let next = from; ; ) {
      const batch = list(await this.#ask(`/api/blocks?from=${next}&limit=${limit}`), 'blocks');
      yield* batch;
      next += batch.length;
      if (batch.length < limit) return;
    }
  }

  async #ask(path: string, sent: Sent = {}): Promise<unknown> {
    return readAnswer(await this.#send(path, sent));
  }

  #send(path: string, { method = 'GET', body, authorization, signal }: Sent): Promise<Response> {
    return fetch(new URL(path, this.url), {
      method,
      redirect: 'error',
      headers: {
        accept: 'application/json, text/event-stream',
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...(authorization === undefined ? {} : { authorization }),
      },
      ...(body === undefined ? {} : { body }),
      ...(signal === undefined ? {} : { signal }),
    });
  }
}

/** A validator that takes part over HTTP. Its seat is given up when it is not used for minutes. */
export class Seat {
  readonly validator: string;
  readonly stake: bigint;
  /** Brings the validator to nc, on a server that keeps seats. */
  readonly rejoinCode: string | undefined;
  readonly #send: (path: string, sent: Sent) => Promise<Response>;

  constructor({ validator, stake, rejoinCode }: NewSeat, send: (path: string, sent: Sent) => Promise<Response>) {
    this.validator = validator;
    this.stake = BigInt(stake);
    this.rejoinCode = rejoinCode;
    this.#send = send;
  }

  /** Proposes a block for the open round. One candidate a round: another is refused with the status 409. */
  async propose(bpm: number): Promise<SeatCandidate> {
    return readCandidateAnswer(await readAnswer(await this.#send('/', { method: 'POST', body: `{"Data":${bpm}}` })));
  }

  /** How the seat stands, with its last candidate and its last result. */
  async state(): Promise<SeatMessage> {
    return readSeat(await readAnswer(await this.#send('/api/seat', {})));
  }

  /** Gives the seat up. A candidate of it stays in the draw. */
  async leave(): Promise<void> {
    const response = await this.#send('/api/seat', { method: 'DELETE' });
    if (!response.ok) await readAnswer(response);
  }
}

/** The index of the last block as an event tells of it; undefined for an event that tells of none. */
function heightAfter(name: string, data: string): number | undefined {
  switch (name) {
    case 'snapshot':
      return readSnapshot(JSON.parse(data)).status.height;
    case 'drawn':
      return readDrawn(JSON.parse(data)).block.Index;
    case 'blocks':
      return readNewBlocks(JSON.parse(data)).status.height;
    default:
      return undefined;
  }
}

function callError(json: unknown, status: number): RefusedError {
  const error = new JsonObject<{ readonly code: number; readonly message: string; readonly data: unknown }>(
    json,
    'error',
  );
  const data = error.has('data') ? error.read('data', (value) => value) : undefined;
  const words = typeof data === 'string' ? data : error.read('message', text);
  return new RefusedError(status, `${onOneLine(words)} (${error.read('code', number)})`);
}
