import type { PayloadResult } from '../node/participant.ts';
import type { EventListener, NodeEvent } from '../node/ports.ts';
import type { SeatCandidate, Stopped } from './api/types.ts';
import type { ConnectionLimiter } from './web-server.ts';

/** A response whose client may hang up; a `http.ServerResponse` is one. */
export interface AwaitingResponse {
  readonly destroyed: boolean;
  once(event: 'close', onEvent: () => void): unknown;
  off(event: 'close', onEvent: () => void): unknown;
}

export interface PostedCandidatesOptions {
  /** Proposes a block for a validator of its own. */
  readonly propose: (
    payload: number,
    network: string,
  ) => { readonly validator: string; readonly result: PayloadResult };
  /** How many may wait for their blocks. */
  readonly candidatesMax: number;
  /** Bounds those of each subnet. */
  readonly subnetLimiter: ConnectionLimiter;
  /** How many requests may wait for a block. */
  readonly waitsMax: number;
  /** How long a request waits for its block, ms. */
  readonly waitMs: number;
}

/** What became of a candidate: behind `ahead` others it waits for its block. `subnet full`: as many of its subnet wait as may. */
export type PostResult =
  | { readonly kind: 'queued'; readonly candidate: SeatCandidate; readonly ahead: number }
  | { readonly kind: 'full' }
  | { readonly kind: 'subnet full' };

/** How the wait for a block ends. `not yet`: it has taken too long, or as many requests wait as may. */
export type WaitEnd =
  | { readonly kind: 'found'; readonly index: number; readonly text: string }
  | { readonly kind: 'not yet' }
  | { readonly kind: 'gone' }
  | { readonly kind: 'stopped'; readonly why: Stopped['why'] };

interface Posted {
  /** Gives its place back to its subnet. */
  readonly release: () => void;
  /** Ends the wait of its request. */
  end: (end: WaitEnd) => void;
}

/** The candidates of a chain of work that came over HTTP, until their blocks are found, and the requests that wait for these. */
export class PostedCandidates implements EventListener {
  readonly #options: PostedCandidatesOptions;
  /** By their validators, each of which has one. */
  readonly #posted = new Map<string, Posted>();
  #waits = 0;
  #stopped: Stopped['why'] | undefined;

  constructor(options: PostedCandidatesOptions) {
    this.#options = options;
  }

  /** Proposes a block for a client with a network address. */
  post(payload: number, network: string): PostResult {
    const { propose, candidatesMax, subnetLimiter } = this.#options;
    if (this.#posted.size >= candidatesMax) return { kind: 'full' };
    const release = subnetLimiter.enter(network);
    if (release === undefined) return { kind: 'subnet full' };
    const { validator, result } = propose(payload, network);
    if (result.kind !== 'queued') {
      release();
      if (result.kind === 'full') return { kind: 'full' };
      throw new Error(`a candidate for a search was ${result.kind}`);
    }
    this.#posted.set(validator, { release, end: () => undefined });
    const { index, ahead } = result;
    return { kind: 'queued', candidate: { validator, stake: '0', index, bpm: payload }, ahead };
  }

  /** Resolves when the block of a candidate that was just posted is stored, or the wait for it has to end. Called once for each. */
  wait(validator: string, response: AwaitingResponse): Promise<WaitEnd> {
    const { waitsMax, waitMs } = this.#options;
    const posted = this.#posted.get(validator);
    if (this.#stopped !== undefined) return Promise.resolve({ kind: 'stopped', why: this.#stopped });
    if (response.destroyed) return Promise.resolve({ kind: 'gone' });
    if (posted === undefined || this.#waits >= waitsMax) return Promise.resolve({ kind: 'not yet' });
    this.#waits += 1;
    return new Promise((resolve) => {
      const hungUp = (): void => posted.end({ kind: 'gone' });
      const timer = setTimeout(() => posted.end({ kind: 'not yet' }), waitMs);
      response.once('close', hungUp);
      posted.end = (end) => {
        posted.end = () => undefined;
        this.#waits -= 1;
        clearTimeout(timer);
        response.off('close', hungUp);
        resolve(end);
      };
    });
  }

  onEvent(event: NodeEvent): void {
    if (event.kind !== 'committed') return;
    const { block, text } = event;
    const posted = this.#posted.get(block.Validator);
    if (posted === undefined) return;
    this.#posted.delete(block.Validator);
    posted.release();
    posted.end({ kind: 'found', index: block.Index, text });
  }

  /** Ends all waits: the node has stopped, and makes no block any more. */
  close(why: Stopped['why']): void {
    this.#stopped = why;
    for (const posted of this.#posted.values()) posted.end({ kind: 'stopped', why });
  }
}
