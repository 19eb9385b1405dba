import type { Stopped } from '../http/api/types.ts';

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
