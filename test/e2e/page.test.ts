import { existsSync } from 'node:fs';
import { type Browser, type BrowserContextOptions, chromium, type Page, type Route } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { limits } from '../../src/core/limits.ts';
import { replaced } from '../../src/dashboard/page/tampering.ts';
import { temporaryDirectory } from '../temporary.ts';
import { BreakableLine } from './breakable-line.ts';
import { startWithPage } from './page-server.ts';
import type { ServerProcess } from './server-process.ts';

const executablePath = process.env['CHROMIUM'] ?? '/usr/bin/chromium';
const hall = { width: 1920, height: 1080 };
const laptop = { width: 1280, height: 800 };
const phone = { width: 390, height: 844 };

/** Rounds end when the operator says so. */
const byHand = ['--lottery-interval-ms', '600000'];

/** Three people with 400 tokens in the open round. */
async function threePeople(server: ServerProcess): Promise<readonly string[]> {
  const people = [100, 250, 50].map((stake) => ({ stake, client: server.connect() }));
  const addresses = await Promise.all(people.map(({ client, stake }) => client.stakes(stake)));
  await Promise.all(people.map(({ client }) => client.says('72', 'Candidate for block')));
  return addresses;
}

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

async function drawsBlock(server: ServerProcess, index: number): Promise<void> {
  server.type('draw');
  await server.prints(new RegExp(`wins block ${index}\n`));
}

describe.skipIf(!existsSync(executablePath))(
  `the page in a browser (skipped where ${executablePath} is not there)`,
  () => {
    let browser: Browser;

    beforeAll(async () => {
      browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] });
    });

    afterAll(async () => {
      await browser.close();
    });

    /** A page on which nothing may go wrong unseen, and from which nothing may go to another machine. */
    async function open(address: string, options: BrowserContextOptions = {}): Promise<Page> {
      const context = await browser.newContext({ viewport: hall, ...options });
      onTestFinished(() => context.close());
      // Sooner than the test ends, so that a failure says what was waited for.
      context.setDefaultTimeout(20_000);
      const page = await context.newPage();
      const faults: string[] = [];
      page.on('pageerror', (error) => faults.push(error.message));
      page.on('console', (message) => {
        // What could not be loaded is a matter of each test.
        if (message.type() === 'error' && !message.text().startsWith('Failed to load')) faults.push(message.text());
      });
      page.on('request', (request) => {
        if (new URL(request.url()).host !== new URL(address).host) faults.push(`asked for ${request.url()}`);
      });
      onTestFinished(() => expect(faults).toEqual([]));
      await page.goto(address);
      return page;
    }

    /** For whoever wants to see what was tested; not kept in the repository. */
    async function picture(page: Page, name: string): Promise<void> {
      await page.screenshot({ path: new URL(`../../artefacts/${name}.png`, import.meta.url).pathname });
    }

    it('shows a whole round to the room: the countdown, the pool as it fills, the ticket and the winner', async () => {
      const { server, base } = await startWithPage({ words: byHand });
      const page = await open(base);
      await page.getByText('No candidates yet').waitFor();
      expect(Number(await page.getByRole('timer').textContent())).toBeGreaterThan(590);
      const addresses = await threePeople(server);
      await page.getByText('3 candidates, 400 tokens').waitFor();
      await page.getByText('3 people connected, 3 with a stake').waitFor();
      expect(await page.locator('.segment').count()).toBe(3);
      await picture(page, 'hall-open');

      await drawsBlock(server, 1);
      await page.getByText('wins block 1').first().waitFor();
      const [, ticket = '', winner = ''] = await server.prints(/ticket (\d+) of 400 among 3 candidates; ([0-9a-f]{8})/);
      await page.getByText(`Ticket ${ticket} of 400, 3 candidates`).waitFor();
      const row = page.locator('.winners li').first();
      expect(await row.textContent()).toContain(winner);
      const address = addresses.find((one) => one.startsWith(winner));
      expect(await row.locator('a.hash').getAttribute('href')).toBe(`/validators/${address}`);
      expect(await page.locator('.segment[data-winner=true]').textContent()).toBe(winner);
      expect(await page.getByRole('status').textContent()).toBe(
        `Ticket ${ticket} of 400 was drawn. ${winner}… wins block 1.`,
      );
      // The ticket points into the winner's segment, wherever on the strip that is.
      const marker = await page.evaluate(
        "parseFloat(document.querySelector('.marker').style.getPropertyValue('--place'))",
      );
      await page.evaluate('Promise.all(document.getAnimations().map((animation) => animation.finished))');
      await picture(page, 'hall-drawn');
      const strip = await page.locator('.strip').boundingBox();
      const lit = await page.locator('.segment[data-winner=true]').boundingBox();
      const place = (strip?.x ?? 0) + (Number(marker) / 100) * (strip?.width ?? 0);
      expect(place).toBeGreaterThanOrEqual(lit?.x ?? Number.NaN);
      expect(place).toBeLessThanOrEqual((lit?.x ?? Number.NaN) + (lit?.width ?? 0));
    });

    it('keeps the longest ticket inside the strip, with its pointer where the ticket is', async () => {
      const { server, base } = await startWithPage({ words: byHand });
      const client = server.connect();
      await client.stakes(900_000_000_000);
      await client.says('72', 'Candidate for block');
      await drawsBlock(server, 1);
      for (const viewport of [phone, hall]) {
        const page = await open(base, { viewport, reducedMotion: 'reduce' });
        for (const ticket of [0, 99_999_999_999, 450_000_000_000, 800_000_000_000, 899_999_999_999]) {
          await page.route('**/api/blocks/1', async (route) => {
            const response = await route.fetch();
            const block: unknown = await response.json();
            await route.fulfill({ response, json: replaced(block, ['Draw', 'Ticket'], String(ticket)) });
          });
          await page.goto(`${base}/blocks/1`);
          await page.locator('[data-state=drawn] .marker').waitFor();
          const strip = await page.locator('.strip').boundingBox();
          const label = await page.locator('.marker').boundingBox();
          const [left = Number.NaN, width = Number.NaN] = [strip?.x, strip?.width];
          const [start = Number.NaN, length = Number.NaN] = [label?.x, label?.width];
          expect(start).toBeGreaterThanOrEqual(left - 1);
          expect(start + length).toBeLessThanOrEqual(left + width + 1);
          const pointer = Number(
            await page.evaluate("parseFloat(getComputedStyle(document.querySelector('.marker'), '::after').left)"),
          );
          expect(Math.abs(start + pointer - (left + (width * ticket) / 900_000_000_000))).toBeLessThan(1);
          expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(viewport.width);
        }
        await picture(page, `${viewport.width}-marker`);
      }
    });

    it('says all of it in words, to whoever cannot see it', async () => {
      const { server, base } = await startWithPage({ words: byHand });
      const page = await open(base);
      await threePeople(server);
      await page.getByText('3 candidates, 400 tokens').waitFor();
      await page.getByText('3 candidates with 400 tokens.').waitFor({ state: 'attached' });
      const tree = await page.locator('body').ariaSnapshot();
      for (const words of [
        /link "Skip to the content"/,
        /navigation "Pages"/,
        /heading "The lottery, live" \[level=1\]/,
        /timer "Seconds until the draw": "?\d+/,
        /img "The pool: 3 candidates, 400 tokens"/,
        /list "Largest stakes":\n +- listitem:\n +- link "[0-9a-f]{8}…":\n[^\n]*\n +- text: 250 tokens 62\.5 %/,
        /region "Join from a terminal"[\s\S]*code: nc localhost \d+/,
        /status: 3 candidates with 400 tokens\./,
      ]) {
        expect(tree).toMatch(words);
      }
      await page.keyboard.press('Tab');
      expect(await page.evaluate('document.activeElement.textContent')).toBe('Skip to the content');
    });

    it('fits a phone and a projector, in light and dark, on every one of its pages', async () => {
      const { server, base } = await startWithPage({ words: byHand });
      const [address] = await threePeople(server);
      await drawsBlock(server, 1);
      for (const [name, viewport, colorScheme] of [
        ['phone', phone, 'dark'],
        ['hall', hall, 'light'],
      ] as const) {
        const page = await open(base, { viewport, colorScheme });
        await page.getByText('block 1').first().waitFor();
        expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(viewport.width);
        if (viewport === hall)
          expect(await page.evaluate('document.documentElement.scrollHeight')).toBe(viewport.height);
        // The hall sees the live page; the others are read at a desk or on a phone.
        if (viewport === hall) continue;
        for (const [title, path] of [
          ['fairness', 'fairness'],
          ['chain', 'chain'],
          ['genesis', 'blocks/0'],
          ['block', 'blocks/1'],
          ['validator', `validators/${address}`],
          ['nothing', 'blocks/99'],
        ]) {
          await page.goto(`${base}/${path}`);
          await page.locator('h1').waitFor();
          expect([path, await page.evaluate('document.documentElement.scrollWidth')]).toEqual([path, viewport.width]);
          await picture(page, `${name}-${title}`);
        }
        await page.getByText('There is no block 99: the last is 1.').waitFor();
      }
    });

    it('shows whole tables on a phone, with the time alone of what happened today', async () => {
      const { server, base } = await startWithPage({ words: byHand });
      const [address] = await threePeople(server);
      await drawsBlock(server, 1);
      const page = await open(base, { viewport: { width: 375, height: 812 } });
      for (const path of ['fairness', 'chain', `validators/${address}`]) {
        await page.goto(`${base}/${path}`);
        await page.locator('tbody tr').first().waitFor();
        const hidden = "document.querySelector('.wide').scrollWidth - document.querySelector('.wide').clientWidth";
        expect([path, await page.evaluate(hidden)]).toEqual([path, 0]);
      }
      await page.goto(`${base}/chain`);
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
      for (const viewport of [hall, laptop]) {
        const page = await open(base, { viewport, reducedMotion: 'reduce' });
        await page.getByText('No candidates yet').waitFor();
        await Promise.all(people.map(({ client }) => client.socket.write('72\n')));
        await page.getByText('12 candidates, 8.039·10¹² tokens').waitFor();
        expect(await page.locator('.winners li').count()).toBe(6);
        expect(await page.evaluate('document.documentElement.scrollHeight')).toBe(viewport.height);
        await picture(page, `${viewport.width}-twelve`);
        await drawsBlock(server, viewport === hall ? 7 : 8);
        await page.locator('[data-state=drawn] .marker').waitFor();
        expect(await page.evaluate('document.documentElement.scrollHeight')).toBe(viewport.height);
        if (viewport !== hall) continue;
        for (const small of ['.join h2', '.last h2', '.scale', '.stakes li', '.winners li']) {
          const size = `parseFloat(getComputedStyle(document.querySelector('${small}')).fontSize)`;
          expect([small, Number(await page.evaluate(size)) >= 25]).toEqual([small, true]);
        }
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
      for (const colorScheme of ['light', 'dark'] as const) {
        const page = await open(base, { colorScheme, reducedMotion: 'reduce' });
        await page.locator('.segment').first().waitFor();
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

    it('says that there is nothing at an address, and leads back', async () => {
      const { base } = await startWithPage({ words: byHand });
      for (const [path, words] of [
        ['nope', 'There is nothing at this address.'],
        ['blocks/1/', 'There is nothing at this address.'],
        ['blocks', 'The address of a block ends in its number'],
        ['validators/me', 'ends in the first 8 hex digits'],
        ['validators/00000000', 'No validator is known whose address begins with 00000000.'],
      ]) {
        const page = await open(`${base}/${path}`);
        await page.getByText(words ?? '').waitFor();
        await page.getByRole('link', { name: 'Back to the live page' }).click();
        await page.getByText('No candidates yet').waitFor();
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
      const page = await open(base);
      for (const [count, listed] of [
        [100, 0],
        [101, 1],
      ] as const) {
        await page.route(`**/api/validators/${validator}`, (route) => {
          const parts = Array.from({ length: count }, (_, place) => {
            return { index: place + 1, stake: '1', totalStake: '2', isWinner: false };
          });
          return route.fulfill({ json: { validator, isConnected: true, firstBlock: 1, parts } });
        });
        await page.goto(`${base}/validators/${validator}`);
        await page.getByText(`It took part in ${count} rounds`).waitFor();
        expect(await page.locator('tbody tr').count()).toBe(100);
        expect(await page.getByText('The newest 100 of these 101 rounds:').count()).toBe(listed);
      }
    });

    it('goes on when an answer is lost, and says how everybody fares after the next draw', async () => {
      const { server, base } = await startWithPage({ words: byHand });
      const client = server.connect();
      await client.stakes(10);
      const draws = async (index: number): Promise<void> => {
        await client.says('72', `Candidate for block ${index}`);
        await drawsBlock(server, index);
      };
      await draws(1);
      const page = await open(`${base}/fairness`);
      await page.getByText('After 1 round ').waitFor();
      const lose = (route: Route): Promise<void> => route.abort();
      await page.route('**/api/validators?*', lose);
      const lost = page.waitForEvent('requestfailed');
      await draws(2);
      await lost;
      await page.getByText('After 1 round ').waitFor();
      await page.unroute('**/api/validators?*', lose);
      await draws(3);
      await page.getByText('After 3 rounds ').waitFor();
    });

    it('says how everybody fares where there is no room for one more page that watches, too', async () => {
      const { server, base } = await startWithPage({ words: byHand });
      const page = await open(base);
      await page.route('**/api/events', (route) => route.fulfill({ status: 503, json: { error: 'too many' } }));
      await page.goto(`${base}/fairness`);
      await page.getByText('Nothing has been drawn yet.').waitFor();
      const client = server.connect();
      await client.stakes(10);
      await client.says('72', 'Candidate for block 1');
      await drawsBlock(server, 1);
      await page.getByText('After 1 round ').waitFor();
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
      const lines =
        "Math.max(...[...document.querySelectorAll('.steps dd')].map((one) => one.getClientRects()[0].height))";
      const line = '1.6 * parseFloat(getComputedStyle(document.body).fontSize)';
      expect(Number(await page.evaluate(lines))).toBeLessThan(Number(await page.evaluate(line)));
      await page.goto(`${base}/blocks/0`);
      await page.getByText('Try to cheat').click();
      expect(await page.getByLabel('Genesis.Salt').isVisible()).toBe(true);
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

    it('keeps still for those who asked for that', async () => {
      const { server, base } = await startWithPage({ words: byHand });
      const animation = "getComputedStyle(document.querySelector('.marker')).animationName";
      const still = await open(base, { reducedMotion: 'reduce' });
      const moving = await open(base);
      await threePeople(server);
      for (const page of [still, moving]) await page.getByText('3 candidates, 400 tokens').waitFor();
      await drawsBlock(server, 1);
      await moving.locator('[data-state=falling] .marker').waitFor();
      expect(await moving.evaluate(animation)).toBe('fall');
      for (const page of [still, moving]) {
        await page.locator('[data-state=drawn] .marker').waitFor();
        expect(await page.evaluate(animation)).toBe('none');
      }
    });

    it('names the winner when the ticket has landed, and not while it falls; at once for those who want nothing to move', async () => {
      const { server, base } = await startWithPage({ words: byHand });
      const moving = await open(base);
      const still = await open(base, { reducedMotion: 'reduce' });
      await threePeople(server);
      for (const page of [still, moving]) {
        await page.getByText('3 candidates, 400 tokens').waitFor();
        await page.evaluate(`(() => {
          window.seen = new Set();
          new MutationObserver(() => {
            const of = (selector) => document.querySelector(selector)?.textContent ?? '';
            const names = [of('.headline'), of('[role=status]'), of('.winners')].map((text) => text.includes('block 1'));
            const lit = document.querySelectorAll('[data-winner=true], .stakes .winner').length > 0;
            const state = document.querySelector('.pool').dataset.state;
            window.seen.add([state, ...names, lit].join());
          }).observe(document.body, { subtree: true, childList: true, characterData: true, attributes: true });
        })()`);
      }
      await drawsBlock(server, 1);
      for (const page of [still, moving]) {
        await page.getByText('wins block 1').first().waitFor();
        const seen = String(await page.evaluate("[...window.seen].join(' ')"));
        expect(seen).toContain('drawn,true,true,true,true');
        expect(seen.replaceAll('falling,false,false,false,false', '')).not.toContain('falling');
        expect(await page.locator('.stakes .winner .share').textContent()).toMatch(/^[\d.]+ %, winner$/);
      }
    });

    it('finds whoever types the first digits of their address, remembers that in this tab, and tells nobody', async () => {
      const { server, base } = await startWithPage({ words: byHand });
      for (const viewport of [laptop, phone]) {
        const addresses = await threePeople(server);
        const page = await open(base, { viewport });
        const told: string[] = [];
        page.on('request', (request) => told.push(`${request.url()} ${request.postData()}`));
        const own = addresses[1]?.slice(0, 8) ?? '';
        await page.locator('.segment').first().waitFor();
        expect(await page.locator('[data-sought=true]').count()).toBe(0);
        await page.getByLabel('Find me').pressSequentially(`${own.toUpperCase()}…`);
        await page.getByText(/In this draw: 250 tokens, [\d.]+ %, tickets \d+ to \d+\./).waitFor();
        expect(await page.locator('.segment[data-sought=true]').getAttribute('title')).toContain(own);
        expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(viewport.width);
        await picture(page, `${viewport.width}-found`);
        await page.reload();
        await page.locator('.segment[data-sought=true]').waitFor();
        expect(await page.getByLabel('Find me').inputValue()).toBe(`${own.toUpperCase()}…`);
        expect(told.filter((one) => one.toLowerCase().includes(own))).toEqual([]);
        const index = viewport === laptop ? 1 : 2;
        await drawsBlock(server, index);
        await page.getByText(/(?:Won|In) this draw: 250 tokens/).waitFor();
        await page.getByText(/No win yet\.|Last win: block \d\./).waitFor();
        await page.getByLabel('Find me').fill('00000000');
        await page.getByText('Not in this draw.').waitFor();
        expect(await page.locator('[data-sought=true]').count()).toBe(0);
        await page.getByLabel('Find me').fill('nobody');
        await page.getByText('An address has the digits 0 to 9 and a to f only.').waitFor();
      }
    });

    it('lists the largest stakes of a pool, and all of them for whoever asks', async () => {
      const { server, base } = await startWithPage({ words: byHand });
      const people = Array.from({ length: 9 }, (_, place) => ({ stake: 10 + place, client: server.connect() }));
      await Promise.all(people.map(({ client, stake }) => client.stakes(stake)));
      const propose = (count: number): Promise<unknown> =>
        Promise.all(people.slice(0, count).map(({ client }) => client.says('72', 'Candidate for block')));
      await propose(8);
      const page = await open(base, { viewport: phone });
      await page.getByText('8 candidates').first().waitFor();
      expect(await page.locator('.stakes li').count()).toBe(8);
      expect(await page.locator('.stakes button').count()).toBe(0);
      await people[8]?.client.says('72', 'Candidate for block');
      const button = page.getByRole('button', { name: 'and 2 more', expanded: false });
      await button.waitFor();
      expect(await page.locator('.stakes li').count()).toBe(8);
      await button.focus();
      await page.keyboard.press('Enter');
      await page.getByRole('button', { name: 'only the largest', expanded: true }).waitFor();
      expect(await page.locator('.stakes a').count()).toBe(9);
      expect(await page.evaluate('document.activeElement.textContent')).toBe('only the largest');
      await page.keyboard.press('Enter');
      await button.waitFor();
    });

    it('keeps everything where it is from the first pool to the sixth winner', async () => {
      const { server, base } = await startWithPage({ words: byHand });
      const people = await Promise.all(
        Array.from({ length: 12 }, async (_, place) => {
          const client = server.connect();
          await client.stakes(10 + place);
          return client;
        }),
      );
      for (const viewport of [hall, laptop]) {
        const page = await open(base, { viewport, reducedMotion: 'reduce' });
        const place = (): Promise<unknown> =>
          page.evaluate(`['.strip', '.last'].map((one) => {
            const { top, height } = document.querySelector(one).getBoundingClientRect();
            return [Math.round(top), Math.round(height)];
          })`);
        await page.getByText('No candidates yet').waitFor();
        const empty = await place();
        const first = viewport === hall ? 1 : 4;
        for (let index = first; index < first + 3; index++) {
          await Promise.all(people.map(({ socket }) => socket.write('72\n')));
          await page.getByText('12 candidates').first().waitFor();
          expect(await place()).toEqual(empty);
          await drawsBlock(server, index);
          await page.getByText(`wins block ${index}`).first().waitFor();
          expect(await place()).toEqual(empty);
        }
      }
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
      expect(await page.locator('.steps [data-state=holds]').count()).toBe(11);
      await picture(page, 'hall-checked');

      await page.getByText('Try to cheat').click();
      await page.getByLabel('BPM').fill('73');
      expect(await verdict.textContent()).toMatch(/^✗ Block 1 breaks the rule “hash”/);
      expect(await page.locator('.steps [data-state=broken] .rule').textContent()).toBe('hash');
      await page.getByRole('button', { name: 'Seal it again' }).click();
      expect(await verdict.textContent()).toMatch(/^✗ Block 1 breaks the rule “path”/);
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
        await route.fulfill({ response, json: replaced(block, ['Validator'], loser) });
      });
      await page.reload();
      await page.getByRole('button', { name: 'Check this draw' }).click();
      await page.getByText('✗ Block 1 breaks the rule “hash”').waitFor();
    });

    it('keeps the verdict in sight of whoever types, however small the window is', async () => {
      const { server, base } = await startWithPage({ words: byHand });
      await threePeople(server);
      await drawsBlock(server, 1);
      for (const viewport of [laptop, phone]) {
        const page = await open(`${base}/blocks/1`, { viewport });
        await page.getByText('Try to cheat').click();
        const shown = page.locator('.fields span:visible');
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
      await page.route('**/api/blocks?*', async (route) => {
        const response = await route.fetch();
        const blocks: unknown = await response.json();
        await route.fulfill({ response, json: replaced(blocks, [2, 'Draw', 'Ticket'], '999') });
      });
      await page.getByRole('button', { name: 'Check the whole chain' }).click();
      await page.getByText('✗ Block 2 breaks the rule “hash”').waitFor();
      await page.getByText('The 2 blocks before it hold.').waitFor();
    });

    it('lists a block as soon as it is drawn, without disturbing the focus or a check that runs', async () => {
      const { server, base } = await startWithPage({ words: byHand });
      const client = server.connect();
      await client.stakes(10);
      const draws = async (index: number): Promise<void> => {
        await client.says('72', `Candidate for block ${index}`);
        await drawsBlock(server, index);
      };
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
      const intervalMs = 4000;
      const { server, base } = await startWithPage({ words: ['--lottery-interval-ms', String(intervalMs)] });
      const page = await open(base);
      await page.clock.install();
      await page.reload();
      await page.getByText('until the draw of block 1').waitFor();
      server.child.kill('SIGSTOP');
      await page.clock.fastForward(intervalMs + limits.drawOverdueMs + 100);
      await page.getByText('the draw of block 1 is late').waitFor();
      expect(await page.getByRole('timer').textContent()).toBe('0');
      await page.clock.fastForward(limits.watcherSilenceMs);
      await page.locator('.headline').getByText('The server does not answer').waitFor();
      server.child.kill('SIGCONT');
      await page.getByText('until the draw of block 1').waitFor();
    });

    it('says that there is no room for one more page, shows what it can, and takes the first place that is free', async () => {
      const { server, base } = await startWithPage({ words: byHand });
      await threePeople(server);
      const page = await open(base);
      await page.getByText('3 candidates, 400 tokens').waitFor();
      await page.clock.install();
      const refuse = (route: Route): Promise<void> => route.fulfill({ status: 503, json: { error: 'too many' } });
      await page.route('**/api/events', refuse);
      await page.reload();
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

    it('says in large type that the server is gone, shows nothing that is stale, and goes on by itself when it is back', async () => {
      const dataDir = temporaryDirectory();
      const { server, base, pagePort } = await startWithPage({ dataDir, words: byHand });
      const page = await open(base);
      await threePeople(server);
      await page.getByText('3 candidates, 400 tokens').waitFor();
      await drawsBlock(server, 1);
      await page.locator('[data-state=drawn] .marker').waitFor();
      await server.stop();
      await page.locator('.headline').getByText('The server does not answer').waitFor();
      expect(await page.getByRole('status').textContent()).toBe('The server does not answer.');
      await page.getByText('Trying again …').waitFor();
      expect(await page.getByRole('timer').textContent()).toBe('–');
      expect(await page.locator('.live').innerText()).not.toMatch(/candidate|token|connected|until|wins/);
      for (const stale of ['.segment', '.marker', '.stakes li']) {
        expect([stale, await page.locator(stale).first().isVisible()]).toEqual([stale, false]);
      }
      expect(await page.evaluate("document.querySelector('.fuse').style.getPropertyValue('--left')")).toBe('0');
      await picture(page, 'hall-outage');
      await startWithPage({ dataDir, words: [...byHand, '--dashboard-port', String(pagePort)] });
      await page.getByText('until the draw of block 2').waitFor();
      await page.locator('.headline').getByText('No candidates yet').waitFor();
      expect(await page.locator('.strip').isVisible()).toBe(true);
    });
  },
);
