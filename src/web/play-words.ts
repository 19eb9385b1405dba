import { isDrawn } from '../core/block.ts';
import { amountText, pluralizeAmount, shareText } from './amount-text.ts';
import type { CheckedBlock } from './block-checker.ts';
import type { PlayTalk } from './play-talk.ts';

/** A large line and a smaller one below it. */
export interface PlayWords {
  readonly headline: string;
  readonly facts: string;
}

/** What a person in a browser reads of their seat. */
export function seatWords(talk: PlayTalk, hasBeenHeard: boolean): PlayWords {
  switch (talk.stage) {
    case 'away':
      return hasBeenHeard
        ? { headline: 'No contact with the server', facts: 'This tab comes back to its seat by itself.' }
        : { headline: 'Connecting …', facts: '' };
    case 'balance':
      return { headline: 'How many tokens do you stake?', facts: 'Each token is a ticket, and one ticket wins.' };
    case 'bpm':
      return validatorWords(talk);
    case 'over':
      return { headline: 'Your seat is over', facts: '' };
  }
}

function validatorWords({ candidates, tickets, stake = '0' }: PlayTalk): PlayWords {
  const candidate = candidates.at(-1);
  const staked = stake === '0' ? '' : `You stake ${pluralizeAmount(stake, 'token')}.`;
  if (candidate === undefined) return { headline: 'Enter a BPM', facts: staked };
  const held =
    tickets === undefined
      ? ''
      : ` You hold ${amountText(tickets[0])} of ${pluralizeAmount(tickets[1], 'ticket')} so far, ${shareText(...tickets)}.`;
  return { headline: `You are in for block ${amountText(candidate.index)}`, facts: `BPM ${candidate.bpm}.${held}` };
}

/** What a block was to a person: who made it, by what they are called, which ticket was drawn, and which were theirs. */
export function resultWords(
  { index, block, tickets }: CheckedBlock,
  own: string | undefined,
  called: string,
): PlayWords {
  const name = `block ${amountText(index)}`;
  if (block === undefined) return { headline: `What came as ${name} is none`, facts: '' };
  const isOwn = block.Validator === own;
  if (!isDrawn(block))
    return {
      headline: isOwn ? `${capital(name)} is yours` : `${capital(name)} by ${called}`,
      facts: `BPM ${block.BPM}.`,
    };
  const { Ticket, TotalStake } = block.Draw;
  const drawn = `Ticket ${amountText(Ticket)} of ${amountText(TotalStake)} was drawn`;
  const yours =
    tickets === undefined
      ? '.'
      : tickets.first === tickets.last
        ? `; yours was ${amountText(String(tickets.first))}.`
        : `; yours were ${amountText(String(tickets.first))} to ${amountText(String(tickets.last))}.`;
  return {
    headline: isOwn ? `You won ${name}!` : `${called} won ${name}`,
    facts: drawn + yours,
  };
}

/** What this browser found when it checked a block. `saidWon`: the server told this person that they have won it. */
export function verdictWords({ index, block, fault }: CheckedBlock, own: string | undefined, saidWon: boolean): string {
  if (fault !== undefined) return `✗ Block ${fault.index} breaks the rule “${fault.rule}”: ${fault.why}.`;
  if (saidWon && block?.Validator !== own)
    return `✗ The server told you that you won block ${index}, and its chain says something else.`;
  return '✓ Every rule holds, checked in this browser.';
}

/** Why a text is no number that can be sent; undefined for one. Anything else than a number at the prompt for a BPM would cost the stake. */
export function numberFault(text: string): string | undefined {
  return /^\s*[0-9]+\s*$/.test(text) ? undefined : 'Digits only, for example 72. Nothing was sent.';
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
