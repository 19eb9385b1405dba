import { parseWholeNumber } from './api/query.ts';
import { limits } from './limits.ts';
import type { Disconnectable } from './web-counters.ts';

/** The response of one subscriber; a `http.ServerResponse` is one. */
export interface SseSocket extends Disconnectable {
  readonly writableLength: number;
  readonly destroyed: boolean;
  write(data: Buffer): boolean;
  end(): unknown;
}

interface SentEvent {
  readonly number: number;
  readonly bytes: Buffer;
}

export interface SseStreamOptions {
  /** Identifies this run of the server: event ids of another run are not known here. */
  readonly run: string;
  readonly yieldToEventLoop: () => Promise<void>;
  readonly subscribersMax: number;
  /** Disconnects a subscriber that reads too slowly. */
  readonly disconnect: (socket: Disconnectable) => void;
}

/**
 * Server-sent events (WHATWG HTML, 9.2) to all subscribers. An event is encoded once, and written to `limits.subscribersPerTurn` in a turn of the
 * event loop. A subscriber with more than `limits.subscriberPendingBytesMax` unread is disconnected; it resumes when it comes back.
 */
export class SseStream {
  readonly #options: SseStreamOptions;
  readonly #subscribers = new Set<SseSocket>();
  readonly #kept: SentEvent[] = [];
  #number = 0;
  #last: Promise<void> = Promise.resolve();

  constructor(options: SseStreamOptions) {
    this.#options = options;
  }

  get size(): number {
    return this.#subscribers.size;
  }

  /** True when there is no room for another subscriber. */
  get isFull(): boolean {
    return this.#subscribers.size >= this.#options.subscribersMax;
  }

  /**
   * Adds a subscriber. It is sent the events after the last one that it has seen, if they are still kept, and then the snapshot, the JSON text of
   * the current state.
   */
  add(socket: SseSocket, lastEventId: string | undefined, snapshot: () => string): void {
    const missed = this.#missedSince(lastEventId);
    socket.write(Buffer.from(`retry: ${limits.subscriberRetryMs}\n\n`, 'latin1'));
    for (const { bytes } of missed) socket.write(bytes);
    socket.write(this.#encode('snapshot', this.#number, snapshot()));
    this.#subscribers.add(socket);
  }

  /** Removes a subscriber whose connection is closed. */
  remove(socket: SseSocket): void {
    this.#subscribers.delete(socket);
  }

  /** Sends an event to all subscribers; its data is a JSON text. */
  publish(name: string, json: string): void {
    this.#number += 1;
    const bytes = this.#encode(name, this.#number, json);
    this.#kept.push({ number: this.#number, bytes });
    if (this.#kept.length > limits.eventsKeptMax) this.#kept.shift();
    this.#sendToAll(bytes, [...this.#subscribers]);
  }

  /** Sends a heartbeat: it keeps connections alive, finds dead ones, and shows a page that its own is alive. A comment would not reach the page. */
  sendHeartbeat(): void {
    this.#sendToAll(Buffer.from('event: beat\ndata: {}\n\n', 'latin1'), [...this.#subscribers]);
  }

  /** Sends the event `stopped` with a JSON text that says why, and ends all streams. A connection that merely breaks would not say why. */
  close(json: string): void {
    const bytes = Buffer.from(`event: stopped\ndata: ${json}\n\n`, 'latin1');
    for (const socket of this.#subscribers) {
      socket.write(bytes);
      socket.end();
    }
    this.#subscribers.clear();
  }

  /** Sends to the subscribers of the moment of the call. A later one has the event in its snapshot. */
  #sendToAll(bytes: Buffer, subscribers: readonly SseSocket[]): void {
    this.#last = this.#last.then(async () => {
      for (const [place, socket] of subscribers.entries()) {
        if (place > 0 && place % limits.subscribersPerTurn === 0) await this.#options.yieldToEventLoop();
        if (this.#subscribers.has(socket)) this.#send(socket, bytes);
      }
    });
  }

  #send(socket: SseSocket, bytes: Buffer): void {
    if (!socket.destroyed && socket.writableLength <= limits.subscriberPendingBytesMax) {
      socket.write(bytes);
      return;
    }
    this.#subscribers.delete(socket);
    if (!socket.destroyed) this.#options.disconnect(socket);
  }

  #missedSince(id: string | undefined): readonly SentEvent[] {
    const [run, digits = ''] = id?.split('-') ?? [];
    const seen = parseWholeNumber(digits);
    if (run !== this.#options.run || seen === undefined) return [];
    const first = this.#kept[0]?.number ?? this.#number + 1;
    if (seen > this.#number || seen < first - 1) return [];
    return this.#kept.filter(({ number }) => number > seen);
  }

  #encode(name: string, number: number, json: string): Buffer {
    return Buffer.from(`id: ${this.#options.run}-${number}\nevent: ${name}\ndata: ${json}\n\n`, 'latin1');
  }
}
