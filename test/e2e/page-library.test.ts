import { readFileSync } from 'node:fs';
import { expect, it, onTestFinished } from 'vitest';
import { start } from '../../src/library/node/index.ts';
import { readExample } from '../core/example.ts';
import { listenOverHttp } from '../http-listener.ts';
import { describesInABrowser, phone } from './page-browser.ts';
import { shortSeries } from './short-series.ts';

const root = new URL('../../', import.meta.url);

/** What a page needs to import the package and those that it needs in a browser. */
const importMap = {
  imports: {
    sortition: '/dist/library/index.js',
    '#sha256': '/dist/core/portable-sha256.js',
    '@noble/curves/': '/node_modules/@noble/curves/',
    '@noble/hashes/': '/node_modules/@noble/hashes/',
    '@scure/base': '/node_modules/@scure/base/index.js',
  },
};

/** A page of somebody else, with the package beside it. */
async function strangersPage(): Promise<string> {
  const address = await listenOverHttp(({ url = '/' }, response) => {
    const isPage = url === '/';
    response.setHeader('content-type', isPage ? 'text/html' : 'text/javascript');
    if (isPage)
      response.end(`<link rel="icon" href="data:,"><script type="importmap">${JSON.stringify(importMap)}</script>`);
    else response.end(readFileSync(new URL(`.${url}`, root)));
  });
  return `${address}/`;
}

/** What a page of a stranger does with the package. Text, because a function would be translated for Node. */
const strangersProgram = (chain: readonly unknown[]): string => `(async () => {
  const { verifyChain, draw, addressOf, parseAddress } = await import('sortition');
  const blocks = ${JSON.stringify(chain)};
  const key = 'ab'.repeat(32);
  const { fault } = await verifyChain(blocks);
  const changed = await verifyChain([...blocks.slice(0, -1), { ...blocks.at(-1), BPM: 1 }]);
  return {
    fault: fault ?? null,
    rule: changed.fault?.rule,
    winner: draw('monday', [{ name: 'Ada', stake: 1n }]).winner.name,
    key: parseAddress(addressOf(key)).value,
  };
})()`;

/** What a page of the server could do. */
const playersProgram = `(async () => {
  const { connect } = await import('/assets/library/client.js');
  const client = connect(location.href);
  const seat = await client.join(100);
  await seat.propose(72);
  for await (const block of client.follow(1)) {
    const { result } = await seat.state();
    const { fault } = await client.verify();
    return { isMine: block.Validator === seat.validator, isWinner: result?.isWinner, fault: fault ?? null };
  }
})()`;

describesInABrowser('the library', ({ open }) => {
  it('checks chains, draws and reads addresses on any page', async () => {
    const page = await open(await strangersPage());
    expect(await page.evaluate(strangersProgram(readExample().chain))).toEqual({
      fault: null,
      rule: 'hash',
      winner: 'Ada',
      key: 'ab'.repeat(32),
    });
  });

  it('takes part from a page of the server', async () => {
    const node = await start({ lotteryIntervalMs: 300, linksPerChain: shortSeries });
    onTestFinished(() => node.stop());
    const page = await open(node.url);
    expect(await page.evaluate(playersProgram)).toEqual({ isMine: true, isWinner: true, fault: null });
  });

  it('stands beside a page that says which seed a sandbox comes from, also on a phone', async () => {
    const node = await start({ seed: 'lesson-1', linksPerChain: shortSeries });
    onTestFinished(() => node.stop());
    const page = await open(node.url, { viewport: phone });
    await page.getByText('sandbox of the seed lesson-1, tokens without value').waitFor();
    const links = await page.locator('header nav a:visible').all();
    const tops = await Promise.all(links.map(async (link) => (await link.boundingBox())?.y));
    expect(links.length).toBeGreaterThan(2);
    expect(new Set(tops).size).toBe(1);
  });
});
