import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseExact } from '../../src/core/exact-json.ts';
import { parseBlock } from '../../src/core/parse-block.ts';

describe('the text of a value', () => {
  it('is read when it is the one that every writer of JSON gives it', () => {
    fc.assert(
      fc.property(fc.json(), (json) => {
        const text = JSON.stringify(JSON.parse(json));
        expect(JSON.stringify(parseExact(text))).toBe(text);
      }),
    );
  });

  it.each(['{"a":1,"a":1}', '{"a":1,"a":2}', '{"a": 1}', '1.0', '1e0', '-0', '"\\u0041"', ' 1', '1\n', '{', ''])(
    'is not %j',
    (text) => {
      expect(parseExact(text)).toBeUndefined();
    },
  );

  it('is what is wrong with a block that has another one', () => {
    for (const index of [0, 1]) {
      expect(parseBlock(parseExact('{"Index":0,"Index":0}'), index)).toEqual({
        why: 'its text is not JSON as a server writes it: no key twice, plain numbers, no escapes',
      });
    }
  });
});
