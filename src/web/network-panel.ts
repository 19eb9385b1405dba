import type { PeersReport } from '../http/api/rpc-types.ts';
import type { NetworkStatus } from '../http/api/types.ts';
import { amountText } from './amount-text.ts';
import { fetchPeers } from './api-client.ts';
import { type Column, cells, element, renewRows, setText, table } from './elements.ts';
import { networkWords, peerCountWords, peerName } from './network-words.ts';
import { Refresher } from './refresher.ts';
import { uiConstants } from './ui-constants.ts';
import { durationText } from './work-text.ts';

const peerColumns: readonly Column[] = [
  { title: 'Node', isName: true },
  { title: 'Address' },
  { title: 'Roles' },
  { title: 'Height', isNumber: true },
  { title: 'Latency', isNumber: true },
];

const cutColumns: readonly Column[] = [
  { title: 'Node', isName: true },
  { title: 'Address' },
  { title: 'Why it was cut' },
  { title: 'When', isNumber: true },
];

/** The other nodes of the chain: how many there are, how far this one is, and, while a visitor has them open, who they are and who was cut. */
export class NetworkPanel {
  readonly root: HTMLElement;
  readonly #words: HTMLElement = element('p', { role: 'status' });
  readonly #progress: HTMLProgressElement = element('progress', { 'aria-label': 'Blocks fetched' });
  readonly #count: HTMLElement = element('summary', {});
  readonly #why: HTMLElement = element('p', { class: 'quiet' });
  readonly #peers: HTMLTableSectionElement = element('tbody', {});
  readonly #cuts: HTMLTableSectionElement = element('tbody', {});
  readonly #cutTable: HTMLElement = table(cutColumns, this.#cuts);
  readonly #details: HTMLDetailsElement;
  readonly #refresher = new Refresher(() => this.#fetch());

  constructor() {
    this.#details = element('details', {}, this.#count, this.#why, table(peerColumns, this.#peers), this.#cutTable);
    this.#details.addEventListener('toggle', () => this.#refresh());
    this.root = element(
      'section',
      { class: 'ledger', 'aria-label': 'Other nodes' },
      this.#words,
      this.#progress,
      this.#details,
    );
    setInterval(() => this.#refresh(), uiConstants.peersMs);
  }

  show(network: NetworkStatus): void {
    const { sync, peers } = network;
    setText(this.#words, networkWords(network));
    setText(this.#count, peerCountWords(network));
    this.#refresh();
    this.#progress.hidden = sync === undefined || peers === 0;
    if (sync === undefined) return;
    this.#progress.max = sync.target;
    this.#progress.value = sync.height;
  }

  #refresh(): void {
    if (this.#details.open) void this.#refresher.refresh();
  }

  async #fetch(): Promise<void> {
    try {
      const { Peers, Cuts } = await fetchPeers();
      renewRows(this.#peers, Peers.map(peerRow));
      renewRows(this.#cuts, [...Cuts].reverse().map(cutRow));
      this.#cutTable.hidden = Cuts.length === 0;
      setText(this.#why, '');
    } catch {
      setText(this.#why, 'The other nodes cannot be had from the server now.');
    }
  }
}

function peerRow({ Peer, Host, Direction, Roles, Height, LatencyMs }: PeersReport['Peers'][number]): HTMLElement {
  return element(
    'tr',
    { 'data-key': Peer },
    ...cells(
      peerColumns,
      element('span', { title: Peer }, peerName(Peer)),
      `${Direction === 'in' ? 'from' : 'at'} ${Host}`,
      Roles.length === 0 ? 'not greeted yet' : Roles.join(', '),
      Height === undefined ? 'no chain yet' : amountText(Height),
      LatencyMs === undefined ? '' : `${amountText(LatencyMs)} ms`,
    ),
  );
}

function cutRow({ Peer, Host, Reason, AgoMs }: PeersReport['Cuts'][number], place: number): HTMLElement {
  return element(
    'tr',
    { 'data-key': `${place}` },
    ...cells(cutColumns, element('span', { title: Peer }, peerName(Peer)), Host, Reason, `${durationText(AgoMs)} ago`),
  );
}
