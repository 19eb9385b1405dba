import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';
import { limits } from '../../src/http/api/limits.ts';
import { uiConstants } from '../../src/web/ui-constants.ts';
import {
  byHand,
  describesInABrowser,
  drawsBlock,
  hall,
  laptop,
  phone,
  playsAlone,
  threePeople,
} from './page-browser.ts';
import { startWithPage } from './page-server.ts';

describesInABrowser('the live page', ({ open, picture }) => {
  it('shows a whole round to the room: the countdown, the pool as it fills, the ticket and the winner', async () => {
    const { server, base } = await startWithPage({ words: byHand });
    // The fall of the ticket has a test of its own: here it would be waited for without a bound.
    const page = await open(base, { reducedMotion: 'reduce' });
    await page.getByText('No candidates yet').waitFor();
    // Whoever comes first reads how to begin, and sees no strip without tickets.
    const steps = page.locator('.welcome li');
    expect(await steps.allTextContents()).toEqual([
      `Connect: in this browser, or in a terminal with nc localhost ${server.port}`,
      'Enter a balance: the tokens that you stake. Each is a ticket.',
      'Enter a BPM, any number, once a round. It is your candidate.',
    ]);
    expect(await page.locator('.strip').isVisible()).toBe(false);
    expect(await page.title()).toMatch(/^\d+ s · sortition$/);
    // Of ten minutes, less than the two that a test may take have passed.
    expect(Number(await page.getByRole('timer').textContent())).toBeGreaterThan(480);
    const addresses = await threePeople(server);
    await page.getByText('3 candidates, 400 tokens').waitFor();
    await page.getByText('3 people connected, 3 with a stake').waitFor();
    expect(await page.locator('.segment').count()).toBe(3);
    expect(await steps.first().isVisible()).toBe(false);
    await picture(page, 'hall-open');

    await drawsBlock(server, 1);
    await page.getByText('wins block 1').first().waitFor();
    const [, ticket = '', winner = ''] = await server.prints(/ticket (\d+) of 400 among 3 candidates; ([0-9a-f]{8})/);
    await page.getByText(`Ticket ${ticket} of 400, 3 candidates`).waitFor();
    // The winner is the largest thing there is, and the next countdown one of the small ones.
    const size = (selector: string): Promise<number> =>
      page.evaluate<number>(`parseFloat(getComputedStyle(document.querySelector('${selector}')).fontSize)`);
    expect(await size('.large.winner')).toBeGreaterThan(5 * (await size('.timer')));
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
    await picture(page, 'hall-drawn');
    // One colour for one validator, wherever it stands.
    const hues = `[...document.querySelectorAll('.segment[data-winner=true], .stakes .winner .swatch, .winners .swatch')]
      .map(({ style }) => style.getPropertyValue('--hue') + style.getPropertyValue('--lightness'))`;
    const ownHues = await page.evaluate<readonly string[]>(hues);
    expect([ownHues.length, new Set(ownHues).size]).toEqual([3, 1]);
    expect(await page.title()).toBe(`${winner} wins block 1 · sortition`);
    const strip = await page.locator('.strip').boundingBox();
    const lit = await page.locator('.segment[data-winner=true]').boundingBox();
    const place = (strip?.x ?? 0) + (Number(marker) / 100) * (strip?.width ?? 0);
    expect(place).toBeGreaterThanOrEqual(lit?.x ?? Number.NaN);
    expect(place).toBeLessThanOrEqual((lit?.x ?? Number.NaN) + (lit?.width ?? 0));
  });

  it('leaves what is clicked and typed away on a projector, and says in the largest letters that draws are paused', async () => {
    const { server, base } = await startWithPage({ words: byHand });
    const draws = await playsAlone(server);
    for (const index of [1, 2, 3, 4]) await draws(index);
    const page = await open(`${base}/?present`, { reducedMotion: 'reduce' });
    await page.locator('.winners li').first().waitFor();
    expect(await page.locator('.winners li:visible').count()).toBe(3);
    expect(await page.locator('.history a').count()).toBe(4);
    for (const control of ['nav', '.find', '.toggles']) expect(await page.locator(control).isVisible()).toBe(false);
    expect(await page.evaluate('document.documentElement.scrollHeight')).toBe(hall.height);
    const size = "parseFloat(getComputedStyle(document.querySelector('.winners li')).fontSize)";
    expect(Number(await page.evaluate(size))).toBeGreaterThan(40);
    server.type('pause');
    await page.locator('.headline .large').getByText('Paused before block 5').waitFor();
    await page.waitForFunction("document.title === 'Paused before block 5 · sortition'");
    server.type('resume');
    await page.getByText('until the draw of block 5').waitFor();
    expect(await page.locator('.headline .large').count()).toBe(0);
  });

  it('shows a validator by the name that it gave itself, as text, and by its address', async () => {
    const { server, base } = await startWithPage({ words: byHand });
    const name = '<b>Ada</b> & "Bob"';
    const client = server.connect();
    const address = await client.stakes(10);
    await client.says(`name ${name}`, `Pages show you as ${name}`);
    await client.says('72', 'Candidate for block 1');
    const page = await open(base, { reducedMotion: 'reduce', viewport: phone });
    await page.locator('.stakes .name').getByText(name).waitFor();
    expect(await page.locator('.segment').textContent()).toBe(name);
    await drawsBlock(server, 1);
    const short = `${address.slice(0, 8)}…`;
    await page.locator('.large.winner').getByText(name).waitFor();
    expect(await page.locator('.headline').textContent()).toBe(`${name} ${short} wins block 1`);
    expect(await page.title()).toBe(`${name} wins block 1 · sortition`);
    expect(await page.locator('.winners a.hash').textContent()).toBe(`${name} ${short}`);
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(phone.width);
    for (const [path, place] of [
      ['fairness', 'tbody a.hash'],
      ['chain', 'tbody a.hash'],
      ['blocks/1', 'p > a.hash'],
      [`validators/${address}`, 'h1'],
    ] as const) {
      await page.goto(`${base}/${path}`);
      expect(await page.locator(place).first().textContent()).toBe(`${name} ${short}`);
      expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(phone.width);
    }
  });

  it('keeps the longest ticket inside the strip, with its pointer where it is, on a phone and in a hall', async () => {
    const { server, base } = await startWithPage({ words: byHand });
    await playsAlone(server).then((draws) => draws(1));
    const page = await open(`${base}/blocks/1`, { reducedMotion: 'reduce' });
    await page.locator('[data-state=drawn] .marker').waitFor();
    const tokens = 900_000_000_000;
    for (const viewport of [phone, hall]) {
      await page.setViewportSize(viewport);
      for (const ticket of [0, 99_999_999_999, 450_000_000_000, 800_000_000_000, tokens - 1]) {
        const { strip, label, pointerLeft, pageWidth } = await showsTicket(page, tokens, ticket);
        expect(label.left).toBeGreaterThanOrEqual(strip.left - 1);
        expect(label.left + label.width).toBeLessThanOrEqual(strip.left + strip.width + 1);
        expect(Math.abs(pointerLeft - (strip.left + (strip.width * ticket) / tokens))).toBeLessThan(1);
        expect(pageWidth).toBe(viewport.width);
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
      /region "How to join"[\s\S]*code: nc localhost \d+/,
      /status: 3 candidates with 400 tokens\./,
    ]) {
      expect(tree).toMatch(words);
    }
    await page.keyboard.press('Tab');
    expect(await page.evaluate('document.activeElement.textContent')).toBe('Skip to the content');
  });

  it('names the winner when the ticket has landed, and not while it falls; at once and without a motion for those who asked for that', async () => {
    const { server, base } = await startWithPage({ words: byHand });
    const moving = await open(base);
    const still = await open(base, { reducedMotion: 'reduce' });
    const animation = "getComputedStyle(document.querySelector('.marker')).animationName";
    await threePeople(server);
    for (const page of [still, moving]) {
      await page.getByText('3 candidates, 400 tokens').waitFor();
      await page.evaluate(`(() => {
        window.seen = new Set();
        new MutationObserver(() => {
          const of = (selector) => document.querySelector(selector)?.textContent ?? '';
          const names = [of('.headline'), of('[role=status]'), of('.winners')].map((text) => text.includes('block 1'));
          const isTold = /^[0-9]+$/.test(of('.marker')) || of('.facts').startsWith('Ticket');
          const lit = document.querySelectorAll('[data-winner=true], .stakes .winner').length > 0;
          const state = document.querySelector('.pool').dataset.state;
          window.seen.add([state, ...names, isTold, lit, state === 'falling' && ${animation}].join());
        }).observe(document.body, { subtree: true, childList: true, characterData: true, attributes: true });
      })()`);
    }
    await drawsBlock(server, 1);
    for (const page of [still, moving]) {
      await page.getByText('wins block 1').first().waitFor();
      const seen = String(await page.evaluate("[...window.seen].join(' ')"));
      expect(seen).toContain('drawn,true,true,true,true,true');
      const isStill = page === still;
      if (!isStill) expect(seen).toContain('falling,false,false,false,false,false,fall');
      expect(seen.replaceAll(`falling,false,false,false,false,false,${isStill ? 'none' : 'fall'}`, '')).not.toContain(
        'falling',
      );
      expect(await page.locator('.stakes .winner .share').textContent()).toMatch(/^[\d.]+ %, winner$/);
      expect(await page.evaluate(animation)).toBe('none');
    }
    // Whoever turns the motion off on the page has a still one, also when it is loaded again.
    await moving.getByRole('button', { name: 'Sound', pressed: false }).waitFor();
    const motion = moving.getByRole('button', { name: 'Motion', pressed: true });
    const moves = `(() => {
      document.querySelector('.pool').dataset.state = 'falling';
      return ${animation};
    })()`;
    expect(await moving.evaluate(moves)).toBe('fall');
    await motion.click();
    expect(await moving.evaluate(moves)).toBe('none');
    await moving.reload();
    await moving.getByRole('button', { name: 'Motion', pressed: false }).waitFor();
    expect(await moving.evaluate(moves)).toBe('none');
  });

  it('finds whoever types the first digits of their address, remembers that in this tab, and tells nobody', async () => {
    const { server, base } = await startWithPage({ words: byHand });
    const addresses = await threePeople(server);
    const page = await open(base, { viewport: laptop });
    const told: string[] = [];
    page.on('request', (request) => told.push(`${request.url()} ${request.postData()}`));
    const own = addresses[1]?.slice(0, 8) ?? '';
    await page.locator('.segment').first().waitFor();
    expect(await page.locator('[data-sought=true]').count()).toBe(0);
    await page.getByLabel('Find me').pressSequentially(`${own.toUpperCase()}…`);
    for (const viewport of [laptop, phone]) {
      await page.setViewportSize(viewport);
      await page.getByText(/In this draw: 250 tokens, [\d.]+ %, tickets \d+ to \d+\./).waitFor();
      expect(await page.locator('.segment[data-sought=true]').getAttribute('title')).toContain(own);
      expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(viewport.width);
      await picture(page, `${viewport.width}-found`);
    }
    await page.reload();
    await page.locator('.segment[data-sought=true]').waitFor();
    expect(await page.getByLabel('Find me').inputValue()).toBe(`${own.toUpperCase()}…`);
    expect(told.filter((one) => one.toLowerCase().includes(own))).toEqual([]);
    await drawsBlock(server, 1);
    await page.getByText(/(?:Won|In) this draw: 250 tokens/).waitFor();
    await page.getByText(/No win yet\.|Last win: block 1\./).waitFor();
    await page.getByLabel('Find me').fill('00000000');
    await page.getByText('Not in this draw.').waitFor();
    expect(await page.locator('[data-sought=true]').count()).toBe(0);
    await page.getByLabel('Find me').fill('nobody');
    await page.getByText('An address has the digits 0 to 9 and a to f only.').waitFor();
  });

  it('shows a crowd in its colours, finds one of it, and draws near to a winner that is too thin to be seen', async () => {
    const { server, base } = await startWithPage({ words: byHand });
    const people = Array.from({ length: limits.segmentsMax + 10 }, () => server.connect());
    const addresses = await Promise.all(people.map((client, place) => client.stakes(place < 10 ? 1 : 100)));
    await Promise.all(people.map((client) => client.says('72', 'Candidate for block 1')));
    const page = await open(base, { reducedMotion: 'reduce' });
    await page.getByText(`${people.length} candidates, `).first().waitFor();
    expect(await page.locator('.segment:not(.group), .part').count()).toBe(people.length);
    const own = addresses[0] ?? '';
    await page.getByLabel('Find me').fill(own.slice(0, 8));
    await page.getByText(/In this draw: 1 token, 0\.02 %, ticket [\d\u202f]+\./).waitFor();
    expect(await page.locator('.frame').isVisible()).toBe(true);
    await page.getByLabel('Find me').fill('00000000');
    await page.getByText('Not in this draw.').waitFor();
    expect(await page.locator('.frame').isVisible()).toBe(false);
    await page.getByLabel('Find me').fill(own.slice(0, 8));
    await drawsBlock(server, 1);
    await page.getByText('wins block 1').first().waitFor();
    const strip = await page.locator('.strip').boundingBox();
    const winner = await page.locator('.segment[data-winner=true]').boundingBox();
    expect((winner?.width ?? 0) / (strip?.width ?? 1)).toBeCloseTo(uiConstants.winnerShareEnlarged, 1);
    await page.getByText(/In this draw: 1 token, 0\.02 %, ticket|Won this draw/).waitFor();
    // Of so many the fairness page draws all, lists the winner, and folds the rest.
    await page.goto(`${base}/fairness`);
    await page.locator('.plot i').first().waitFor();
    expect(await page.locator('.plot i').count()).toBe(people.length);
    expect(await page.locator('tbody tr').count()).toBe(1);
    await page.getByText(`and ${people.length - 1} more, all within what chance allows`).click();
    await page.locator('details tbody tr').first().waitFor();
    expect(await page.locator('tbody tr').count()).toBe(people.length);
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
    const page = await open(base, { reducedMotion: 'reduce', hasOwnClock: true }, ({ clock }) => clock.install());
    const place = (): Promise<unknown> =>
      page.evaluate(`['.strip', '.last'].map((one) => {
        const { top, height } = document.querySelector(one).getBoundingClientRect();
        return [Math.round(top), Math.round(height)];
      })`);
    for (const [viewport, first] of [
      [hall, 1],
      [laptop, 4],
    ] as const) {
      await page.setViewportSize(viewport);
      await page.getByText('No candidates yet').waitFor();
      const empty = await place();
      for (let index = first; index < first + 3; index++) {
        await Promise.all(people.map(({ socket }) => socket.write('72\n')));
        await page.getByText('12 candidates').first().waitFor();
        expect(await place()).toEqual(empty);
        await drawsBlock(server, index);
        await page.getByText(`wins block ${index}`).first().waitFor();
        expect(await place()).toEqual(empty);
        await page.clock.fastForward(uiConstants.resultMs);
      }
    }
  });
});

/** Where things are on a page, CSS pixels. */
interface TicketPlace {
  readonly strip: { readonly left: number; readonly width: number };
  readonly label: { readonly left: number; readonly width: number };
  readonly pointerLeft: number;
  readonly pageWidth: number;
}

/** Shows a pool of one validator and a ticket of it on the strip of a page. */
async function showsTicket(page: Page, tokens: number, ticket: number): Promise<TicketPlace> {
  const segments = JSON.stringify([{ stake: String(tokens), count: 1, validator: 'a'.repeat(64), isWinner: true }]);
  return page.evaluate<TicketPlace>(`import('/assets/web/ticket-strip.js').then(({ TicketStrip }) => {
    const shown = new TicketStrip();
    document.querySelector('.pool').replaceWith(shown.root);
    shown.showDraw(${segments}, '${ticket}');
    const marker = document.querySelector('.marker');
    const [strip, label] = [document.querySelector('.strip'), marker].map((one) => one.getBoundingClientRect().toJSON());
    const pointerLeft = label.left + parseFloat(getComputedStyle(marker, '::after').left);
    return { strip, label, pointerLeft, pageWidth: document.documentElement.scrollWidth };
  })`);
}
