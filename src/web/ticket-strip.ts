import type { Segment } from '../http/api/types.ts';
import { amountText, pluralizeAmount } from './amount-text.ts';
import { element, setText } from './elements.ts';
import { findSegments } from './segment-search.ts';
import { StakeList } from './stake-list.ts';
import { calledName, fullName, paint } from './validator-name.ts';

/** Draws a pool as a strip of its tickets in drawing order, each validator a segment as wide as its stake, and lists the largest stakes. */
export class TicketStrip {
  readonly root: HTMLElement;
  readonly #strip: HTMLElement = element('div', { class: 'strip', role: 'img' });
  readonly #marker: HTMLElement = element('div', { class: 'marker', 'aria-hidden': 'true' });
  readonly #first: HTMLElement = element('span', { 'aria-hidden': 'true' });
  readonly #last: HTMLElement = element('span', { 'aria-hidden': 'true' });
  readonly #list = new StakeList();
  readonly #drawn = new Map<string, HTMLElement>();
  #segments: readonly Segment[] = [];
  #soughtPrefix: string | undefined;

  /** @param between is placed below the strip, between the labels of its first and its last ticket */
  constructor(...between: readonly HTMLElement[]) {
    const scale = element('div', { class: 'scale' }, this.#first, ...between, this.#last);
    const field = element('div', { class: 'field' }, this.#marker, this.#strip);
    this.root = element('div', { class: 'pool' }, field, scale, this.#list.root);
  }

  /** The segments that are shown. */
  get segments(): readonly Segment[] {
    return this.#segments;
  }

  /** Marks the segment of the validator whose address begins with `prefix`, now and in later pools; none when several do. */
  seek(prefix: string | undefined): void {
    this.#soughtPrefix = prefix;
    this.#markSought();
  }

  /** Shows an open pool. */
  show(segments: readonly Segment[]): void {
    this.root.dataset['state'] = segments.length === 0 ? 'empty' : 'open';
    this.#render(segments);
  }

  /** Shows a closed pool, the drawn ticket, and its winner. */
  showDraw(segments: readonly Segment[], ticket: string): void {
    this.root.dataset['state'] = 'drawn';
    this.#render(segments);
    this.#point(ticket, totalOf(segments));
  }

  /**
   * Lets the ticket travel along a closed pool and slow down, without its number and the winner. Resolves when it has landed, at once where
   * animations are turned off.
   */
  async dropTicket(segments: readonly Segment[], ticket: string, fallMs: number): Promise<void> {
    this.root.dataset['state'] = 'falling';
    this.#render(segments.map(({ isWinner: _, ...segment }) => segment));
    this.#point(ticket, totalOf(segments));
    this.#marker.textContent = '?';
    this.#marker.style.animationDuration = `${fallMs}ms`;
    // Reinserting the marker restarts its animation.
    this.#marker.replaceWith(this.#marker);
    await Promise.allSettled(this.#marker.getAnimations().map(({ finished }) => finished));
  }

  #point(ticket: string, total: string): void {
    this.#marker.textContent = amountText(ticket);
    this.#marker.style.setProperty('--place', `${((Number(ticket) + 0.5) / Number(total)) * 100}%`);
  }

  #render(segments: readonly Segment[]): void {
    this.#segments = segments;
    const total = totalOf(segments);
    const people = segments.reduce((sum, { count }) => sum + count, 0);
    const shown = new Set<string>();
    let before: HTMLElement | null = null;
    for (const [place, segment] of segments.entries()) {
      const key = segment.validator ?? `group ${place}`;
      shown.add(key);
      const drawn = this.#drawn.get(key) ?? this.#make(key, segment);
      const share = Number(segment.stake) / Number(total);
      drawn.style.setProperty('flex-grow', String(share));
      drawn.dataset['winner'] = String(segment.isWinner === true);
      if (segment.validator !== undefined) paint(drawn, segment.validator, segment);
      if (drawn.firstElementChild !== null) setText(drawn.firstElementChild, labelOf(segment));
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
    this.#first.textContent = segments.length === 0 ? '' : 'ticket 0';
    this.#last.textContent = segments.length === 0 ? '' : amountText(String(BigInt(total) - 1n));
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
  }

  #make(key: string, { validator }: Segment): HTMLElement {
    const made = element('div', { class: 'segment' }, element('span'));
    if (validator === undefined) made.classList.add('group');
    this.#drawn.set(key, made);
    return made;
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
