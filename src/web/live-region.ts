import { element, setText } from './elements.ts';
import { uiConstants } from './ui-constants.ts';

/** Says things to a screen reader, not more often than somebody can listen to. */
export class LiveRegion {
  readonly root: HTMLElement = element('p', { class: 'unseen', role: 'status' });
  #spokenMs = Number.NEGATIVE_INFINITY;
  #waiting: number | undefined;

  /** Says something at once. What waited to be said is no news any more. */
  say(words: string): void {
    clearTimeout(this.#waiting);
    this.#spokenMs = performance.now();
    setText(this.root, words);
  }

  /** Says something, or nothing, in place of what waits to be said, as soon as the last words had their time. */
  sayNext(words: string | undefined): void {
    clearTimeout(this.#waiting);
    if (words === undefined) return;
    const waitMs = this.#spokenMs + uiConstants.spokenEveryMs - performance.now();
    if (waitMs > 0) this.#waiting = setTimeout(() => this.say(words), waitMs);
    else this.say(words);
  }
}
