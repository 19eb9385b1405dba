import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';
import { isGenesis } from '../../src/core/block.ts';
import type { ShownPeers } from '../../src/http/peers-report.ts';
import { PeerTable } from '../../src/node/sync/peer-table.ts';
import { buildInstantChain, buildWorkChain } from '../core/build-kinds.ts';
import { differences } from '../http/json-schema.ts';
import { LotteryPage } from '../http/open-lottery-page.ts';
import { expectAccessible } from './accessible.ts';
import { ChainPageServer } from './chain-page.ts';
import { describesInABrowser, laptop, phone } from './page-browser.ts';

const width = 'document.documentElement.scrollWidth';

/** Nothing sticks out at the side, on a phone and on a laptop. */
async function fits(page: Page, pictured: (name: string) => Promise<void>): Promise<void> {
  for (const viewport of [laptop, phone]) {
    await page.setViewportSize(viewport);
    const chart = page.locator('.chart:not([hidden])');
    if ((await chart.count()) > 0) {
      const sizes =
        "(() => { const chart = document.querySelector('.chart'); return chart.clientWidth - chart.querySelector('.uplot').clientWidth; })()";
      await expect.poll(() => page.evaluate(sizes)).toBe(0);
    }
    await pictured(String(viewport.width));
    expect([page.url(), await page.evaluate(width)]).toEqual([page.url(), viewport.width]);
  }
  await expectAccessible(page);
}

describesInABrowser('the page of chains without draws', ({ open, picture }) => {
  it('shows the search for a block of work as it goes, the difficulty over time, and what it takes to cheat', async () => {
    // Twenty blocks at half the interval: the difficulty rises.
    const chain = buildWorkChain(Array(20).fill(500), 64n, 1000);
    const server = await ChainPageServer.start(chain.slice(0, 20));
    const page = await open(server.base, { viewport: phone });
    const pictured =
      (name: string) =>
      (size: string): Promise<void> =>
        picture(page, `work-${name}-${size}`);
    await page.getByText('No block is searched for').waitFor();
    await page.getByText('block 19', { exact: true }).waitFor();
    await page.locator('.chart canvas').waitFor();
    expect(await page.getByRole('link', { name: 'Fairness' }).isVisible()).toBe(false);

    const next = chain[20];
    if (next === undefined || isGenesis(next)) throw new Error('no block');
    server.search = { index: 20, difficulty: 1_048_576n, tried: 727_000, elapsedMs: 7270 };
    server.tell({ kind: 'searching', index: 20, difficulty: 1_048_576n, validator: next.Validator, payload: next.BPM });
    await page.getByText('Searching for block 20').waitFor();
    expect(await page.locator('.figure').innerText()).toBe('50 %');
    expect(await page.locator('.facts').innerText()).toContain('20.0 bits, 100 kH/s, 10 s on average');
    await fits(page, pictured('live'));

    const document: unknown = await (await fetch(`${server.base}/api/openapi.json`)).json();
    const said: unknown = await (await fetch(`${server.base}/api/status`)).json();
    expect(differences(said, { $ref: '#/components/schemas/Status' }, document)).toEqual([]);
    server.search = undefined;
    await server.add(next);
    await page.getByText('block 20', { exact: true }).waitFor();
    await page.getByText(', 1 confirms it').waitFor();
    await page.getByText('Nothing is called final').waitFor();
    server.tell({ kind: 'reorganised', fork: 19, removed: [{ block: next, transactions: [] }], added: 2 });
    await page.getByText('A heavier branch of 2 blocks took the place of block 20').waitFor();
    await page.locator('.branches del').getByText(`block 20, BPM ${next.BPM}`).waitFor();
    await page.getByText('block 20', { exact: true }).waitFor({ state: 'detached' });
    await fits(page, pictured('branch'));
    server.commit(next);
    await page.getByText('block 20', { exact: true }).waitFor();

    await page.goto(`${server.base}/chain`);
    await page.getByRole('button', { name: 'Check the whole chain' }).click();
    await page.getByText('✓ All 21 blocks hold.').waitFor();
    await fits(page, pictured('chain'));

    await page.goto(`${server.base}/blocks/19`);
    await page.getByRole('button', { name: 'Check this block' }).click();
    await page.getByText('✓ Every rule holds.').waitFor();
    await page.getByText('difficulties of the last 16 blocks, added up').waitFor();
    await fits(page, pictured('block'));
    await page.getByText('Try to cheat').click();
    await page.getByLabel('BPM', { exact: true }).fill('77');
    await page.getByText('breaks the rule “hash”').waitFor();
    // So hard that no nonce is found by accident.
    await page.getByLabel('Work.Difficulty', { exact: true }).fill('1099511627776');
    await page.getByRole('button', { name: 'Seal it again' }).click();
    await page.getByText('breaks the rule “work”').waitFor();
    await page.getByRole('button', { name: /^Try 20.000 nonces$/ }).click();
    await page.getByText('and about 40.0 bits are needed').waitFor();
    await page.getByText('Their difficulties add up to').waitFor();
    await fits(page, pictured('cheat'));

    await page.getByRole('button', { name: 'As it was' }).click();
    await page.getByLabel('BPM', { exact: true }).fill('77');
    await page.getByRole('button', { name: /^Try 20.000 nonces$/ }).click();
    await page.getByText('This block has its work again.').waitFor();
    await page.getByText('✓ Every rule holds.').waitFor();

    await page.goto(`${server.base}/validators/${next.Validator}`);
    await page.getByText('It wrote 1 of the newest 20 blocks.').waitFor();
    await fits(page, pictured('validator'));
    await page.goto(`${server.base}/fairness`);
    await page.getByText('there is no luck to judge').waitFor();
    expect(server.faults).toEqual([]);
  });

  it('shows the stream of an instant chain, and explains its blocks', async () => {
    const chain = buildInstantChain(Array.from({ length: 40 }, (_, place) => 60 + place));
    const server = await ChainPageServer.start(chain.slice(0, 10));
    const page = await open(server.base, { viewport: phone });
    const pictured =
      (name: string) =>
      (size: string): Promise<void> =>
        picture(page, `instant-${name}-${size}`);
    await page.getByText('A chain of 10 blocks').waitFor();
    for (const block of chain.slice(10)) await server.add(block);
    await page.getByText('A chain of 41 blocks').waitFor();
    await page.getByText('block 40', { exact: true }).waitFor();
    expect(await page.locator('.figure').innerText()).toBe('31');
    await fits(page, pictured('live'));

    await page.goto(`${server.base}/chain`);
    await page.getByText('Written by').waitFor();
    await fits(page, pictured('chain'));
    await page.goto(`${server.base}/blocks/12`);
    await page.getByText('It became a block as soon as it was accepted').waitFor();
    await page.getByRole('button', { name: 'Check this block' }).click();
    await page.getByText('✓ Every rule holds.').waitFor();
    await page.getByText('Try to cheat').click();
    await page.getByLabel('BPM', { exact: true }).fill('1');
    await page.getByRole('button', { name: 'Seal it again' }).click();
    await page.getByText('breaks the rule “signature”').waitFor();
    await fits(page, pictured('block'));
    await page.goto(`${server.base}/blocks/0`);
    await page.getByText('This block names the key').waitFor();
    expect(server.faults).toEqual([]);
  });

  it('shows who the other nodes of a server are, how far it is, and that its draws are made elsewhere', async () => {
    const progress: { current: ShownPeers['progress'] } = { current: { height: 3, target: 7, remainingMs: 9000 } };
    const table = new PeerTable({ monotonicMs: () => 0 });
    const far = { peer: 'far<b>', host: '192.0.2.1', isInbound: true };
    table.admit(far, true);
    const chain = { ChainId: 'ab'.repeat(32), Height: 7, Tip: 'cd'.repeat(32), Weight: '7' };
    table.greeted(far.peer, { Version: 2, Chain: chain, Roles: ['authority', 'full'], Proof: '' }, 12.4);
    const { base } = await LotteryPage.open({
      peers: () => ({
        peers: table.peers(),
        cutCounts: table.cutCounts,
        lastCuts: table.lastCuts,
        progress: progress.current,
      }),
      writeBounds: { refusal: () => 'this server follows the chain of another' },
    });
    const page = await open(base, { viewport: phone });
    await page.getByText('Drawn elsewhere').waitFor();
    await page.getByText('block 3 of 7, about 9 s left').waitFor();
    await page.getByText('1 other node connected').click();
    await page.getByText('authority, full').waitFor();
    await page.getByText('12 ms').waitFor();
    expect(await page.locator('.timer').innerText()).toBe('–');
    await fits(page, (size) => picture(page, `network-${size}`));
    progress.current = undefined;
    table.cut(far, 'bad-block');
    await page.getByText('is out of reach. This server shows what it has').waitFor();
    await page.getByText('No other node is connected').waitFor();
    await page.getByText('bad-block').waitFor();
  });

  it('loads nothing of other kinds for the live page of a lottery', async () => {
    const { startWithPage } = await import('./page-server.ts');
    const { base } = await startWithPage();
    const loaded: string[] = [];
    const page = await open(base, {}, async (opened) => opened.on('request', (request) => loaded.push(request.url())));
    await page.getByText('No candidates yet').waitFor();
    expect(loaded.filter((url) => /work|instant|block-live|nonce|difficulty|network-panel/.test(url))).toEqual([]);
  });
});
