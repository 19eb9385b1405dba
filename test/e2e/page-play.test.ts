import { expect, it } from 'vitest';
import { byHand, describesInABrowser, drawsBlock, laptop, phone } from './page-browser.ts';
import { startWithPage } from './page-server.ts';
import { enters, stakes } from './play-visitor.ts';

describesInABrowser('taking part in the browser', ({ open, picture }) => {
  it('stakes, proposes, wins, checks the draw, and is slashed by the words of nc', async () => {
    const { server, base } = await startWithPage({ words: byHand });
    const page = await open(`${base}/play`, { viewport: phone, reducedMotion: 'reduce' });
    await page.getByText('How many tokens do you stake?').waitFor();
    await picture(page, 'play-balance-390');
    await stakes(page, 100);
    await page.getByLabel('BPM', { exact: true }).fill('7,2');
    await page.keyboard.press('Enter');
    await page.getByText('Digits only, for example 72. Nothing was sent.').waitFor();
    await enters(page, 'BPM', 72);
    await page.getByText('You are in for block 1').waitFor();
    await page.locator('.segment[data-sought="true"]').waitFor();
    await picture(page, 'play-candidate-390');
    await drawsBlock(server, 1);
    await page.getByText('You won block 1!').first().waitFor();
    await page.getByText('✓ Every rule holds, checked in this browser.').waitFor();
    await page.getByText('Enter a BPM', { exact: true }).waitFor();
    await picture(page, 'play-won-390');
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(phone.width);
    await page.setViewportSize(laptop);
    await picture(page, 'play-won-1280');
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(laptop.width);

    await page.getByText('The conversation, word for word').click();
    await page.getByLabel('A line as at nc').fill('<b>seventy</b>');
    await page.keyboard.press('Enter');
    await page.getByRole('alert').getByText('Slashed: "<b>seventy</b>" is not a BPM.').waitFor();
    await page.getByText('Your seat is over').waitFor();
    await picture(page, 'play-slashed-1280');
    await page.getByRole('button', { name: 'Take a new seat' }).click();
    await stakes(page, 5);
  });
});
