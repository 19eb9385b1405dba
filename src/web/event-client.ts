import { limits as apiLimits } from '../http/api/limits.ts';
import type { Drawn, NewBlocks, PoolChange, Reorganised, Snapshot, Status, Stopped } from '../http/api/types.ts';
import {
  readDrawn,
  readNewBlocks,
  readPoolChange,
  readReorganised,
  readSnapshot,
  readStopped,
} from '../library/message-readers.ts';
import { fetchStatus } from './api-client.ts';
import type { Contact } from './contact.ts';
import { limits } from './limits.ts';

export interface EventSubscriber {
  /** The whole state, at the beginning and after every reconnection. */
  onSnapshot?(snapshot: Snapshot): void;
  onPoolChange?(change: PoolChange): void;
  onDraw?(drawn: Drawn): void;
  onBlocks?(blocks: NewBlocks): void;
  onReorganised?(reorganised: Reorganised): void;
  /** The contact with the server changed. `stopped` is the server's reason, if it gave one. */
  onContact?(contact: Contact, stopped?: Stopped): void;
  /** The status, polled while the server has no room for another subscriber. */
  onStatus?(status: Status): void;
}

/** Subscribes to the server's events while the page is visible. */
export function subscribe(subscriber: EventSubscriber): void {
  let source: EventSource | undefined;
  let heardMs = 0;
  let stopped: Stopped | undefined;
  const reportLoss = (): void => subscriber.onContact?.(stopped === undefined ? 'silent' : 'stopped', stopped);
  const recordContact = (): void => {
    heardMs = performance.now();
  };
  const open = (): void => {
    const opened = new EventSource('/api/events');
    source = opened;
    recordContact();
    for (const name of ['open', 'beat', 'snapshot', 'pool', 'drawn', 'blocks', 'reorganised'])
      opened.addEventListener(name, recordContact);
    // After a reconnection the missed events come first. They describe the past, and the snapshot behind them the present.
    let isCurrent = false;
    opened.addEventListener('open', () => {
      isCurrent = false;
      stopped = undefined;
      subscriber.onContact?.('heard');
    });
    opened.addEventListener('error', () => {
      if (opened.readyState === EventSource.CLOSED) void refused(opened);
      else reportLoss();
    });
    opened.addEventListener('stopped', ({ data }) => {
      stopped = readStopped(JSON.parse(data));
      reportLoss();
    });
    opened.addEventListener('snapshot', ({ data }) => {
      isCurrent = true;
      subscriber.onSnapshot?.(readSnapshot(JSON.parse(data)));
    });
    opened.addEventListener('pool', ({ data }) => {
      if (isCurrent) subscriber.onPoolChange?.(readPoolChange(JSON.parse(data)));
    });
    opened.addEventListener('drawn', ({ data }) => {
      if (isCurrent) subscriber.onDraw?.(readDrawn(JSON.parse(data)));
    });
    opened.addEventListener('blocks', ({ data }) => {
      if (isCurrent) subscriber.onBlocks?.(readNewBlocks(JSON.parse(data)));
    });
    opened.addEventListener('reorganised', ({ data }) => {
      if (isCurrent) subscriber.onReorganised?.(readReorganised(JSON.parse(data)));
    });
  };
  const refused = async (closed: EventSource): Promise<void> => {
    const status = await fetchStatus().catch(() => undefined);
    if (source !== closed) return;
    if (status === undefined) {
      reportLoss();
    } else {
      subscriber.onContact?.('full');
      subscriber.onStatus?.(status);
    }
    // The browser reconnects by itself only after a broken connection, not after a refusal.
    setTimeout(() => {
      if (source === closed) open();
    }, apiLimits.subscriberRefusedMs);
  };
  const close = (): void => {
    source?.close();
    source = undefined;
  };
  document.addEventListener('visibilitychange', () => {
    // A phone in a pocket should cost neither battery nor a place on the server.
    if (document.hidden) close();
    else if (source === undefined) open();
  });
  addEventListener('pagehide', close);
  // A hanging server or a lost network can be noticed only by its silence.
  setInterval(() => {
    if (source === undefined || performance.now() - heardMs < limits.silenceMs) return;
    reportLoss();
    close();
    open();
  }, limits.silenceCheckMs);
  open();
}
