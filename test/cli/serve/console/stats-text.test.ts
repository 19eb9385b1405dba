import { Chalk } from 'chalk';
import { expect, it } from 'vitest';
import { statsText } from '../../../../src/cli/serve/console/stats-text.ts';

it('the stats name everything that is counted, with rates, delays and memory', () => {
  const text = statsText(
    {
      upMs: 3_725_000,
      spanMs: 65_000,
      connections: 3,
      connectionsMax: 10_000,
      validators: 2,
      ended: [
        ['left', 12],
        ['slow-reader', 0],
        ['an-ending-of-thirty-characters', 345],
        ['as-long-as-there-is-room', 67],
        ['next', 8],
      ],
      refused: [['full', 1]],
      slowed: [['floods', 4]],
      chains: [
        ['sent', 5],
        ['skipped', 6],
      ],
      linesIn: { all: 1234, perSecond: 2.5 },
      bytesIn: { all: 999, perSecond: 0 },
      bytesOut: { all: 2_500_000, perSecond: 1500 },
      late: { medianMs: 0.04, mostMs: 1.25, longestMs: 9 },
      memory: { residentBytes: 70e6, heapBytes: 12e6, heapMaxBytes: 2e9, buffersBytes: 3e6 },
    },
    new Chalk({ level: 0 }),
  );
  expect(text).toBe(`  up          1 h 2 min; rates and delays are those of the last 1 min 5 s
  connections 3 of 10000, 2 with a balance
  ended       left 12, slow-reader 0, an-ending-of-thirty-characters 345,
              as-long-as-there-is-room 67, next 8
  refused     full 1
  slowed      floods 4
  chains      sent 5, skipped 6
  lines in    1234, 2.5 a second
  bytes in    999 B, 0 B a second
  bytes out   2.5 MB, 1.5 KB a second
  event loop  late by 0.0 ms (median), 1.3 ms (99 %), 9.0 ms (once)
  memory      70.0 MB resident; heap 12.0 MB of 2000.0 MB; buffers 3.0 MB
`);
});
