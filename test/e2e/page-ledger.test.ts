import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';
import { addressOf } from '../../src/ledger/address.ts';
import { Bank, other, person } from '../http/bank.ts';
import { expectAccessible } from './accessible.ts';
import { describesInABrowser, laptop, phone } from './page-browser.ts';

/** Nothing sticks out at the side, on a phone and on a laptop. */
async function fits(page: Page, pictured: (size: string) => Promise<void>): Promise<void> {
  for (const viewport of [laptop, phone]) {
    await page.setViewportSize(viewport);
    await pictured(String(viewport.width));
    const width = await page.evaluate('document.documentElement.scrollWidth');
    expect([page.url(), width]).toEqual([page.url(), viewport.width]);
  }
  await expectAccessible(page);
}

describesInABrowser('the page of a chain with a ledger', ({ open, picture }) => {
  it('shows supply and what waits, leads to accounts, and checks the proof of a balance', async () => {
    const bank = await Bank.open();
    await bank.give(person.key, '300');
    await bank.call('pause');
    const id = String(await bank.send(await bank.sign('7')));
    const page = await open(bank.page.base, { viewport: phone });
    const pictured =
      (name: string) =>
      (size: string): Promise<void> =>
        picture(page, `ledger-${name}-${size}`);
    await page.getByText('each block brings 5 more').waitFor();
    await page.getByText('1 transaction waits for a block').click();
    await page.getByRole('link', { name: `${id.slice(0, 8)}…` }).waitFor();
    await page.getByText('Connecting').waitFor({ state: 'detached' });
    await fits(page, pictured('live'));
    await bank.call('resume');
    await page.getByText('No transaction waits for a block').waitFor();
    await expect.poll(() => page.locator('.ledger tbody tr').count()).toBe(0);

    await page.getByLabel('Find an account').fill(addressOf(person.key));
    await page.getByRole('link', { name: 'The account with this address' }).click();
    await page.getByText(addressOf(person.key)).waitFor();
    await page.getByText('268 tokens').waitFor();
    await page.getByText('1 transaction of it is in blocks').waitFor();
    await page.getByRole('button', { name: 'Check this balance' }).click();
    await page.getByText('✓ The account is so behind block').waitFor();
    await page.getByText('StateRoot is part of what the block holds').waitFor();
    await fits(page, pictured('account'));

    await page.getByRole('link', { name: `${other.key.slice(0, 8)}…` }).click();
    await page.getByText('25 tokens').first().waitFor();
    await page.getByText('It has sent no transaction yet.').waitFor();
    await page.goto(`${bank.page.base}/transactions/${id}`);
    await page.getByText('It is in block').waitFor();
    await fits(page, pictured('transaction'));
    await page.getByRole('link', { name: 'where it can be checked' }).click();
    await page.getByText('Its validator got 12 tokens: 5 that came into being').waitFor();
    await page.getByRole('button', { name: 'Check this block' }).click();
    await page.getByText('✓ Every rule holds.').waitFor();
    await page.getByRole('button', { name: 'Check the transactions' }).click();
    await page.getByText('✓ Every signature, TransactionRoot and Fees hold.').waitFor();
    await page.getByText('Try to cheat with the first transaction').click();
    await page.getByLabel('Amount', { exact: true }).fill('250');
    await page.getByText('Signature is not that of From').waitFor();
    await fits(page, pictured('block'));
    await page.goto(`${bank.page.base}/accounts/${'5'.repeat(64)}`);
    await page.getByText('There is no account sort1').waitFor();
    await fits(page, pictured('no-account'));
    expect(bank.page.faults).toEqual([]);
  });

  it('checks a draw among bonded stakes, and leads from its winner to the account', async () => {
    const bank = await Bank.open('lottery');
    const { headers, address } = await bank.page.takeSeat(100);
    const drawn = async (): Promise<unknown> => {
      await bank.call('draw');
      return bank.call('getaccount', [address]).catch(() => undefined);
    };
    await expect.poll(drawn).toMatchObject({ Bonded: '100' });
    await bank.page.post('{"Data":77}', headers);
    const height = Number(await bank.call('getblockcount'));
    await bank.call('draw');
    await expect.poll(() => bank.call('getblockcount')).toBe(height + 1);
    const page = await open(`${bank.page.base}/blocks/${height + 1}`, { viewport: phone });
    await page.getByRole('heading', { name: 'No transactions' }).waitFor();
    await page.getByRole('button', { name: 'Check this draw' }).click();
    await page.getByText('✓ Every rule holds.').waitFor();
    await page
      .getByRole('link', { name: `${address.slice(0, 8)}…` })
      .first()
      .click();
    await page.getByRole('link', { name: 'Its account' }).click();
    await page.getByText('100 tokens at stake').waitFor();
    await page.getByText('reward of its block').waitFor();
    await fits(page, (size) => picture(page, `ledger-validator-${size}`));
    expect(bank.page.faults).toEqual([]);
  });
});
