import { expect, it } from 'vitest';
import { byHand, describesInABrowser, drawsBlock, phone } from './page-browser.ts';
import { startWithPage } from './page-server.ts';
import { enters, proposes, stakes } from './play-visitor.ts';

const look = { viewport: phone, reducedMotion: 'reduce' } as const;

describesInABrowser('a room that takes part in browsers', ({ open, picture }) => {
  it('has thirty seats, those of browsers and those at nc, in one draw that each browser checks', async () => {
    const { server, base } = await startWithPage({ words: byHand });
    const people = Array.from({ length: 22 }, () => server.connect());
    const joining = people.map((person) => person.stakes(10));
    const pages = [];
    // A window each: a browser has six connections to a server, and each tab keeps one.
    for (let tab = 0; tab < 8; tab++) pages.push(await open(`${base}/play`, { ...look, hasOwnClock: true }));
    await Promise.all([...joining, ...pages.map((page) => stakes(page, 10))]);
    await Promise.all([
      ...people.map((person) => person.says('73', 'Candidate for block 1')),
      ...pages.map((page) => proposes(page, 72, 1)),
    ]);
    await drawsBlock(server, 1);
    const results = pages.map(async (page) => {
      const result = page.getByRole('region', { name: 'Results' });
      await result.getByText(/^Ticket \d+ of 300 was drawn; yours were \d+ to \d+\.$/).waitFor();
      await result.getByText('✓ Every rule holds, checked in this browser.').waitFor();
      return result.locator('.ask').innerText();
    });
    const told = await Promise.all(results);
    expect(told.filter((words) => words.startsWith('You won')).length).toBeLessThanOrEqual(1);
    expect(new Set(told.filter((words) => !words.startsWith('You won'))).size).toBe(1);
    const [first] = pages;
    if (first !== undefined) await picture(first, 'play-room-390');
  });

  it('comes back to its seat by itself after it was away, and hears what became of its candidate meanwhile', async () => {
    const { server, base } = await startWithPage({ words: [...byHand, '--rejoin-grace-ms', '100000'] });
    const page = await open(`${base}/play`, { ...look, hasOwnClock: true });
    await stakes(page, 100);
    await proposes(page, 72, 1);
    await page.goto('about:blank');
    await drawsBlock(server, 1);
    await page.goto(`${base}/play`);
    await page.getByText('You won block 1!').first().waitFor();
    await proposes(page, 73, 2);
  });

  it('gives a seat up to the tab that has taken it over', async () => {
    const { base } = await startWithPage({ words: [...byHand, '--rejoin-grace-ms', '100000'] });
    const page = await open(`${base}/play`, { ...look, hasOwnClock: true });
    await stakes(page, 100);
    const code = await page.evaluate("sessionStorage.getItem('play-seat')");
    const other = await open(`${base}/play`, { ...look, hasOwnClock: true }, (tab) =>
      tab.addInitScript(`sessionStorage.setItem('play-seat', ${JSON.stringify(code)})`),
    );
    await other.getByText('You stake 100 tokens.').waitFor();
    await page.getByRole('alert').getByText('another connection has taken your seat over').waitFor();
    await page.getByText('Your seat is over').waitFor();
  });

  it('comes back by itself when the server is back, and says meanwhile that it is away', async () => {
    const words = [...byHand, '--rejoin-grace-ms', '100000'];
    const first = await startWithPage({ words });
    const page = await open(`${first.base}/play`, { ...look, hasOwnClock: true });
    await stakes(page, 100);
    await first.server.stop();
    await page.getByText('No contact with the server').waitFor();
    await page.getByText('The server was stopped.').waitFor();
    await picture(page, 'play-away-390');
    const port = ['--dashboard-port', String(first.pagePort)];
    await startWithPage({ words: [...words, ...port], dataDir: first.server.dataDir });
    await page.getByText('You stake 100 tokens.').waitFor();
  });

  it('makes blocks of an instant chain', async () => {
    const { base } = await startWithPage({ words: ['--consensus', 'instant'] });
    const page = await open(`${base}/play`, look);
    await enters(page, 'BPM', 72);
    await page.getByText('Block 1 is yours').first().waitFor();
    await page.getByText('✓ Every rule holds, checked in this browser.').waitFor();
    await picture(page, 'play-instant-390');
  });

  it('makes blocks of a chain of work', async () => {
    const { base } = await startWithPage({ words: ['--consensus', 'work', '--difficulty', '10'] });
    const page = await open(`${base}/play`, look);
    await enters(page, 'BPM', 72);
    await page.getByText('Block 1 is yours').first().waitFor();
    await page.getByText('✓ Every rule holds, checked in this browser.').waitFor();
  });

  it('stakes what it was granted in a chain with a ledger, and comes back to its wallet', async () => {
    const { server, base } = await startWithPage({ words: [...byHand, '--ledger'] });
    const page = await open(`${base}/play`, { ...look, hasOwnClock: true });
    await stakes(page, 100);
    await page.reload();
    await page.getByText('Enter a BPM', { exact: true }).waitFor();
    await picture(page, 'play-ledger-390');
    await proposes(page, 72, 1);
    await drawsBlock(server, 1);
    await page.getByText('✓ Every rule holds, checked in this browser.').waitFor();
    await page.getByText('The conversation, word for word').click();
    await page.getByLabel('A line as at nc').fill('balance');
    await page.keyboard.press('Enter');
    await page
      .getByText(/^Balance \d+, bonded 100\.$/)
      .first()
      .waitFor();
  });
});
