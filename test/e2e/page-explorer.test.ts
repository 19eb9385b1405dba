import type { Page, Route } from 'playwright-core';
import { expect, it } from 'vitest';
import { limits } from '../../src/http/api/limits.ts';
import { limits as httpLimits } from '../../src/http/limits.ts';
import { replaceField } from '../../src/web/tampering.ts';
import { byHand, describesInABrowser, drawsBlock, laptop, phone, playsAlone, threePeople } from './page-browser.ts';
import { startWithPage } from './page-server.ts';

describesInABrowser('the explorer', ({ open, picture }) => {
  it('says that there is nothing at an address, and leads back', async () => {
    const { base } = await startWithPage({ words: byHand });
    const page = await open(`${base}/nope`);
    await page.getByText('There is nothing at this address.').waitFor();
    await page.getByRole('link', { name: 'Back to the live page' }).click();
    await page.getByText('No candidates yet').waitFor();
    for (const [path, words] of [
      ['blocks/1/', 'There is nothing at this address.'],
      ['blocks', 'The address of a block ends in its number'],
      ['validators/me', 'ends in the first 8 hex digits'],
      ['validators/00000000', 'No validator is known whose address begins with 00000000.'],
    ]) {
      await page.goto(`${base}/${path}`);
      await page.getByText(words ?? '').waitFor();
      expect(await page.getByRole('link', { name: 'Back to the live page' }).getAttribute('href')).toBe('/');
    }
  });

  it('shows the one validator whose address begins as the address of the page ends', async () => {
    const { server, base } = await startWithPage({ words: byHand });
    const [address = ''] = await threePeople(server);
    const page = await open(`${base}/validators/${address.slice(0, 8).toUpperCase()}`);
    await page.getByText(address).waitFor();
    await page.getByText('Connected now.').waitFor();
    expect(await page.title()).toBe(`${address.slice(0, 8)} · sortition`);
  });

  it('says when a table leaves older rounds out', async () => {
    const { base } = await startWithPage({ words: byHand });
    const validator = 'a'.repeat(64);
    const answers =
      (count: number) =>
      (page: Page): Promise<unknown> =>
        page.route(`**/api/validators/${validator}`, (route) => {
          const parts = Array.from({ length: count }, (_, place) => {
            return { index: place + 1, stake: '1', totalStake: '2', isWinner: false };
          });
          return route.fulfill({ json: { validator, isConnected: true, firstBlock: 1, parts } });
        });
    for (const [count, listed] of [
      [100, 0],
      [101, 1],
    ] as const) {
      const page = await open(`${base}/validators/${validator}`, {}, answers(count));
      await page.getByText(`It took part in ${count} rounds`).waitFor();
      expect(await page.locator('tbody tr').count()).toBe(100);
      expect(await page.getByText('The newest 100 of these 101 rounds:').count()).toBe(listed);
    }
  });

  it('goes on when an answer is lost, and says how everybody fares after the next draw', async () => {
    const { server, base } = await startWithPage({ words: byHand });
    const draws = await playsAlone(server);
    await draws(1);
    const page = await open(`${base}/fairness`);
    await page.getByText('After 1 round ').waitFor();
    const lose = (route: Route): Promise<void> => route.abort();
    await page.route('**/api/validators?*', lose);
    const lost = page.waitForEvent('requestfailed');
    await draws(2);
    await lost;
    // Two where the fetch of the first snapshot, sent before answers were lost, was answered only after the draw.
    await page.getByText(/After (1 round|2 rounds) /).waitFor();
    await page.unroute('**/api/validators?*', lose);
    await draws(3);
    await page.getByText('After 3 rounds ').waitFor();
  });

  it('says how everybody fares where there is no room for one more page that watches, too', async () => {
    const { server, base } = await startWithPage({ words: byHand });
    const page = await open(`${base}/fairness`, {}, (tab) =>
      tab.route('**/api/events', (route) => route.fulfill({ status: 503, json: { error: 'too many' } })),
    );
    await page.getByText('Nothing has been drawn yet.').waitFor();
    const client = server.connect();
    await client.stakes(10);
    await client.says('72', 'Candidate for block 1');
    await drawsBlock(server, 1);
    await page.getByText('After 1 round ').waitFor();
  });

  it('checks a draw in the browser, and finds what somebody has changed in it', async () => {
    const { server, base } = await startWithPage({ words: byHand });
    const addresses = await threePeople(server);
    await drawsBlock(server, 1);
    const [, winner = ''] = await server.prints(/; ([0-9a-f]{8})… wins block 1/);
    const loser = addresses.find((address) => !address.startsWith(winner));

    const page = await open(`${base}/blocks/1`);
    const verdict = page.locator('.tamper').getByRole('status');
    await page.getByRole('button', { name: 'Check this draw' }).click();
    await page.getByText('Every rule holds').waitFor();
    expect(await page.locator('.steps [data-state=holds]').count()).toBe(12);
    await picture(page, 'hall-checked');

    await page.getByText('Try to cheat').click();
    await page.getByLabel('BPM').fill('73');
    expect(await verdict.textContent()).toMatch(/^✗ Block 1 breaks the rule “hash”/);
    expect(await page.locator('.steps [data-state=broken] .rule').textContent()).toBe('hash');
    await page.getByRole('button', { name: 'Seal it again' }).click();
    // The hash is right again, and nobody here can sign it.
    expect(await verdict.textContent()).toMatch(/^✗ Block 1 breaks the rule “signature”/);
    await page.getByRole('button', { name: 'As it was' }).click();
    expect(await verdict.textContent()).toMatch(/^✓ Every rule holds/);
    // The newest block, too, is itself again when somebody types back what was there.
    await page.getByLabel('BPM').fill('725');
    expect(await verdict.textContent()).toMatch(/^✗ Block 1 breaks the rule “hash”/);
    await page.getByLabel('BPM').fill('72');
    expect(await verdict.textContent()).toMatch(/^✓ Every rule holds/);
    await page.getByLabel('Validator').fill('<img src=x onerror=alert(1)>');
    expect(await verdict.textContent()).toMatch(/^✗ Block 1 breaks the rule “form”/);
    await page.getByRole('button', { name: 'Seal it again' }).click();
    expect(await verdict.textContent()).toMatch(/^✗ There is no block to seal .* breaks the rule “form”/);

    // A server that lies: the block names another winner.
    await page.route('**/api/blocks/1', async (route) => {
      const response = await route.fetch();
      const block: unknown = await response.json();
      await route.fulfill({ response, json: replaceField(block, ['Validator'], loser) });
    });
    await page.reload();
    await page.getByRole('button', { name: 'Check this draw' }).click();
    await page.getByText('✗ Block 1 breaks the rule “hash”').waitFor();
  });

  it('passes the link to a draw on, which checks that draw for whoever follows it, also where there is no clipboard', async () => {
    const { server, base } = await startWithPage({ words: byHand });
    const draws = await playsAlone(server);
    for (let index = 1; index <= httpLimits.newestBlocksMax + 2; index++) await draws(index);
    const page = await open(base, {}, (tab) =>
      tab.addInitScript(
        `for (const name of ['share', 'clipboard']) Object.defineProperty(navigator, name, { value: undefined });`,
      ),
    );
    // The strip of the last rounds has the newest at first, and the others for whoever asks.
    const history = page.locator('.history a');
    await history.first().waitFor();
    expect(await history.count()).toBe(httpLimits.newestBlocksMax);
    await page.getByRole('button', { name: 'older' }).click();
    await page.getByLabel('block 1: ', { exact: false }).waitFor();
    expect(await history.count()).toBe(httpLimits.newestBlocksMax + 2);
    expect(await page.getByRole('button', { name: 'older' }).isVisible()).toBe(false);
    await history.last().click();
    await page.getByRole('button', { name: 'Share' }).click();
    await page.getByText('Copy this link.').waitFor();
    const address = await page.getByLabel('The link to copy').inputValue();
    expect(address).toBe(`${base}/blocks/1?check`);
    await page.goto(address);
    await page.getByText('✓ Every rule holds.').waitFor();
  });

  it('keeps the verdict in sight of whoever types, however small the window is', async () => {
    const { server, base } = await startWithPage({ words: byHand });
    await threePeople(server);
    await drawsBlock(server, 1);
    const page = await open(`${base}/blocks/1`);
    await page.getByText('Try to cheat').click();
    const shown = page.locator('.fields span:visible');
    for (const viewport of [laptop, phone]) {
      await page.setViewportSize(viewport);
      expect(await shown.allTextContents()).toEqual(['BPM', 'Draw.Stake', 'Validator', 'Draw.Ticket']);
      for (const [field, rule] of [
        ['BPM', 'hash'],
        ['Draw.Stake', 'form'],
        ['Draw.Path[0].Stake', 'form'],
      ] as const) {
        if (field === 'Draw.Path[0].Stake') await page.getByText('More fields').click();
        await page.getByLabel(field, { exact: true }).fill('0');
        const verdict = page.getByText(`✗ Block 1 breaks the rule “${rule}”`);
        await verdict.waitFor();
        await page.getByLabel(field, { exact: true }).press('End');
        const seen = await verdict.boundingBox();
        expect(seen?.y).toBeGreaterThanOrEqual(0);
        expect((seen?.y ?? 0) + (seen?.height ?? 0)).toBeLessThanOrEqual(viewport.height);
      }
      await picture(page, `${viewport.width}-cheating`);
      await page.getByRole('button', { name: 'As it was' }).click();
      expect(await shown.count()).toBeGreaterThan(12);
      await page.getByText('More fields').click();
    }
  });

  it('checks the whole chain in the browser, up to the first fault', async () => {
    const { server, base } = await startWithPage();
    const [ada, ben] = [server.connect(), server.connect()];
    await Promise.all([ada.stakes(10), ben.stakes(20)]);
    for (let index = 1; index <= 3; index++) {
      ada.socket.write('72\n');
      await server.prints(new RegExp(`wins block ${index}\n`));
    }
    const page = await open(`${base}/chain`);
    await page.getByRole('button', { name: 'Check the whole chain' }).click();
    await page.getByText('✓ All 4 blocks hold.').waitFor();
    const states = (): Promise<unknown> =>
      page.evaluate("[...document.querySelectorAll('.cards li')].slice(0, 4).map(({ dataset }) => dataset.state)");
    expect(await states()).toEqual(Array(4).fill('holds'));
    // What a visitor changes breaks that block, and all that rest on it.
    await page.getByLabel('Try to cheat: the BPM of block').fill('2');
    await page.getByRole('button', { name: 'Change it here, and check' }).click();
    await page.getByText('✗ Block 2 breaks the rule “hash”').waitFor();
    expect(await states()).toEqual(['holds', 'holds', 'broken', 'broken']);
    await page.getByRole('button', { name: 'Check the whole chain' }).click();
    await page.getByText('✓ All 4 blocks hold.').waitFor();
    await page.route('**/api/blocks?*', async (route) => {
      const response = await route.fetch();
      const blocks: unknown = await response.json();
      await route.fulfill({ response, json: replaceField(blocks, [2, 'Draw', 'Ticket'], '999') });
    });
    await page.getByRole('button', { name: 'Check the whole chain' }).click();
    await page.getByText('✗ Block 2 breaks the rule “hash”').waitFor();
    await page.getByText('The 2 blocks before it hold.').waitFor();
  });

  it('lists a block as soon as it is drawn, without disturbing the focus or a check that runs', async () => {
    const { server, base } = await startWithPage({ words: byHand });
    const draws = await playsAlone(server);
    await draws(1);
    const page = await open(`${base}/chain`);
    await page.getByText('A chain of 2 blocks').waitFor();
    const old = await open(`${base}/chain?last=0`);
    await old.getByText('the genesis').waitFor();
    await page.locator('tbody a[href="/blocks/1"]').focus();
    await draws(2);
    await page.locator('tbody a[href="/blocks/2"]').waitFor();
    await page.getByText('A chain of 3 blocks').waitFor();
    expect(await page.evaluate('document.activeElement.textContent')).toBe('1');
    // The page ends where it was asked to end, and knows of the others.
    await old.getByText('A chain of 3 blocks').waitFor();
    expect(await old.locator('tbody tr').count()).toBe(1);
    expect(await old.getByRole('link', { name: 'newer blocks' }).isVisible()).toBe(true);
    expect(await page.getByRole('link', { name: 'older blocks' }).isVisible()).toBe(false);

    let release = (): void => undefined;
    const released = new Promise<void>((resolve) => {
      release = resolve;
    });
    await page.route(`**/api/blocks?*limit=${limits.blocksPerAnswerMax}`, async (route) => {
      const response = await route.fetch();
      await released;
      await route.fulfill({ response });
    });
    const asked = page.waitForRequest(/limit=500/);
    await page.getByRole('button', { name: 'Check the whole chain' }).click();
    await asked;
    await draws(3);
    await page.getByText('A chain of 4 blocks').waitFor();
    expect(await page.getByRole('progressbar').isVisible()).toBe(true);
    release();
    await page.getByText(/✓ All [34] blocks hold\./).waitFor();
    await draws(4);
    await page.getByText('A chain of 5 blocks').waitFor();
    await page.getByText(/✓ All [34] blocks hold\./).waitFor();
  });
});
