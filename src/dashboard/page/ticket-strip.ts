import { short } from '../../core/words.ts';
import type { Segment } from '../messages.ts';
import { type Colour, coloursInRow } from './colours.ts';
import { element, renewRows } from './elements.ts';
import { look } from './look.ts';
import { paint, swatchOf, validatorLink } from './validator-name.ts';
import { counted, grouped, percent } from './words.ts';

/** The pool as a strip of all its tickets in drawing order, each validator a segment as wide as its stake; and the same in words. */
export class TicketStrip {
  readonly root: HTMLElement;
  readonly #strip: HTMLElement = element('div', { class: 'strip', role: 'img' });
  readonly #marker: HTMLElement = element('div', { class: 'marker', 'aria-hidden': 'true' });
  readonly #first: HTMLElement = element('span');
  readonly #last: HTMLElement = element('span');
  readonly #list: HTMLElement = element('ol', { class: 'stakes', 'aria-label': 'Largest stakes' });
  readonly #segments = new Map<string, HTMLElement>();

  constructor() {
    const scale = element('div', { class: 'scale', 'aria-hidden': 'true' }, this.#first, this.#last);
    const field = element('div', { class: 'field' }, this.#marker, this.#strip);
    this.root = element('div', { class: 'pool' }, field, scale, this.#list);
  }

  /** Shows an open pool. */
  show(segments: readonly Segment[]): void {
    this.root.dataset['state'] = segments.length === 0 ? 'empty' : 'open';
    this.#render(segments);
  }

  /** Shows a closed pool, the ticket that was drawn from it, and whose that is. */
  showDraw(segments: readonly Segment[], ticket: string): void {
    this.root.dataset['state'] = 'drawn';
    this.#render(segments);
    this.#point(ticket, totalOf(segments));
  }

  /** Lets the ticket fall on a closed pool, and does not say yet whose it is. Resolves when it has landed: at once where nothing moves. */
  async dropTicket(segments: readonly Segment[], ticket: string, fallMs: number): Promise<void> {
    this.root.dataset['state'] = 'falling';
    this.#render(segments.map(({ isWinner: _, ...segment }) => segment));
    this.#point(ticket, totalOf(segments));
    this.#marker.style.animationDuration = `${fallMs}ms`;
    // The animation of a marker that is there already begins anew.
    this.#marker.replaceWith(this.#marker);
    await Promise.allSettled(this.#marker.getAnimations().map(({ finished }) => finished));
  }

  #point(ticket: string, total: string): void {
    this.#marker.textContent = grouped(ticket);
    this.#marker.style.setProperty('--place', `${((Number(ticket) + 0.5) / Number(total)) * 100}%`);
  }

  #render(segments: readonly Segment[]): void {
    const total = totalOf(segments);
    const people = segments.reduce((sum, { count }) => sum + count, 0);
    const colours = coloursInRow(segments.map(({ validator }) => validator));
    const shown = new Set<string>();
    let before: HTMLElement | null = null;
    for (const [place, segment] of segments.entries()) {
      const key = segment.validator ?? `group ${place}`;
      shown.add(key);
      const drawn = this.#segments.get(key) ?? this.#make(key, segment);
      const share = Number(segment.stake) / Number(total);
      drawn.style.setProperty('flex-grow', String(share));
      drawn.dataset['winner'] = String(segment.isWinner === true);
      const colour = colours[place];
      if (colour !== undefined) paint(drawn, colour);
      drawn.title = `${nameOf(segment)}: ${counted(segment.stake, 'token')}`;
      const next: ChildNode | null = before === null ? this.#strip.firstChild : before.nextSibling;
      if (next !== drawn) this.#strip.insertBefore(drawn, next);
      before = drawn;
    }
    for (const [key, drawn] of this.#segments) {
      if (shown.has(key)) continue;
      drawn.remove();
      this.#segments.delete(key);
    }
    this.#first.textContent = segments.length === 0 ? '' : 'ticket 0';
    this.#last.textContent = segments.length === 0 ? '' : grouped(String(BigInt(total) - 1n));
    this.#strip.setAttribute('aria-label', `The pool: ${counted(people, 'candidate')}, ${counted(total, 'token')}`);
    renewRows(this.#list, listOf(segments, colours, total));
  }

  #make(key: string, { validator }: Segment): HTMLElement {
    const label = validator === undefined ? '' : validator.slice(0, 8);
    const made = element('div', { class: 'segment' }, element('span', {}, label));
    if (validator === undefined) made.classList.add('group');
    this.#segments.set(key, made);
    return made;
  }
}

function listOf(
  segments: readonly Segment[],
  colours: readonly (Colour | undefined)[],
  total: string,
): readonly HTMLElement[] {
  const own = segments
    .map((segment, place) => ({ ...segment, colour: colours[place] }))
    .filter(({ validator }) => validator !== undefined);
  const largest = [...own].sort((one, other) => {
    if (one.isWinner !== other.isWinner) return one.isWinner === true ? -1 : 1;
    return Number(other.stake) - Number(one.stake);
  });
  const people = segments.reduce((sum, { count }) => sum + count, 0);
  // What is left out takes the place of one.
  const rows = largest
    .slice(0, people > look.stakesMax ? look.stakesMax - 1 : people)
    .map(({ validator = '', stake, isWinner, colour }) => {
      const row = element(
        'li',
        { 'data-key': validator },
        swatchOf(validator, colour),
        validatorLink(validator),
        element('span', { class: 'number' }, counted(stake, 'token')),
        element('span', { class: 'share' }, `${percent(stake, total)}${isWinner === true ? ', winner' : ''}`),
      );
      if (isWinner === true) row.classList.add('winner');
      return row;
    });
  const more = people - rows.length;
  if (more === 0) return rows;
  const words = rows.length === 0 ? `${counted(more, 'validator')}, too many to name` : `and ${grouped(more)} more`;
  return [...rows, element('li', { 'data-key': 'more', class: 'more' }, element('span', {}, words))];
}

function nameOf({ validator, count }: Segment): string {
  return validator === undefined ? counted(count, 'validator') : short(validator);
}

function totalOf(segments: readonly Segment[]): string {
  return String(segments.reduce((total, { stake }) => total + BigInt(stake), 0n));
}
