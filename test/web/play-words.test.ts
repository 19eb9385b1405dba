import { describe, expect, it } from 'vitest';
import { isDrawn } from '../../src/core/block.ts';
import type { CheckedBlock } from '../../src/web/block-checker.ts';
import { PlayTalk } from '../../src/web/play-talk.ts';
import { numberFault, resultWords, seatWords, verdictWords } from '../../src/web/play-words.ts';
import { buildChain, candidatesWith } from '../core/build-chain.ts';

const [block] = buildChain([candidatesWith([1000n, 2000n])], 4).filter(isDrawn);
if (block === undefined) throw new Error('a chain of one draw has a drawn block');
const { Validator, Draw } = block;
const own = 'f'.repeat(64);

function checked(changes: Partial<CheckedBlock> = {}): CheckedBlock {
  return { index: 1, block, fault: undefined, tickets: { first: 0n, last: 999n }, ...changes };
}

describe('what a person in a browser reads of a draw', () => {
  it('is that they have won', () => {
    expect(resultWords(checked(), Validator, 'Ada').headline).toBe('You won block 1!');
  });

  it('is who else has won, and which tickets were theirs', () => {
    const { headline, facts } = resultWords(checked(), own, 'Ada');
    expect(headline).toBe('Ada won block 1');
    expect(facts.replaceAll(/[\u202f\u00a0,]/g, '')).toBe(
      `Ticket ${Draw.Ticket} of 3000 was drawn; yours were 0 to 999.`,
    );
  });

  it('is one ticket where they have one, and none where they have none', () => {
    expect(resultWords(checked({ tickets: { first: 7n, last: 7n } }), own, 'Ada').facts).toMatch(/; yours was 7\.$/);
    expect(resultWords(checked({ tickets: undefined }), own, 'Ada').facts).toMatch(/ was drawn\.$/);
  });
});

describe('the verdict of a browser', () => {
  const fault = { index: 1, rule: 'hash', why: 'it is another one' } as const;

  it('is that every rule holds, or which one does not', () => {
    expect(verdictWords(checked(), own, false)).toBe('✓ Every rule holds, checked in this browser.');
    expect(verdictWords(checked({ fault }), own, false)).toBe('✗ Block 1 breaks the rule “hash”: it is another one.');
  });

  it('is that the server lied where it said that somebody has won who has not', () => {
    expect(verdictWords(checked(), Validator, true)).toMatch(/^✓/);
    expect(verdictWords(checked(), own, true)).toBe(
      '✗ The server told you that you won block 1, and its chain says something else.',
    );
  });
});

describe('what a person in a browser may enter', () => {
  it.each(['0', '72', ' 72 ', '007', '9'.repeat(80)])('is the number %j', (text) => {
    expect(numberFault(text)).toBeUndefined();
  });

  it.each(['', ' ', '7,2', '7.2', '-1', '+1', '1e3', '0x10', '٧', 'quit'])(
    'is not %j, of which nothing is sent',
    (text) => {
      expect(numberFault(text)).toBe('Digits only, for example 72. Nothing was sent.');
    },
  );
});

describe('what a person in a browser reads of their seat', () => {
  it('is that there is no contact only when there was one before', () => {
    const talk = new PlayTalk(undefined);
    expect([seatWords(talk, false).headline, seatWords(talk, true).headline]).toEqual([
      'Connecting …',
      'No contact with the server',
    ]);
  });
});
