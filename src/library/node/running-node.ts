import { once } from 'node:events';
import { pageUrl } from '../../base/host.ts';
import type { LotteryServer } from '../../cli/serve/server.ts';
import { type Client, connect } from '../client.ts';

/** What a running node is made of. */
export interface RunningNodeParts {
  readonly server: LotteryServer;
  readonly host: string;
  readonly pagePort: number;
  /** Aborted when the node is to stop. */
  readonly stopping: AbortController;
}

/** A node that a program has started. Several may run in one process. */
export class RunningNode implements AsyncDisposable {
  readonly #parts: RunningNodeParts;
  /**
   * Resolves when the node has stopped, for whatever reason. Rejects where a block could not be made or stored, after everything else was
   * closed.
   */
  readonly ended: Promise<void>;

  constructor(parts: RunningNodeParts) {
    this.#parts = parts;
    this.ended = this.#stopWhenAsked();
    // Those who wait for it hear of a failure; the process must not die of it before that.
    this.ended.catch(() => undefined);
  }

  /** A client with all that its operator may do. */
  get client(): Client {
    const { credentials } = this.#parts.server;
    return connect(this.url, credentials === undefined ? {} : { credentials });
  }

  /** The port that validators connect to. */
  get port(): number {
    return this.#parts.server.port;
  }

  /** The address of the page and its API. */
  get url(): string {
    const { host, pagePort } = this.#parts;
    return pageUrl(host === '0.0.0.0' || host === '::' ? 'localhost' : host, pagePort);
  }

  /** How other nodes dial this one, for their setting `peer`; undefined without a `peerPort`. */
  get peerAddress(): string | undefined {
    return this.#parts.server.peerAddress;
  }

  /** Ends the rounds, says goodbye to everybody, and closes everything. Rejects as `ended` does. May be called more than once. */
  async stop(): Promise<void> {
    this.#parts.stopping.abort();
    await this.ended;
  }

  /** What `await using` calls at the end of its block. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
  }

  async #stopWhenAsked(): Promise<void> {
    const { server, stopping } = this.#parts;
    const { signal } = stopping;
    await Promise.race([signal.aborted || once(signal, 'abort'), server.ended]).catch(() => undefined);
    stopping.abort();
    await server.stop();
    await server.ended;
  }
}
