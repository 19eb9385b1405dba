import type { ChainKind } from '../consensus/engine.ts';
import type { LedgerStatus, Status } from '../http/api/types.ts';
import { element } from './elements.ts';
import { type EventSubscriber, subscribe } from './event-client.ts';
import { LivePage } from './live-page.ts';
import { showNavigation } from './navigation.ts';

interface LiveView extends EventSubscriber {
  readonly root: HTMLElement;
}

/** Shows the chain live: as a lottery, or, once the first event says that it is made in another way, on a page of its own, which is loaded then. */
export function startLive(): HTMLElement {
  const lottery = new LivePage();
  lottery.start();
  const root = element('div', { class: 'live-root' }, lottery.root);
  let view: Promise<LiveView> = Promise.resolve(lottery);
  const showLedger = ledgerBelow(root);
  let kind: ChainKind = 'lottery';
  const choose = (status: Status): void => {
    showNavigation(status);
    showLedger(status);
    if (status.consensus === kind) return;
    kind = status.consensus;
    view = loadView(kind, lottery).then((loaded) => {
      lottery.root.replaceWith(loaded.root);
      return loaded;
    });
  };
  // What comes while the other page is loaded waits for it, in order.
  const tell = (event: (view: LiveView) => void): void => void view.then(event);
  subscribe({
    onSnapshot: (snapshot) => {
      choose(snapshot.status);
      tell((one) => one.onSnapshot?.(snapshot));
    },
    onStatus: (status) => {
      choose(status);
      tell((one) => one.onStatus?.(status));
    },
    onPoolChange: (change) => {
      showLedger(change.status);
      tell((one) => one.onPoolChange?.(change));
    },
    onDraw: (drawn) => tell((one) => one.onDraw?.(drawn)),
    onBlocks: (blocks) => {
      showLedger(blocks.status);
      tell((one) => one.onBlocks?.(blocks));
    },
    onReorganised: (reorganised) => tell((one) => one.onReorganised?.(reorganised)),
    onContact: (contact, stopped) => tell((one) => one.onContact?.(contact, stopped)),
  });
  return root;
}

/** Shows below the page what a status says of a ledger; it is loaded when the first one does. */
function ledgerBelow(root: HTMLElement): (status: Pick<Status, 'ledger'>) => void {
  let panel: Promise<{ show(ledger: LedgerStatus): void }> | undefined;
  return ({ ledger }) => {
    if (ledger === undefined) return;
    panel ??= import('./ledger-panel.ts').then(({ LedgerPanel }) => {
      const loaded = new LedgerPanel();
      root.append(loaded.root);
      return loaded;
    });
    void panel.then((shown) => shown.show(ledger));
  };
}

async function loadView(kind: ChainKind, lottery: LivePage): Promise<LiveView> {
  if (kind === 'lottery') return lottery;
  const [{ BlockLivePage }, panel] = await Promise.all([import('./block-live-page.ts'), loadPanel(kind)]);
  return new BlockLivePage(panel);
}

async function loadPanel(kind: 'work' | 'instant'): Promise<import('./block-live-page.ts').LivePanel> {
  if (kind === 'work') return new (await import('./work-panel.ts')).WorkPanel();
  return new (await import('./instant-panel.ts')).InstantPanel();
}
