import { shortHash } from '../base/formatting.ts';
import { isGenesis, type SealedBlock } from '../core/block.ts';
import type { NewBlocks, PoolChange, Reorganised, Snapshot, Status, Stopped } from '../http/api/types.ts';
import { amountText } from './amount-text.ts';
import { branchWords } from './branch-words.ts';
import type { Contact } from './contact.ts';
import { element, link, renewRows, setText } from './elements.ts';
import type { EventSubscriber } from './event-client.ts';
import { joinWays } from './join-ways.ts';
import { LiveRegion } from './live-region.ts';
import { ProfileBook } from './profile-book.ts';
import { stopWords } from './status-words.ts';
import { clockTime } from './time-element.ts';
import { uiConstants } from './ui-constants.ts';
import { swatchOf, validatorLink } from './validator-name.ts';

/** What a live page says at a moment. */
export interface LiveWords {
  /** The large figure, and what it is. */
  readonly figure: string;
  readonly label: string;
  readonly headline: string;
  readonly facts: string;
  /** How far the bar goes, 0 to 1. */
  readonly share: number;
}

/** What the live page of one kind of chain without rounds says and shows besides its last blocks. */
export interface LivePanel {
  readonly title: string;
  /** Shown below the words; empty where there is nothing more. */
  readonly parts: readonly HTMLElement[];
  /** Said below the last blocks. */
  readonly footnote: string;
  words(status: Status): LiveWords;
  /** Newest blocks, the newest first; older ones may be missing between. */
  add(newest: readonly SealedBlock[], height: number): void;
  /** The blocks behind one fell out of the chain: others follow in their place. */
  goBack(fork: number): void;
  /** What the list says of a block besides who wrote it. */
  note(block: SealedBlock, height: number): string;
}

/** The live page of a chain without rounds: where it stands, and its last blocks. */
export class BlockLivePage implements EventSubscriber {
  readonly root: HTMLElement;
  readonly #panel: LivePanel;
  readonly #figure: HTMLElement = element('span', { class: 'seconds' }, '–');
  readonly #label: HTMLElement = element('p', { class: 'until' });
  readonly #headline: HTMLElement = element('p', { class: 'headline' });
  readonly #facts: HTMLElement = element('p', { class: 'facts' });
  readonly #bar: HTMLElement = element('div', { class: 'fuse', 'aria-hidden': 'true' });
  readonly #join: HTMLElement = element('div', { class: 'ways' });
  readonly #rows: HTMLElement = element('ol', { class: 'winners blocks' });
  readonly #branches: HTMLElement = element('ol', { class: 'winners branches', 'aria-label': 'Branches' });
  readonly #liveRegion = new LiveRegion();
  readonly #profiles = new ProfileBook();
  #newest: readonly SealedBlock[] = [];

  constructor(panel: LivePanel) {
    this.#panel = panel;
    this.root = element(
      'div',
      { class: panel.parts.length === 0 ? 'live plain' : 'live' },
      element('h1', { class: 'unseen' }, panel.title),
      element(
        'section',
        { class: 'now figures', 'aria-label': 'Now' },
        element('div', { class: 'timer figure' }, this.#figure),
        element('div', { class: 'words' }, this.#label, this.#headline, this.#facts),
      ),
      element('section', { class: 'join', 'aria-label': 'Join from a terminal' }, this.#join),
      element('section', { class: 'tickets', 'aria-label': panel.title }, this.#bar, ...panel.parts),
      element(
        'section',
        { class: 'last' },
        element('h2', {}, 'Last blocks'),
        this.#rows,
        element('p', { class: 'quiet' }, panel.footnote),
        this.#branches,
      ),
      this.#liveRegion.root,
    );
  }

  onSnapshot({ status, newest, profiles }: Snapshot): void {
    this.#profiles.learn(profiles);
    this.#join.replaceChildren(...joinWays(status));
    this.#newest = [];
    this.#show(
      status,
      newest.flatMap((block) => (isGenesis(block) ? [] : [block])),
    );
  }

  onStatus(status: Status): void {
    this.#join.replaceChildren(...joinWays(status));
    this.#show(status, []);
  }

  onPoolChange({ status }: PoolChange): void {
    this.#show(status, []);
  }

  onBlocks({ status, newest, profiles }: NewBlocks): void {
    this.#profiles.learn(profiles);
    this.#show(status, newest);
    const [last] = newest;
    if (last !== undefined) {
      this.#liveRegion.announceNext(`Block ${last.Index}, BPM ${last.BPM}, by ${shortHash(last.Validator)}.`);
    }
  }

  /** Says what fell out, for as long as it is among the last that did. */
  onReorganised(reorganised: Reorganised): void {
    this.#panel.goBack(reorganised.fork);
    this.#newest = this.#newest.filter(({ Index }) => Index <= reorganised.fork);
    const words = branchWords(reorganised);
    const gone = reorganised.removed.map(({ Index, Validator, BPM }) =>
      element('del', {}, `block ${amountText(Index)}, BPM ${BPM} of ${shortHash(Validator)}`),
    );
    const lists = gone.flatMap((each, place) => (place === 0 ? [each] : [', ', each]));
    this.#branches.prepend(element('li', {}, element('span', { class: 'quiet' }, `${words} `, ...lists)));
    while (this.#branches.childElementCount > uiConstants.branchesMax) this.#branches.lastElementChild?.remove();
    this.#liveRegion.announceNext(words);
  }

  onContact(contact: Contact, stopped: Stopped | undefined): void {
    this.root.dataset['contact'] = contact;
    if (contact === 'silent') this.#showOutage('The server does not answer', 'Trying again …');
    if (stopped !== undefined) this.#showOutage('The server was stopped', stopWords(stopped.why));
  }

  #showOutage(headline: string, facts: string): void {
    this.#say({ figure: '–', label: '', headline, facts, share: 0 });
    this.#liveRegion.announce(`${headline}.`);
  }

  #show(status: Status, newest: readonly SealedBlock[]): void {
    const { height } = status;
    this.#panel.add(newest, height);
    // Blocks that come in the place of others have taken it: a heavier branch did.
    const lowest = Math.min(...newest.map(({ Index }) => Index));
    const older = this.#newest.filter(({ Index }) => Index < lowest);
    this.#newest = [...newest, ...older].slice(0, uiConstants.winnersMax);
    this.#say(this.#panel.words(status));
    renewRows(
      this.#rows,
      this.#newest.map((block) => this.#row(block, height)),
    );
  }

  #say({ figure, label, headline, facts, share }: LiveWords): void {
    setText(this.#figure, figure);
    setText(this.#label, label);
    setText(this.#headline, headline);
    setText(this.#facts, facts);
    this.#bar.style.setProperty('--left', String(share));
    this.root.style.setProperty('--digits', String(figure.length));
  }

  #row(block: SealedBlock, height: number): HTMLElement {
    const { Index, Timestamp, Validator, BPM } = block;
    return element(
      'li',
      { 'data-key': String(Index) },
      link(`/blocks/${Index}`, `block ${amountText(Index)}`),
      swatchOf(Validator, this.#profiles.of(Validator)),
      validatorLink(Validator, this.#profiles.of(Validator)),
      element('span', { class: 'number' }, `BPM ${BPM}${this.#panel.note(block, height)}`),
      element('time', { datetime: Timestamp, title: new Date(Timestamp).toLocaleString() }, clockTime(Timestamp)),
    );
  }
}

/** How many people are there. */
export function peopleWords({ connections }: Pick<Status, 'connections'>): string {
  return `${amountText(connections)} ${connections === 1 ? 'person' : 'people'} connected`;
}
