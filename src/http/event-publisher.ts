import { isDrawn, type SealedBlock } from '../core/block.ts';
import type { CommittedEvent, NodeEvent, ReorganisedEvent } from '../node/ports.ts';
import { drawnSegments } from './api/ticket-bar.ts';
import type { NewBlocks, PoolChange, Reorganised, Segment, Status } from './api/types.ts';
import type { ErrorReporter } from './error-reporter.ts';
import { limits } from './limits.ts';
import type { LiveState } from './live-state.ts';
import { sealReport } from './seal-report.ts';
import type { SseStream } from './sse-stream.ts';

/** A pool was sealed. */
type SealedEvent = Extract<NodeEvent, { readonly kind: 'sealed' }>;

export interface EventPublisherOptions {
  readonly stream: Pick<SseStream, 'publish'>;
  readonly liveState: Pick<LiveState, 'segments' | 'profiles' | 'profilesOf'>;
  readonly status: () => Status;
  readonly errors: ErrorReporter;
}

/** Publishes the node's events to the pages, never during the lottery's own work: a draw in the next turn, other changes in batches. */
export class EventPublisher {
  readonly #options: EventPublisherOptions;
  /** Draws and sealed pools that are not published yet, in the order in which they came. */
  #moments: (CommittedEvent | SealedEvent)[] = [];
  /** What a sealed pool waits for has changed, and that is not published yet. */
  #isWaitNew = false;
  /** Other blocks that are not published yet: the newest ones, the newest first. */
  #newest: SealedBlock[] = [];
  readonly #reorganised: Reorganised[] = [];
  #timer: NodeJS.Timeout | undefined;
  #lastPublished = '';
  #isClosed = false;

  constructor(options: EventPublisherOptions) {
    this.#options = options;
  }

  /** Records an event to be published later. */
  onEvent(event: NodeEvent): void {
    if (event.kind === 'loaded' || event.kind === 'chain-due') return;
    if (event.kind === 'reorganised') {
      this.#goBack(event);
    } else if (event.kind === 'sealed') {
      this.#moments.push(event);
      this.#publishIn(0);
    } else if (event.kind !== 'committed') {
      this.#isWaitNew ||= event.kind === 'beacon-heard' || event.kind === 'late';
      this.#publishIn(limits.pageRefreshMs);
    } else if (isDrawn(event.block)) {
      this.#moments.push(event);
      this.#publishIn(0);
    } else {
      // Blocks without a draw may come by the thousand: as many are shown as fit on a page, in batches.
      this.#newest.unshift(event.block);
      this.#newest.length = Math.min(this.#newest.length, limits.newestBlocksMax);
      this.#publishIn(limits.pageRefreshMs);
    }
  }

  /** What was not published yet of blocks that fell out never is. */
  #goBack({ fork, removed, added }: ReorganisedEvent): void {
    this.#newest = this.#newest.filter(({ Index }) => Index <= fork);
    const newest = removed.slice(-limits.newestBlocksMax).map(({ block }) => block);
    const reorganised: Reorganised = {
      fork,
      removed: newest.reverse(),
      removedCount: removed.length,
      addedCount: added,
    };
    this.#reorganised.push(reorganised);
    this.#publishIn(0);
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

  #segmentsOf(body: NonNullable<CommittedEvent['body']>, winner: string): readonly Segment[] {
    const { profiles } = this.#options.liveState;
    return profiles.withProfiles(drawnSegments(body, winner, (validator) => profiles.orderOf(validator)));
  }

  #publish(): void {
    const { stream, liveState, status } = this.#options;
    const moments = this.#moments;
    this.#moments = [];
    for (const moment of moments) {
      if (moment.kind === 'sealed') stream.publish('sealed', JSON.stringify(sealReport(moment)));
      else {
        const { block, text, body } = moment;
        const segments = JSON.stringify(this.#segmentsOf(body ?? [], block.Validator));
        stream.publish('drawn', `{"block":${text},"segments":${segments}}`);
      }
    }
    for (const reorganised of this.#reorganised.splice(0)) stream.publish('reorganised', JSON.stringify(reorganised));
    const newest = this.#newest;
    this.#newest = [];
    const change: PoolChange = { status: status(), segments: liveState.segments() };
    // A wait that is over by now is told by its block.
    if (this.#isWaitNew && change.status.seal !== undefined)
      stream.publish('waiting', JSON.stringify(change.status.seal));
    this.#isWaitNew = false;
    if (newest.length > 0) {
      const blocks: NewBlocks = { status: change.status, newest, profiles: liveState.profilesOf(newest) };
      stream.publish('blocks', JSON.stringify(blocks));
    } else {
      stream.publish('pool', JSON.stringify(change));
    }
    this.#lastPublished = fingerprintOf(change.status);
  }
}

/** The parts of a status that change without an event. */
function fingerprintOf({ phase, connections, validators, blocksPerMinute, search, network }: Status): string {
  const others = `${network?.peers} ${network?.authority} ${network?.sync?.height}`;
  return `${phase} ${connections} ${validators} ${blocksPerMinute} ${search?.index} ${search?.tried} ${others}`;
}
