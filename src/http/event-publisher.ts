import { isDrawn } from '../core/block.ts';
import type { CommittedEvent, NodeEvent } from '../node/ports.ts';
import { drawnSegments } from './api/ticket-bar.ts';
import type { PoolChange, Status } from './api/types.ts';
import type { ErrorReporter } from './error-reporter.ts';
import { limits } from './limits.ts';
import type { LiveState } from './live-state.ts';
import type { SseStream } from './sse-stream.ts';

export interface EventPublisherOptions {
  readonly stream: Pick<SseStream, 'publish'>;
  readonly liveState: Pick<LiveState, 'segments'>;
  readonly status: () => Status;
  readonly errors: ErrorReporter;
}

/** Publishes the node's events to the pages, never during the lottery's own work: a draw in the next turn, other changes in batches. */
export class EventPublisher {
  readonly #options: EventPublisherOptions;
  /** Draws that are not published yet. */
  #drawn: CommittedEvent[] = [];
  #timer: NodeJS.Timeout | undefined;
  #lastPublished = '';
  #isClosed = false;

  constructor(options: EventPublisherOptions) {
    this.#options = options;
  }

  /** Records an event to be published later. */
  onEvent(event: NodeEvent): void {
    if (event.kind === 'loaded' || event.kind === 'chain-due') return;
    const isDraw = event.kind === 'committed' && isDrawn(event.block);
    if (isDraw) this.#drawn.push(event);
    this.#publishIn(isDraw ? 0 : limits.pageRefreshMs);
  }

  /** Publishes changes that come without an event, such as a pause, or a connection without a stake. To be called regularly. */
  publishIfChanged(): void {
    if (fingerprintOf(this.#options.status()) !== this.#lastPublished) this.#publishIn(limits.pageRefreshMs);
  }

  close(): void {
    this.#isClosed = true;
    clearTimeout(this.#timer);
  }

  #publishIn(delayMs: number): void {
    if (this.#isClosed) return;
    if (delayMs > 0 && this.#timer !== undefined) return;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      this.#options.errors.guard(() => this.#publish());
    }, delayMs).unref();
  }

  #publish(): void {
    const { stream, liveState, status } = this.#options;
    const drawn = this.#drawn;
    this.#drawn = [];
    for (const { block, text, body } of drawn) {
      const segments = JSON.stringify(drawnSegments(body ?? [], block.Validator));
      stream.publish('drawn', `{"block":${text},"segments":${segments}}`);
    }
    const change: PoolChange = { status: status(), segments: liveState.segments() };
    stream.publish('pool', JSON.stringify(change));
    this.#lastPublished = fingerprintOf(change.status);
  }
}

/** The parts of a status that change without an event. */
function fingerprintOf({ phase, connections, validators }: Status): string {
  return `${phase} ${connections} ${validators}`;
}
