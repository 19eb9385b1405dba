import { expect, it } from 'vitest';
import { uiConstants } from '../../src/web/ui-constants.ts';
import { byHand, describesInABrowser, drawsBlock, hall, laptop, phone, threePeople } from './page-browser.ts';
import { startWithPage } from './page-server.ts';

const smallPhone = { width: 375, height: 812 };

/** A script for the page: the least contrast (WCAG 2.2, 1.4.3) of a name to its segment, over all colours. */
function leastContrast(state: string): string {
  return `(() => {
    const context = new OffscreenCanvas(1, 1).getContext('2d');
    const luminance = (colour) => {
      context.fillStyle = colour;
      context.fillRect(0, 0, 1, 1);
      const [red, green, blue] = [...context.getImageData(0, 0, 1, 1).data].map((byte) => {
        const part = byte / 255;
        return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
      });
      return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
    };
    const segment = document.querySelector('.segment');
    document.querySelector('.pool').dataset.state = '${state}';
    let least = 21;
    for (let step = 0; step < 240; step++) {
      segment.style.setProperty('--hue', step * 3);
      segment.style.setProperty('--lightness', step % 2 === 0 ? 0.52 : 0.37);
      const { color, backgroundColor } = getComputedStyle(segment);
      const [dark, bright] = [luminance(color), luminance(backgroundColor)].sort((one, other) => one - other);
      least = Math.min(least, (bright + 0.05) / (dark + 0.05));
    }
    return least;
  })()`;
}

describesInABrowser('the look of the page', ({ open, picture }) => {
  it('fits a projector or a laptop and phones, in light and dark, on every one of its pages, with whole tables', async () => {
    const { server, base } = await startWithPage({ words: byHand });
    const [address] = await threePeople(server);
    await drawsBlock(server, 1);
    const page = await open(base, { viewport: phone, colorScheme: 'dark' });
    const width = 'document.documentElement.scrollWidth';
    for (const [title, path, hasTable] of [
      ['live', '', false],
      ['play', 'play', false],
      ['fairness', 'fairness', true],
      ['chain', 'chain', true],
      ['genesis', 'blocks/0', false],
      ['block', 'blocks/1', false],
      ['validator', `validators/${address}`, true],
      ['nothing', 'blocks/99', false],
    ] as const) {
      if (title !== 'live') await page.goto(`${base}/${path}`);
      await page.locator('h1').waitFor();
      if (title === 'live') await page.getByText('block 1').first().waitFor();
      if (hasTable) await page.locator('tbody tr').first().waitFor();
      // The hall sees the live page; the others are read at a desk or on a phone.
      for (const viewport of [phone, ...(hasTable ? [smallPhone] : []), title === 'live' ? hall : laptop]) {
        await page.setViewportSize(viewport);
        if (viewport !== smallPhone) await page.emulateMedia({ colorScheme: viewport === phone ? 'dark' : 'light' });
        expect([path, viewport, await page.evaluate(width)]).toEqual([path, viewport, viewport.width]);
        await picture(page, `${viewport.width}-${title}`);
        const hidden = "document.querySelector('.wide').scrollWidth - document.querySelector('.wide').clientWidth";
        if (hasTable) expect([path, viewport, await page.evaluate(hidden)]).toEqual([path, viewport, 0]);
      }
      if (title === 'live') expect(await page.evaluate('document.documentElement.scrollHeight')).toBe(hall.height);
    }
    await page.getByText('There is no block 99: the last is 1.').waitFor();
  });

  it('shows on a phone the time alone of what happened today', async () => {
    const { server, base } = await startWithPage({ words: byHand });
    await threePeople(server);
    await drawsBlock(server, 1);
    const page = await open(`${base}/chain`, { viewport: smallPhone });
    const time = page.locator('tbody time').first();
    expect(await time.innerText()).toMatch(/^\d+:\d\d:\d\d/);
    expect(await time.getAttribute('title')).toContain(String(new Date().getFullYear()));
    await page.setViewportSize(laptop);
    expect(await time.innerText()).toContain(String(new Date().getFullYear()));
  });

  it('fits twelve people with long stakes into a projector and a laptop, and is large where there is room', async () => {
    const { server, base } = await startWithPage({ words: byHand });
    const people = Array.from({ length: 12 }, (_, place) => ({
      stake: 999_999_999_999 - place * 60_000_000_000,
      client: server.connect(),
    }));
    await Promise.all(people.map(({ client, stake }) => client.stakes(stake)));
    for (let index = 1; index <= 6; index++) {
      await Promise.all(people.map(({ client }) => client.says('72', `Candidate for block ${index}: `)));
      await drawsBlock(server, index);
    }
    const page = await open(base, { reducedMotion: 'reduce', hasOwnClock: true }, ({ clock }) => clock.install());
    for (const viewport of [hall, laptop]) {
      await page.setViewportSize(viewport);
      await page.getByText('No candidates yet').waitFor();
      await Promise.all(people.map(({ client }) => client.socket.write('72\n')));
      await page.getByText('12 candidates, 8.039·10¹² tokens').waitFor();
      expect(await page.locator('.winners li').count()).toBe(6);
      expect(await page.evaluate('document.documentElement.scrollHeight')).toBe(viewport.height);
      await picture(page, `${viewport.width}-twelve`);
      await drawsBlock(server, viewport === hall ? 7 : 8);
      await page.locator('[data-state=drawn] .marker').waitFor();
      expect(await page.evaluate('document.documentElement.scrollHeight')).toBe(viewport.height);
      if (viewport === hall) {
        for (const small of ['.join h2', '.last h2', '.scale', '.stakes li', '.winners li']) {
          const size = `parseFloat(getComputedStyle(document.querySelector('${small}')).fontSize)`;
          expect([small, Number(await page.evaluate(size)) >= 25]).toEqual([small, true]);
        }
      }
      await page.clock.fastForward(uiConstants.resultMs);
    }
  });

  it('has room for the ways to join on a tablet that is held upright', async () => {
    const { server, base } = await startWithPage({ words: [...byHand, '--host', '0.0.0.0'] });
    const viewport = { width: 820, height: 1180 };
    const page = await open(base, { viewport });
    await threePeople(server);
    await page.getByText('3 candidates, 400 tokens').waitFor();
    await page.locator('.commands code').first().waitFor();
    expect(await page.evaluate('document.documentElement.scrollHeight')).toBe(viewport.height);
    const [now, join] = [await page.locator('.now').boundingBox(), await page.locator('.join').boundingBox()];
    expect((now?.y ?? Number.NaN) + (now?.height ?? Number.NaN)).toBeLessThanOrEqual(join?.y ?? Number.NaN);
  });

  it('keeps every name on the strip readable, bright or dimmed, in light and dark', async () => {
    const { server, base } = await startWithPage({ words: byHand });
    await threePeople(server);
    const page = await open(base, { reducedMotion: 'reduce' });
    await page.locator('.segment').first().waitFor();
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme });
      for (const state of ['open', 'drawn']) {
        expect(Number(await page.evaluate(leastContrast(state)))).toBeGreaterThanOrEqual(4.5);
      }
    }
  });

  it('takes neither the focus nor the place on a line away from anybody when something new is shown', async () => {
    const { server, base } = await startWithPage({ words: byHand });
    const focused = 'document.activeElement.href ?? document.activeElement.textContent';
    const live = await open(base);
    const [small] = await threePeople(server);
    await live.getByText('3 candidates, 400 tokens').waitFor();
    const link = live.locator(`.stakes a[href="/validators/${small}"]`);
    await link.focus();
    // Larger than all others: every row moves down.
    const large = server.connect();
    await large.stakes(900);
    await large.says('72', 'Candidate for block');
    await live.getByText('4 candidates, 1\u202f300 tokens').waitFor();
    expect(await live.evaluate(focused)).toBe(`${base}/validators/${small}`);
    await drawsBlock(server, 1);
    await live.getByText('wins block 1').first().waitFor();
    expect(await live.evaluate(focused)).toBe(`${base}/validators/${small}`);

    const fairness = await open(`${base}/fairness`, { viewport: { width: 260, height: 800 } });
    await fairness.locator(`tbody a[href="/validators/${small}"]`).focus();
    await fairness.evaluate("document.querySelector('.wide').scrollLeft = 20");
    await large.says('72', 'Candidate for block 2');
    await drawsBlock(server, 2);
    await fairness.getByText('After 2 rounds').waitFor();
    expect(await fairness.evaluate(focused)).toBe(`${base}/validators/${small}`);
    expect(await fairness.evaluate("document.querySelector('.wide').scrollLeft")).toBe(20);
    expect(await fairness.getByRole('region').count()).toBe(1);

    const chain = await open(`${base}/chain`);
    await chain.getByRole('button', { name: 'Check the whole chain' }).focus();
    await chain.keyboard.press('Enter');
    await chain.getByText('✓ All 3 blocks hold.').waitFor();
    expect(await chain.evaluate(focused)).toBe('Check the whole chain');
  });

  it('keeps the colours that mean something where the system chooses all others', async () => {
    const { server, base } = await startWithPage({ words: byHand });
    await threePeople(server);
    const page = await open(base, { forcedColors: 'active', reducedMotion: 'reduce' });
    await page.getByText('3 candidates, 400 tokens').waitFor();
    const colours = (selector: string): Promise<unknown> =>
      page.evaluate(
        `new Set([...document.querySelectorAll('${selector}')].map((one) => getComputedStyle(one).backgroundColor)).size`,
      );
    expect(await colours('.segment')).toBe(3);
    expect(await colours('.stakes .swatch')).toBe(3);
    await drawsBlock(server, 1);
    await page.locator('[data-state=drawn] .marker').waitFor();
    const frame = "getComputedStyle(document.querySelector('.segment[data-winner=true]')).boxShadow";
    expect(await page.evaluate(frame)).not.toBe('none');
    await picture(page, 'hall-forced');
  });

  it('shows no text on a projector that is much smaller than the rest', async () => {
    const { server, base } = await startWithPage({ words: byHand });
    await threePeople(server);
    await drawsBlock(server, 1);
    const page = await open(`${base}/blocks/1`);
    await page.getByText('Try to cheat').click();
    for (const text of ['.steps dd', '.steps dt', '.fields input']) {
      const ratio = `parseFloat(getComputedStyle(document.querySelector('${text}')).fontSize) / parseFloat(getComputedStyle(document.body).fontSize)`;
      expect([text, Number(await page.evaluate(ratio)) >= 0.94]).toEqual([text, true]);
    }
    // A hash stays on one line, so that two of them can be compared.
    const hashes =
      "[...document.querySelectorAll('.steps dd')].filter((one) => /^[0-9a-f]{64}$/.test(one.textContent.trim()))";
    expect(Number(await page.evaluate(`${hashes}.length`))).toBeGreaterThan(10);
    const lines = `Math.max(...${hashes}.map((one) => one.getClientRects()[0].height))`;
    const line = '1.6 * parseFloat(getComputedStyle(document.body).fontSize)';
    expect(Number(await page.evaluate(lines))).toBeLessThan(Number(await page.evaluate(line)));
    await page.goto(`${base}/blocks/0`);
    await page.getByText('Try to cheat').click();
    expect(await page.getByLabel('Genesis.Consensus.Salt').isVisible()).toBe(true);
    expect(await page.getByText('More fields').isVisible()).toBe(false);
  });

  it('draws its chart again when the window turns dark, or so large that its words must grow', async () => {
    const { server, base } = await startWithPage({ words: byHand });
    const client = server.connect();
    const address = await client.stakes(10);
    for (const index of [1, 2]) {
      await client.says('72', `Candidate for block ${index}`);
      await drawsBlock(server, index);
    }
    const page = await open(`${base}/validators/${address}`, { viewport: laptop });
    await page.locator('canvas').waitFor();
    const drawn = "document.querySelector('canvas').toDataURL()";
    const light = await page.evaluate(drawn);
    await page.emulateMedia({ colorScheme: 'dark' });
    await expect.poll(() => page.evaluate(drawn)).not.toBe(light);
    expect(await page.locator('canvas').count()).toBe(1);
    await picture(page, 'laptop-validator-dark');
    // Its words grow with the window, and so does their place beside the axis, in as many lines of the page's text.
    const room =
      "parseFloat(document.querySelector('.u-over').style.left) / parseFloat(getComputedStyle(document.body).fontSize)";
    const lines = Number(await page.evaluate(room));
    await page.setViewportSize(hall);
    await expect.poll(async () => Math.abs(Number(await page.evaluate(room)) - lines)).toBeLessThan(0.2);
    await page.emulateMedia({ colorScheme: 'light' });
    await expect.poll(() => page.locator('canvas').count()).toBe(1);
  });
});
