import { limits as apiLimits } from '../http/api/limits.ts';
import type { Drawn, PoolChange, Snapshot, Status, Stopped } from '../http/api/types.ts';
import { fetchStatus } from './api-client.ts';
import { limits } from './limits.ts';
import { readDrawn, readPoolChange, readSnapshot, readStopped } from './message-readers.ts';

export interface EventSubscriber {
  /** Everything, at the beginning and after every absence. */
  begin?(snapshot: Snapshot): void;
  change?(change: PoolChange): void;
  draw?(drawn: Drawn): void;
  /** The server is heard, no longer, or has no place for one more page that watches. `stopped` is what it said last, where it did. */
  hears?(contact: Contact, stopped?: Stopped): void;
  /** How things stand, every now and then while there is no place. */
  glance?(status: Status): void;
}

/** Whether the server is heard, was stopped as it said itself, does not answer, or has no place for one more page that watches. */
export type Contact = 'heard' | 'stopped' | 'silent' | 'full';

/** Listens to the server's events while somebody looks at the page. */
export function subscribe(watcher: EventSubscriber): void {
  let source: EventSource | undefined;
  let heardMs = 0;
  let stopped: Stopped | undefined;
  const lose = (): void => watcher.hears?.(stopped === undefined ? 'silent' : 'stopped', stopped);
  const hear = (): void => {
    heardMs = performance.now();
  };
  const open = (): void => {
    const opened = new EventSource('/api/events');
    source = opened;
    hear();
    for (const name of ['open', 'beat', 'snapshot', 'pool', 'drawn']) opened.addEventListener(name, hear);
    // What was missed comes first. It was so then, and the snapshot after it says how things stand now.
    let isCurrent = false;
    opened.addEventListener('open', () => {
      isCurrent = false;
      stopped = undefined;
      watcher.hears?.('heard');
    });
    opened.addEventListener('error', () => {
      if (opened.readyState === EventSource.CLOSED) void refused(opened);
      else lose();
    });
    opened.addEventListener('stopped', ({ data }) => {
      stopped = readStopped(JSON.parse(data));
      lose();
    });
    opened.addEventListener('snapshot', ({ data }) => {
      isCurrent = true;
      watcher.begin?.(readSnapshot(JSON.parse(data)));
    });
    opened.addEventListener('pool', ({ data }) => {
      if (isCurrent) watcher.change?.(readPoolChange(JSON.parse(data)));
    });
    opened.addEventListener('drawn', ({ data }) => {
      if (isCurrent) watcher.draw?.(readDrawn(JSON.parse(data)));
    });
  };
  const refused = async (closed: EventSource): Promise<void> => {
    const status = await fetchStatus().catch(() => undefined);
    if (source !== closed) return;
    if (status === undefined) {
      lose();
    } else {
      watcher.hears?.('full');
      watcher.glance?.(status);
    }
    // The browser itself comes back only after a broken connection.
    setTimeout(() => {
      if (source === closed) open();
    }, apiLimits.subscriberRefusedMs);
  };
  const close = (): void => {
    source?.close();
    source = undefined;
  };
  document.addEventListener('visibilitychange', () => {
    // A phone in a pocket costs nobody anything.
    if (document.hidden) close();
    else if (source === undefined) open();
  });
  addEventListener('pagehide', close);
  // A server that hangs and a network that is gone say nothing, and that is all there is to notice.
  setInterval(() => {
    if (source === undefined || performance.now() - heardMs < limits.silenceMs) return;
    lose();
    close();
    open();
  }, limits.silenceCheckMs);
  open();
}
