import fc from 'fast-check';
import { expect, it } from 'vitest';
import {
  batchText,
  type Change,
  controlText,
  LogError,
  readBatch,
  readControl,
  readSeatText,
  seatText,
} from '../../../src/consensus/lottery/replicated/log-entry.ts';

const text = fc.string();
const whole = fc.nat();
const seat = fc.record({ codeHash: text, address: text, stake: fc.bigInt({ min: 0n }), strikes: whole });
const change: fc.Arbitrary<Change> = fc.oneof(
  fc.record({
    kind: fc.constant('candidate' as const),
    validator: text,
    stake: fc.bigInt({ min: 0n }),
    payload: whole,
  }),
  fc.record({ kind: fc.constant('withdrawn' as const), validator: text }),
  fc.record({ kind: fc.constantFrom('seat' as const, 'seat-left' as const), seat }),
  fc.record({ kind: fc.constant('seat-gone' as const), codeHash: text }),
  fc.record({ kind: fc.constantFrom('paused' as const, 'resumed' as const, 'round-over' as const) }),
);

it('reads every batch, control entry and seat as it was written', () => {
  fc.assert(
    fc.property(whole, fc.array(change), text, seat, (read, changes, words, one) => {
      expect(readBatch(batchText({ read, changes }))).toEqual({ read, changes });
      for (const entry of [
        { kind: 'closed', index: read, timestamp: words } as const,
        { kind: 'block', text: words } as const,
      ])
        expect(readControl(controlText(entry))).toEqual(entry);
      expect(readSeatText(seatText(one, words))).toEqual({ seat: one, door: words });
    }),
  );
});

it.each([
  ['no JSON', '{'],
  ['a list', '[]'],
  ['null', 'null'],
  ['no position', '{"changes":[]}'],
  ['a position below 0', '{"read":-1,"changes":[]}'],
  ['no list of changes', '{"read":1,"changes":{}}'],
  ['a change of no kind', '{"read":1,"changes":[{"kind":"bonus"}]}'],
  ['a stake that is a number', '{"read":1,"changes":[{"kind":"candidate","validator":"a","stake":1,"payload":1}]}'],
  ['a payload that is none', '{"read":1,"changes":[{"kind":"candidate","validator":"a","stake":"1","payload":1.5}]}'],
])('refuses as a batch %s', (_, wrong) => {
  expect(() => readBatch(wrong)).toThrow(LogError);
});

it('refuses a control entry of another kind, and one without its fields', () => {
  expect(() => readControl('{"kind":"term"}')).toThrow('no control entry is of the kind term');
  expect(() => readControl('{"kind":"closed","index":1}')).toThrow('timestamp');
});
