import { element, setText } from './elements.ts';
import { uiConstants } from './ui-constants.ts';

/** Announces texts to screen readers (an ARIA live region), no faster than they can be spoken. */
export class LiveRegion {
  readonly root: HTMLElement = element('p', { class: 'unseen', role: 'status' });
  #spokenMs = Number.NEGATIVE_INFINITY;
  #waiting: number | undefined;

  /** Announces a text at once, and drops one that waits. */
  announce(text: string): void {
    clearTimeout(this.#waiting);
    this.#spokenMs = performance.now();
    setText(this.root, text);
  }

  /** Announces a text when the last one had its time, in place of one that waits. Undefined only drops the one that waits. */
  announceNext(text: string | undefined): void {
    clearTimeout(this.#waiting);
    if (text === undefined) return;
    const waitMs = this.#spokenMs + uiConstants.spokenEveryMs - performance.now();
    if (waitMs > 0) this.#waiting = setTimeout(() => this.announce(text), waitMs);
    else this.announce(text);
  }
}
