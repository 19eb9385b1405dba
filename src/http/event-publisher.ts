import type { NodeEvent } from '../node/ports.ts';
import { drawnSegments } from './api/ticket-bar.ts';
import type { PoolChange, Status } from './api/types.ts';
import type { ErrorReporter } from './error-reporter.ts';
import { limits } from './limits.ts';
import type { LiveState } from './live-state.ts';
import type { SseStream } from './sse-stream.ts';

export interface EventPublisherOptions {
  readonly feed: Pick<SseStream, 'tell'>;
  readonly room: Pick<LiveState, 'segments'>;
  readonly status: () => Status;
  readonly faults: ErrorReporter;
}

type DrawnEvent = Extract<NodeEvent, { kind: 'drawn' }>;

/** Tells the pages what happens, and never in the lottery's own time: a draw as soon as it has a turn, other changes together. */
export class EventPublisher {
  readonly #options: EventPublisherOptions;
  /** Drawn, and not yet told. */
  #drawn: DrawnEvent[] = [];
  #timer: NodeJS.Timeout | undefined;
  #lastTold = '';
  #isClosed = false;

  constructor(options: EventPublisherOptions) {
    this.#options = options;
  }

  /** Takes note of an event, and tells it later. */
  onEvent(event: NodeEvent): void {
    if (event.kind === 'loaded' || event.kind === 'chain-due') return;
    if (event.kind === 'drawn') this.#drawn.push(event);
    this.#tellIn(event.kind === 'drawn' ? 0 : limits.pageRefreshMs);
  }

  /** For what no event tells, such as a pause, or somebody without a stake: looks whether the pages have to be told. */
  lookAround(): void {
    if (glanceAt(this.#options.status()) !== this.#lastTold) this.#tellIn(limits.pageRefreshMs);
  }

  close(): void {
    this.#isClosed = true;
    clearTimeout(this.#timer);
  }

  #tellIn(delayMs: number): void {
    if (this.#isClosed) return;
    if (delayMs > 0 && this.#timer !== undefined) return;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      this.#options.faults.guard(() => this.#tell());
    }, delayMs).unref();
  }

  #tell(): void {
    const { feed, room, status } = this.#options;
    const drawn = this.#drawn;
    this.#drawn = [];
    for (const { block, text, pool } of drawn) {
      const segments = JSON.stringify(drawnSegments(pool.candidates, block.Validator));
      feed.tell('drawn', `{"block":${text},"segments":${segments}}`);
    }
    const change: PoolChange = { status: status(), segments: room.segments() };
    feed.tell('pool', JSON.stringify(change));
    this.#lastTold = glanceAt(change.status);
  }
}

/** What of a status changes without an event. */
function glanceAt({ phase, connections, validators }: Status): string {
  return `${phase} ${connections} ${validators}`;
}
