import { rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Route } from 'playwright-core';
import { expect, it } from 'vitest';
import { limits as apiLimits } from '../../src/http/api/limits.ts';
import { limits as webLimits } from '../../src/web/limits.ts';
import { temporaryDirectory } from '../temporary.ts';
import { BreakableLine } from './breakable-line.ts';
import { byHand, describesInABrowser, drawsBlock, threePeople } from './page-browser.ts';
import { startProcessWithPage, startWithPage } from './page-server.ts';

describesInABrowser('the page that is cut off', ({ open, picture }) => {
  it('lists the draws that it missed while its connection was broken, and shows the round that is open now', async () => {
    const { server, pagePort } = await startWithPage({ words: byHand });
    const line = await BreakableLine.open(pagePort);
    const page = await open(line.base);
    await threePeople(server);
    await page.getByText('3 candidates, 400 tokens').waitFor();
    line.cut();
    await page.locator('.headline').getByText('The server does not answer').waitFor();
    await drawsBlock(server, 1);
    line.mend();
    await page.locator('.winners li').waitFor();
    expect(await page.locator('.headline').textContent()).toBe('No candidates yet');
    await page.getByText('until the draw of block 2').waitFor();
  });

  it('says that a draw is late, and that a server which is silent does not answer', async () => {
    const intervalMs = 1000;
    const { server, base } = await startProcessWithPage({ words: ['--lottery-interval-ms', String(intervalMs)] });
    const page = await open(base, { hasOwnClock: true }, ({ clock }) => clock.install());
    await page.getByText('until the draw of block 1').waitFor();
    server.child.kill('SIGSTOP');
    // Between overdue and silent, where the page's time stands still: it does not matter how long this test takes to look.
    const nowMs = Number(await page.evaluate('Date.now()'));
    await page.clock.pauseAt(nowMs + (intervalMs + apiLimits.drawOverdueMs + webLimits.silenceMs) / 2);
    await page.getByText('the draw of block 1 is late').waitFor();
    expect(await page.getByRole('timer').textContent()).toBe('0');
    await page.clock.fastForward(webLimits.silenceMs);
    await page.locator('.headline').getByText('The server does not answer').waitFor();
    server.child.kill('SIGCONT');
    await page.clock.resume();
    await page.getByText('until the draw of block 1').waitFor();
  });

  it('says that there is no room for one more page, shows what it can, and takes the first place that is free', async () => {
    const { server, base } = await startWithPage({ words: byHand });
    await threePeople(server);
    const refuse = (route: Route): Promise<void> => route.fulfill({ status: 503, json: { error: 'too many' } });
    const page = await open(base, { hasOwnClock: true }, async (tab) => {
      await tab.clock.install();
      await tab.route('**/api/events', refuse);
    });
    await page.getByText('pages watch, which is all there is room for').waitFor();
    await page.getByText('3 candidates, 400 tokens').waitFor();
    await page.getByText('until the draw of block 1').waitFor();
    expect(Number(await page.getByRole('timer').textContent())).toBeGreaterThan(500);
    expect(await page.locator('.segment').count()).toBe(1);
    await page.unroute('**/api/events', refuse);
    await page.clock.fastForward(10_000);
    await page.getByText('3 people connected, 3 with a stake').waitFor();
    expect(await page.locator('.segment').count()).toBe(3);
  });

  it('says what is known of the last draw when the chain is gone from the disk', async () => {
    const { server, base } = await startProcessWithPage({ words: ['--lottery-interval-ms', '1000'] });
    const page = await open(base);
    await page.getByText('until the draw of block 1').waitFor();
    rmSync(join(server.dataDir, 'chain'), { recursive: true });
    await page.locator('.headline').getByText('The server was stopped').waitFor();
    await page.getByText('It is not known whether that draw was kept; the chain will show it.').waitFor();
    expect(await server.ended).toBe(4);
  });

  it('says in large type that the server is gone, shows nothing that is stale, and goes on by itself when it is back', async () => {
    const dataDir = temporaryDirectory();
    const { server, base, pagePort } = await startWithPage({ dataDir, words: byHand });
    const page = await open(base);
    await threePeople(server);
    await page.getByText('3 candidates, 400 tokens').waitFor();
    expect(await page.locator('.commands').getByText(`nc localhost ${server.port}`).isVisible()).toBe(true);
    await drawsBlock(server, 1);
    await page.locator('[data-state=drawn] .marker').waitFor();
    await server.stop();
    await page.locator('.headline').getByText('The server was stopped').waitFor();
    expect(await page.getByRole('status').textContent()).toBe('The server was stopped.');
    await page.getByText('This page goes on when it is started again.').waitFor();
    // A countdown that stands still would be stale, too.
    expect(await page.locator('.timer').isVisible()).toBe(false);
    expect(await page.locator('.live').innerText()).not.toMatch(/candidate|token|connected|until|wins/);
    for (const stale of ['.segment', '.marker', '.stakes li', '.join']) {
      expect([stale, await page.locator(stale).first().isVisible()]).toEqual([stale, false]);
    }
    expect(await page.evaluate("document.querySelector('.fuse').style.getPropertyValue('--left')")).toBe('0');
    await picture(page, 'hall-outage');
    await startWithPage({ dataDir, words: [...byHand, '--dashboard-port', String(pagePort)] });
    await page.getByText('until the draw of block 2').waitFor();
    expect(await page.locator('.join').isVisible()).toBe(true);
    await page.locator('.headline').getByText('No candidates yet').waitFor();
    expect(await page.locator('.welcome').isVisible()).toBe(true);
  });
});
