import type { Page } from 'playwright-core';

/** Enters what the page asks for. */
export async function enters(page: Page, field: 'Token balance' | 'BPM', value: number): Promise<void> {
  await page.getByLabel(field, { exact: true }).fill(String(value));
  await page.keyboard.press('Enter');
}

/** Becomes a validator. */
export async function stakes(page: Page, tokens: number): Promise<void> {
  await enters(page, 'Token balance', tokens);
  await page.getByText(`You stake ${tokens} tokens.`).waitFor();
}

/** Proposes a BPM for a block. */
export async function proposes(page: Page, bpm: number, index: number): Promise<void> {
  await enters(page, 'BPM', bpm);
  await page.getByText(`You are in for block ${index}`).waitFor();
}
