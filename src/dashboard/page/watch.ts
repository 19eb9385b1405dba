import { limits } from '../../core/limits.ts';
import type { Drawn, PoolChange, Snapshot } from '../messages.ts';

export interface Watcher {
  /** Everything, at the beginning and after every absence. */
  begin?(snapshot: Snapshot): void;
  change?(change: PoolChange): void;
  draw?(drawn: Drawn): void;
  /** The server is heard, or no longer. */
  hears?(isHeard: boolean): void;
}

/** How long to wait before asking again after the server has refused, ms. The browser itself comes back only after a broken connection. */
const retryMs = 5000;

/** Listens to the server's events while somebody looks at the page. */
export function watch(watcher: Watcher): void {
  let source: EventSource | undefined;
  let heardMs = 0;
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
      watcher.hears?.(true);
    });
    opened.addEventListener('error', () => {
      watcher.hears?.(false);
      if (opened.readyState !== EventSource.CLOSED) return;
      setTimeout(() => {
        if (source === opened) open();
      }, retryMs);
    });
    opened.addEventListener('snapshot', ({ data }) => {
      isCurrent = true;
      watcher.begin?.(JSON.parse(data));
    });
    opened.addEventListener('pool', ({ data }) => {
      if (isCurrent) watcher.change?.(JSON.parse(data));
    });
    opened.addEventListener('drawn', ({ data }) => {
      if (isCurrent) watcher.draw?.(JSON.parse(data));
    });
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
    if (source === undefined || performance.now() - heardMs < limits.watcherSilenceMs) return;
    watcher.hears?.(false);
    close();
    open();
  }, limits.statusCheckMs);
  open();
}
