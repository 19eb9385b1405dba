import axe from 'axe-core';
import type { Page } from 'playwright-core';
import { expect } from 'vitest';

/** What axe-core finds on a page: each rule that is broken, and where. */
async function faultsOf(page: Page, rules: readonly string[]): Promise<readonly string[]> {
  await page.evaluate(`if (!('axe' in window)) { ${axe.source} }`);
  const options = JSON.stringify({
    resultTypes: ['violations'],
    ...(rules.length === 0 ? {} : { runOnly: { type: 'rule', values: rules } }),
  });
  return page.evaluate<readonly string[]>(`axe.run(document, ${options}).then(({ violations }) =>
    violations.flatMap(({ id, nodes }) => nodes.map(({ target, failureSummary }) => id + ' at ' + target + ': ' + failureSummary)))`);
}

/** Nothing on the page is in the way of those who cannot see it, or see less; with enough contrast in both colour schemes. */
export async function expectAccessible(page: Page): Promise<void> {
  // Colours on their way from one scheme to the other are of neither.
  await page.emulateMedia({ reducedMotion: 'reduce', colorScheme: 'dark' });
  expect([page.url(), await faultsOf(page, ['color-contrast'])]).toEqual([page.url(), []]);
  await page.emulateMedia({ reducedMotion: 'reduce', colorScheme: 'light' });
  expect([page.url(), await faultsOf(page, [])]).toEqual([page.url(), []]);
}
