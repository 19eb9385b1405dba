import type { Segment, TicketsAnswer } from '../http/api/types.ts';
import { amountText, pluralizeAmount } from './amount-text.ts';
import { element, setText } from './elements.ts';
import { findSegments } from './segment-search.ts';
import { StakeList } from './stake-list.ts';
import { neighbourhoodOf, type StripWindow, shareIn, wholeOf } from './strip-window.ts';
import { calledName, fullName, paint } from './validator-name.ts';

/** The tickets of a validator that has no segment of its own. */
type SoughtTickets = Pick<TicketsAnswer, 'firstTicket' | 'stake'>;

/** Draws a pool as a strip of its tickets in drawing order, each validator a segment as wide as its stake, and lists the largest stakes. */
export class TicketStrip {
  readonly root: HTMLElement;
  readonly #strip: HTMLElement = element('div', { class: 'strip', role: 'img' });
  readonly #marker: HTMLElement = element('div', { class: 'marker', 'aria-hidden': 'true' });
  readonly #first: HTMLElement = element('span', { 'aria-hidden': 'true' });
  readonly #last: HTMLElement = element('span', { 'aria-hidden': 'true' });
  readonly #list = new StakeList();
  /** The frame of a validator that has no segment of its own. */
  readonly #own: HTMLElement = element('div', { class: 'frame', 'aria-hidden': 'true' });
  readonly #drawn = new Map<string, HTMLElement>();
  #segments: readonly Segment[] = [];
  #window: StripWindow = wholeOf([]);
  #soughtPrefix: string | undefined;
  #soughtTickets: SoughtTickets | undefined;

  /** @param between is placed below the strip, between the labels of its first and its last ticket */
  constructor(...between: readonly HTMLElement[]) {
    const scale = element('div', { class: 'scale' }, this.#first, ...between, this.#last);
    this.#strip.append(this.#own);
    const field = element('div', { class: 'field' }, this.#marker, this.#strip);
    this.root = element('div', { class: 'pool' }, field, scale, this.#list.root);
  }

  /** The segments that are shown. */
  get segments(): readonly Segment[] {
    return this.#segments;
  }

  /**
   * Marks the segment of the validator whose address begins with `prefix`, now and in later pools; none when several do. `tickets` are those of it,
   * where it has no segment of its own.
   */
  seek(prefix: string | undefined, tickets?: SoughtTickets): void {
    this.#soughtPrefix = prefix;
    this.#soughtTickets = tickets;
    this.#markSought();
  }

  /** Shows an open pool. */
  show(segments: readonly Segment[]): void {
    this.root.dataset['state'] = segments.length === 0 ? 'empty' : 'open';
    this.#render(segments);
  }

  /** Shows a closed pool, the drawn ticket, and its winner: enlarged, where it would be too thin to be seen. */
  showDraw(segments: readonly Segment[], ticket: string): void {
    this.root.dataset['state'] = 'drawn';
    this.#render(segments, neighbourhoodOf(segments));
    this.#point(ticket);
  }

  /**
   * Lets the ticket travel along a closed pool and slow down, without its number and the winner. Resolves when it has landed, at once where
   * animations are turned off.
   */
  async dropTicket(segments: readonly Segment[], ticket: string, fallMs: number): Promise<void> {
    this.root.dataset['state'] = 'falling';
    this.#render(segments.map(({ isWinner: _, ...segment }) => segment));
    this.#point(ticket);
    this.#marker.textContent = '?';
    this.#marker.style.animationDuration = `${fallMs}ms`;
    // Reinserting the marker restarts its animation.
    this.#marker.replaceWith(this.#marker);
    await Promise.allSettled(this.#marker.getAnimations().map(({ finished }) => finished));
  }

  #point(ticket: string): void {
    const { first, size } = this.#window;
    this.#marker.textContent = amountText(ticket);
    this.#marker.style.setProperty('--place', `${((Number(ticket) + 0.5 - first) / size) * 100}%`);
  }

  #render(segments: readonly Segment[], window: StripWindow = wholeOf(segments)): void {
    this.#segments = segments;
    this.#window = window;
    const total = totalOf(segments);
    const people = segments.reduce((sum, { count }) => sum + count, 0);
    const shown = new Set<string>();
    let before: HTMLElement | null = null;
    let first = 0;
    for (const [place, segment] of segments.entries()) {
      const key = segment.validator ?? `group ${place}`;
      shown.add(key);
      const drawn = this.#drawn.get(key) ?? this.#make(key, segment);
      drawn.style.setProperty('flex-grow', String(shareIn(window, first, Number(segment.stake))));
      fillParts(drawn, segment, first, window);
      first += Number(segment.stake);
      drawn.dataset['winner'] = String(segment.isWinner === true);
      if (segment.validator !== undefined) paint(drawn, segment.validator, segment);
      const label = segment.validator === undefined ? null : drawn.firstElementChild;
      if (label !== null) setText(label, labelOf(segment));
      drawn.title = `${nameOf(segment)}: ${pluralizeAmount(segment.stake, 'token')}`;
      const next: ChildNode | null = before === null ? this.#strip.firstChild : before.nextSibling;
      if (next !== drawn) this.#strip.insertBefore(drawn, next);
      before = drawn;
    }
    for (const [key, drawn] of this.#drawn) {
      if (shown.has(key)) continue;
      drawn.remove();
      this.#drawn.delete(key);
    }
    const isWhole = window.size === Number(total);
    const last = isWhole ? BigInt(total) - 1n : BigInt(Math.floor(window.first + window.size) - 1);
    this.#first.textContent = segments.length === 0 ? '' : `ticket ${amountText(Math.floor(window.first))}`;
    this.#last.textContent = segments.length === 0 ? '' : amountText(String(last));
    this.#strip.setAttribute(
      'aria-label',
      `The pool: ${pluralizeAmount(people, 'candidate')}, ${pluralizeAmount(total, 'token')}`,
    );
    this.#list.show(segments);
    this.#markSought();
  }

  #markSought(): void {
    const found = this.#soughtPrefix === undefined ? [] : findSegments(this.#segments, this.#soughtPrefix);
    const one = found.length === 1 ? found[0]?.validator : undefined;
    for (const [key, drawn] of this.#drawn) drawn.dataset['sought'] = String(key === one);
    const { firstTicket = '0', stake = '0' } = this.#soughtTickets ?? {};
    const share = shareIn(this.#window, Number(firstTicket), Number(stake));
    this.#own.hidden = share === 0;
    this.#own.style.setProperty('left', `${((Number(firstTicket) - this.#window.first) / this.#window.size) * 100}%`);
    this.#own.style.setProperty('width', `${share * 100}%`);
  }

  #make(key: string, { validator }: Segment): HTMLElement {
    const isGroup = validator === undefined;
    const made = element(
      'div',
      { class: isGroup ? 'segment group' : 'segment' },
      ...(isGroup ? [] : [element('span')]),
    );
    this.#drawn.set(key, made);
    return made;
  }
}

/** Gives each validator of a group its colour and its width, where it is known whom the group consists of. */
function fillParts(group: HTMLElement, { parts, stake, validator }: Segment, first: number, window: StripWindow): void {
  if (validator !== undefined) return;
  const shown = shareIn(window, first, Number(stake));
  const some = shown === 0 ? [] : (parts ?? []);
  while (group.childElementCount > some.length) group.lastElementChild?.remove();
  while (group.childElementCount < some.length) group.append(element('i', { class: 'part' }));
  let before = first;
  for (const [place, part] of [...group.querySelectorAll<HTMLElement>('.part')].entries()) {
    const [order = 0, tokens = '0'] = some[place] ?? [];
    paint(part, '', { order });
    part.style.setProperty('flex-grow', String(shareIn(window, before, Number(tokens)) / shown));
    before += Number(tokens);
  }
}

function nameOf({ validator, count, ...profile }: Segment): string {
  return validator === undefined ? pluralizeAmount(count, 'validator') : fullName(validator, profile);
}

function labelOf({ validator, ...profile }: Segment): string {
  return validator === undefined ? '' : calledName(validator, profile);
}

function totalOf(segments: readonly Segment[]): string {
  return String(segments.reduce((total, { stake }) => total + BigInt(stake), 0n));
}
