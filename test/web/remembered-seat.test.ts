import { expect, it } from 'vitest';
import { readSeat, seatText } from '../../src/web/remembered-seat.ts';

it.each([
  { comeback: 'rejoin ABCD-EFGH-JKMN' },
  { comeback: 'login ABCD-EFGH' },
  { comeback: 'rejoin ABCD-EFGH-JKMN', candidate: { index: 7, bpm: '2147483647' } },
])('a tab remembers %j', (seat) => {
  expect(readSeat(seatText(seat))).toEqual(seat);
});

it.each(['', 'quit', '100', 'rejoin', 'rejoin A\nquit', 'rejoin A for 7', 'send x 1', 'rejoin A for x 1'])(
  'a tab takes %j for no seat',
  (text) => {
    expect(readSeat(text)).toBeUndefined();
  },
);
