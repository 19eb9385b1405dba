import type { ChainKind } from '../consensus/engine.ts';

/** Hides the links of the header that lead nowhere in a chain of this kind: without draws there is no luck to judge. */
export function showNavigation(kind: ChainKind): void {
  const fairness = document.querySelector('header nav a[href="/fairness"]');
  fairness?.toggleAttribute('hidden', kind !== 'lottery');
}
