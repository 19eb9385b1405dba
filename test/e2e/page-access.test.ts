import { expect, it } from 'vitest';
import { expectAccessible } from './accessible.ts';
import { byHand, describesInABrowser, drawsBlock, laptop, threePeople } from './page-browser.ts';
import { startWithPage } from './page-server.ts';

/** What can be clicked or typed into, is there to be seen, and was not reached with the tab key yet. */
const unreached = `(() => {
  const all = [...document.querySelectorAll('a[href], button, input, summary, [tabindex="0"]')];
  const shown = all.filter((one) => one.checkVisibility({ visibilityProperty: true }) && !one.classList.contains('skip'));
  return shown.filter((one) => !one.hasAttribute('data-reached')).map((one) => one.outerHTML);
})()`;

/** Marks what has the focus; false where that cannot be seen. */
const focus = `(() => {
  const { activeElement: one } = document;
  one.setAttribute('data-reached', '');
  return one === document.body || getComputedStyle(one).outlineStyle !== 'none';
})()`;

describesInABrowser('the page of a lottery', ({ open }) => {
  it('has nothing in the way of those who cannot see it, and all of it can be reached with the keyboard', async () => {
    const { server, base } = await startWithPage({ words: byHand });
    const page = await open(base, { viewport: laptop, reducedMotion: 'reduce' });
    await page.locator('.welcome').waitFor();
    await expectAccessible(page);
    const [address] = await threePeople(server);
    await page.getByText('3 candidates, 400 tokens').waitFor();
    await expectAccessible(page);
    await drawsBlock(server, 1);
    await page.getByText('wins block 1').first().waitFor();
    await expectAccessible(page);
    server.type('pause');
    for (const [path, words] of [
      ['', 'Paused before block 2'],
      ['?present', 'Paused before block 2'],
      ['play', 'paused before block 2'],
      ['fairness', 'After 1 round'],
      ['chain', 'A chain of 2 blocks'],
      ['blocks/0', 'Block 0, the genesis'],
      ['blocks/1', 'Block 1'],
      [`validators/${address}`, 'Validator'],
      ['nowhere', 'That cannot be shown'],
    ] as const) {
      await page.goto(`${base}/${path}`);
      await page.locator('main').getByText(words).first().waitFor();
      await page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })");
      await expectAccessible(page);
      await page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = false; })");
      // What a page renews meanwhile is new, and has to be reached again.
      for (let round = 0; round < 3; round++) {
        const controls = (await page.evaluate<readonly string[]>(unreached)).length;
        if (controls === 0) break;
        // One more is the link that skips to the content.
        for (let step = 0; step <= controls; step++) {
          await page.keyboard.press('Tab');
          expect(await page.evaluate(focus)).toBe(true);
        }
      }
      expect([path, await page.evaluate(unreached)]).toEqual([path, []]);
    }
  });
});
