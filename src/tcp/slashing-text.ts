import { escapeForDisplay } from '../base/escape-for-display.ts';
import type { ChainKind } from '../consensus/engine.ts';
import type { SlashResult, StrikeResult } from '../node/participant.ts';
import type { InvalidPayload } from '../node/ports.ts';
import { errorLine } from './error-line.ts';

/** What a person at nc reads of tainted blocks, and of what they cost. */

/** People who type a word at the BPM prompt often want to leave. */
const howToLeave = 'To leave at no cost, type quit.';

/** Why a line of a validator is a tainted block. It ends without LF, because a sentence about the consequence follows. */
export function notABpm({ text, problem, max }: InvalidPayload): string {
  const reason = problem === 'not a number' ? 'is not a BPM' : 'is too large for a BPM';
  return `"${escapeForDisplay(text)}" ${reason}. A BPM is a whole number from 0 to ${max}, digits only, for example 72.`;
}

/** After a tainted block that does not cost the stake yet. */
export function tainted({ invalid, stake, strikesLeft }: StrikeResult): string {
  const [next, later] =
    stake === 0n
      ? ['closes this connection', 'the server closes this connection']
      : ['costs you your stake', 'you lose your stake'];
  const warning = strikesLeft === 1 ? `The next tainted block ${next}.` : `After ${strikesLeft} more ${later}.`;
  return errorLine(`${notABpm(invalid)} ${howToLeave} ${warning}`);
}

/** Instead of `tainted` when the disk refused to store the strike. */
export function taintedUnstored({ invalid }: StrikeResult): string {
  return errorLine(
    `${notABpm(invalid)} This tainted block counts until the server stops; its disk refused to keep that for longer.`,
  );
}

/** Instead of `slashed` when the disk refused to store it: the last words, too. */
export function slashedUnstored({ invalid }: SlashResult): string {
  return errorLine(
    `${notABpm(invalid)} You lose your stake and your place in this round, but the disk of the server refused to keep that: it is not known whether your rejoin code works after a restart. The server closes this connection.`,
  );
}

/** After the tainted block that costs the stake (SPEC 1), or what waits where nothing is at stake. */
export function slashed({ invalid, stake }: SlashResult, kind: ChainKind = 'lottery'): string {
  if (kind !== 'lottery') {
    const waiting = kind === 'work' ? 'BPMs of yours that wait become no blocks, and the' : 'The';
    return `Slashed: ${notABpm(invalid)} ${howToLeave} ${waiting} server closes this connection.\n`;
  }
  const lost = `${stake} ${stake === 1n ? 'token' : 'tokens'}`;
  return `Slashed: ${notABpm(invalid)} ${howToLeave} You lose your stake of ${lost} and your place in this round, and the server closes this connection.\n`;
}
