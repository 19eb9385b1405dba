import { readWhole } from './api/query.ts';
import { limits } from './limits.ts';
import type { Cuttable } from './web-counts.ts';

/** The sending side of one watcher's answer; a `http.ServerResponse` is one. */
export interface SseSocket extends Cuttable {
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
  /** Tells this run of the server from others: an id of another run is not one of ours. */
  readonly run: string;
  readonly turn: () => Promise<void>;
  readonly watchersMax: number;
  /** Cuts a watcher who has not taken enough. */
  readonly cut: (wire: Cuttable) => void;
}

/**
 * Server-sent events (WHATWG HTML, 9.2) to everybody who watches. An event is encoded once and written in turns of `limits.watchersPerTurn`. It
 * waits for nobody: whoever has not taken `limits.watcherPendingBytesMax` is dropped, and resumes when it comes back.
 */
export class SseStream {
  readonly #options: SseStreamOptions;
  readonly #watchers = new Set<SseSocket>();
  readonly #ring: SentEvent[] = [];
  #number = 0;
  #last: Promise<void> = Promise.resolve();

  constructor(options: SseStreamOptions) {
    this.#options = options;
  }

  get watchers(): number {
    return this.#watchers.size;
  }

  /** Whether there is no place for one more. */
  get isFull(): boolean {
    return this.#watchers.size >= this.#options.watchersMax;
  }

  /**
   * Adds a watcher. It gets the events after the last one that it has seen, where those are still known, and then the snapshot, which is
   * the JSON text of everything as it stands now: what was missed says how things stood then.
   */
  add(wire: SseSocket, lastEventId: string | undefined, snapshot: () => string): void {
    const missed = this.#missedSince(lastEventId);
    wire.write(Buffer.from(`retry: ${limits.watcherRetryMs}\n\n`, 'latin1'));
    for (const { bytes } of missed) wire.write(bytes);
    wire.write(this.#encode('snapshot', this.#number, snapshot()));
    this.#watchers.add(wire);
  }

  /** Forgets a watcher who is gone. */
  remove(wire: SseSocket): void {
    this.#watchers.delete(wire);
  }

  /** Tells everybody an event whose data is a JSON text. */
  tell(name: string, json: string): void {
    this.#number += 1;
    const bytes = this.#encode(name, this.#number, json);
    this.#ring.push({ number: this.#number, bytes });
    if (this.#ring.length > limits.eventsKeptMax) this.#ring.shift();
    this.#toEverybody(bytes, [...this.#watchers]);
  }

  /** Keeps connections alive, finds those that are dead, and lets a page know that its own is not: a comment would not reach it. */
  beat(): void {
    this.#toEverybody(Buffer.from('event: beat\ndata: {}\n\n', 'latin1'), [...this.#watchers]);
  }

  /** Tells everybody that the server is stopped, and in a JSON text why, which is the end: a line that breaks says nothing. */
  close(json: string): void {
    const bytes = Buffer.from(`event: stopped\ndata: ${json}\n\n`, 'latin1');
    for (const wire of this.#watchers) {
      wire.write(bytes);
      wire.end();
    }
    this.#watchers.clear();
  }

  /** Only to those who were there when it was told: who came later has it in the snapshot. */
  #toEverybody(bytes: Buffer, watchers: readonly SseSocket[]): void {
    this.#last = this.#last.then(async () => {
      for (const [place, wire] of watchers.entries()) {
        if (place > 0 && place % limits.watchersPerTurn === 0) await this.#options.turn();
        if (this.#watchers.has(wire)) this.#send(wire, bytes);
      }
    });
  }

  #send(wire: SseSocket, bytes: Buffer): void {
    if (!wire.destroyed && wire.writableLength <= limits.watcherPendingBytesMax) {
      wire.write(bytes);
      return;
    }
    this.#watchers.delete(wire);
    if (!wire.destroyed) this.#options.cut(wire);
  }

  #missedSince(id: string | undefined): readonly SentEvent[] {
    const [run, digits = ''] = id?.split('-') ?? [];
    const seen = readWhole(digits);
    if (run !== this.#options.run || seen === undefined) return [];
    const first = this.#ring[0]?.number ?? this.#number + 1;
    if (seen > this.#number || seen < first - 1) return [];
    return this.#ring.filter(({ number }) => number > seen);
  }

  #encode(name: string, number: number, json: string): Buffer {
    return Buffer.from(`id: ${this.#options.run}-${number}\nevent: ${name}\ndata: ${json}\n\n`, 'latin1');
  }
}
