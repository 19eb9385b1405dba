import type { ChainKind } from '../consensus/engine.ts';
import type { Status } from '../http/api/types.ts';
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
  const showPanels = panelsBelow(root);
  let kind: ChainKind = 'lottery';
  const choose = (status: Status): void => {
    showNavigation(status);
    showPanels(status);
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
      showPanels(change.status);
      tell((one) => one.onPoolChange?.(change));
    },
    onDraw: (drawn) => tell((one) => one.onDraw?.(drawn)),
    onBlocks: (blocks) => {
      showPanels(blocks.status);
      tell((one) => one.onBlocks?.(blocks));
    },
    onReorganised: (reorganised) => tell((one) => one.onReorganised?.(reorganised)),
    onContact: (contact, stopped) => tell((one) => one.onContact?.(contact, stopped)),
  });
  return root;
}

/** Shows below the page what a status says of a ledger and of other nodes; each part is loaded when the first status has it. */
function panelsBelow(root: HTMLElement): (status: Pick<Status, 'ledger' | 'network' | 'log'>) => void {
  const showLedger = panelBelow(root, async () => new (await import('./ledger-panel.ts')).LedgerPanel());
  const showNetwork = panelBelow(root, async () => new (await import('./network-panel.ts')).NetworkPanel());
  const showDoor = panelBelow(root, async () => new (await import('./door-panel.ts')).DoorPanel());
  return ({ ledger, network, log }) => {
    if (ledger !== undefined) showLedger(ledger);
    if (network !== undefined) showNetwork(network);
    if (log !== undefined) showDoor(log);
  };
}

function panelBelow<T>(
  root: HTMLElement,
  load: () => Promise<{ readonly root: HTMLElement; show(news: T): void }>,
): (news: T) => void {
  let panel: ReturnType<typeof load> | undefined;
  return (news) => {
    panel ??= load().then((loaded) => {
      root.append(loaded.root);
      return loaded;
    });
    void panel.then((shown) => shown.show(news));
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
