import type { Status } from '../http/api/types.ts';
import { setText } from './elements.ts';

/** Hides the links of the header that lead nowhere in a chain of this kind: without draws there is no luck to judge. A sandbox is marked as one. */
export function showNavigation({
  consensus,
  sandbox = false,
  seed,
}: Pick<Status, 'consensus' | 'sandbox' | 'seed'>): void {
  const fairness = document.querySelector('header nav a[href="/fairness"]');
  fairness?.toggleAttribute('hidden', consensus !== 'lottery');
  const mark = document.querySelector<HTMLElement>('#sandbox');
  mark?.toggleAttribute('hidden', !sandbox);
  if (mark !== null && seed !== undefined) setText(mark, `sandbox of the seed ${seed}, tokens without value`);
}
