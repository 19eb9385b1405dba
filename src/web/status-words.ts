import { limits } from '../http/api/limits.ts';
import type { Seal, Status, Stopped } from '../http/api/types.ts';
import { amountText } from './amount-text.ts';

/** The text beside the countdown; `remainingMs` is the time until the draw is due, below 0 when it is overdue. */
export function untilWords(
  { consensus, phase, height, seal, network }: Pick<Status, 'consensus' | 'phase' | 'height' | 'seal' | 'network'>,
  remainingMs: number,
): string {
  if (consensus !== 'lottery' || network?.authority !== undefined) return withoutRounds({ phase, height });
  const next = `block ${amountText(height + 1)}`;
  return {
    open: remainingMs < -limits.drawOverdueMs ? `the draw of ${next} is late` : `until the draw of ${next}`,
    drawing: seal === undefined ? `drawing ${next}` : waitingWords(seal),
    paused: `paused before ${next}`,
    'disk-full': `${next} is drawn, and waits for room on the disk`,
  }[phase];
}

/** The words where no block is made at the moment; undefined where nothing is in the way. */
export function haltWords({ phase, height }: Pick<Status, 'phase' | 'height'>): string | undefined {
  const next = `block ${amountText(height + 1)}`;
  if (phase === 'paused') return `Paused before ${next}`;
  return phase === 'disk-full' ? `The disk is full: ${next} waits` : undefined;
}

/** What the draw of a sealed pool waits for. */
function waitingWords({ index, rounds }: Seal): string {
  const awaited = rounds.filter(({ signature }) => signature === undefined);
  if (awaited.length === 0) return `drawing block ${amountText(index)}`;
  const names = awaited.map(({ beacon, round }) => `${beacon} round ${amountText(round)}`).join(' and ');
  const silent = awaited.some(({ isLate }) => isLate === true) ? ', which is silent' : '';
  return `the pool of block ${amountText(index)} is sealed, its draw waits for ${names}${silent}`;
}

/** The same for a chain that has no draws. */
function withoutRounds({ phase, height }: Pick<Status, 'phase' | 'height'>): string {
  const newest = `block ${amountText(height)} is the newest`;
  if (phase === 'paused') return `paused; ${newest}`;
  return phase === 'disk-full' ? `the next block waits for room on the disk; ${newest}` : newest;
}

/** The explanation that follows "The server was stopped". */
export function stopWords(why: Stopped['why']): string {
  switch (why) {
    case 'asked':
      return 'This page goes on when it is started again.';
    case 'disk-refused':
      return `Its disk refused to store a block. ${drawUnknown}`;
    case 'chain-gone':
      return `Its chain is not where it was on the disk. ${drawUnknown}`;
  }
}

const drawUnknown = 'It is not known whether that draw was kept; the chain will show it.';
