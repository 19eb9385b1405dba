import type { Status } from '../http/api/types.ts';

/** Hides the links of the header that lead nowhere in a chain of this kind: without draws there is no luck to judge. A sandbox is marked as one. */
export function showNavigation({ consensus, sandbox = false }: Pick<Status, 'consensus' | 'sandbox'>): void {
  const fairness = document.querySelector('header nav a[href="/fairness"]');
  fairness?.toggleAttribute('hidden', consensus !== 'lottery');
  document.querySelector('#sandbox')?.toggleAttribute('hidden', !sandbox);
}
