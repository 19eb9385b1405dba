import type { Status } from '../http/api/types.ts';
import { amountText } from './amount-text.ts';
import type { Contact } from './contact.ts';
import { haltWords } from './status-words.ts';

/** What a live page knows at a moment. */
export interface LiveMoment {
  readonly contact: Contact;
  /** Undefined before the first event. */
  readonly status: Pick<Status, 'consensus' | 'phase' | 'height' | 'network'> | undefined;
  readonly remainingMs: number;
  /** The words of a result that is shown. */
  readonly result: string | undefined;
}

/** The title of the tab of a live page, for those who look at another: the winner, what is in the way, or the seconds that are left. */
export function tabTitle({ contact, status, remainingMs, result }: LiveMoment): string {
  return `${wordsOf({ contact, status, remainingMs, result })} · sortition`;
}

function wordsOf({ contact, status, remainingMs, result }: LiveMoment): string {
  if (contact === 'stopped') return 'Stopped';
  if (contact === 'silent') return 'No answer';
  if (status === undefined) return 'Live';
  const words = result ?? haltWords(status);
  if (words !== undefined) return words;
  const isCounting = status.consensus === 'lottery' && status.network?.authority === undefined;
  return isCounting
    ? `${amountText(Math.max(0, Math.ceil(remainingMs / 1000)))} s`
    : `Block ${amountText(status.height)}`;
}
