import { describe, expect, test } from 'vitest';
import { HeardText } from '../../src/tcp/heard-text.ts';
import { candidateTaken, winnerText } from '../../src/tcp/round-text.ts';
import { balancePrompt, bpmPrompt, rejoinOffer, welcome } from '../../src/tcp/seat-text.ts';
import { wallet } from '../../src/tcp/wallet-text.ts';

const address = 'ab'.repeat(32);

/** What is heard of a text that comes whole, and of one that comes a character at a time. */
function hearings(text: string): HeardText[] {
  const whole = new HeardText();
  whole.hear(text);
  const cut = new HeardText();
  for (const character of text) cut.hear(character);
  return [whole, cut];
}

describe('what programs look for in the words of the server', () => {
  test('are three strings that never change', () => {
    expect([balancePrompt, bpmPrompt, winnerText(address)]).toEqual([
      'Enter token balance:',
      '\nEnter a new BPM:',
      `\nwinning validator: ${address}\n`,
    ]);
  });

  test.each([balancePrompt, bpmPrompt])('is the prompt that stands: %j', (prompt) => {
    for (const heard of hearings(`words before\n${prompt}`)) expect(heard.prompt).toBe(prompt);
  });

  test('is no prompt once another character follows it', () => {
    for (const heard of hearings(`${balancePrompt} `)) expect(heard.prompt).toBe('');
  });

  test('is the validator in the welcome, also behind a prompt', () => {
    for (const heard of hearings(balancePrompt + welcome(address, 100n))) expect(heard.address).toBe(address);
  });

  test('is the code in the offer to rejoin', () => {
    for (const heard of hearings(rejoinOffer('ABCD-1234', 60_000))) expect(heard.comeback).toBe('rejoin ABCD-1234');
  });

  test('is the code of a wallet', () => {
    for (const heard of hearings(wallet(address, 'ABCD-1234'))) expect(heard.comeback).toBe('login ABCD-1234');
  });

  test('is the block of a candidate, also behind a prompt', () => {
    for (const heard of hearings(bpmPrompt + candidateTaken(5, 72))) expect(heard.candidateFor).toBe(5);
  });

  test('is every winner that is announced', () => {
    for (const heard of hearings(winnerText(address) + winnerText(address))) expect(heard.height).toBe(1);
  });
});
