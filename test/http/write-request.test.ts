import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseWrite } from '../../src/http/write-request.ts';

function parse(text: string): ReturnType<typeof parseWrite> {
  return parseWrite(Buffer.from(text));
}

function whyOf(text: string): string {
  const result = parse(text);
  return 'why' in result ? result.why : `accepted: ${JSON.stringify(result)}`;
}

describe('the body of a write', () => {
  it.each([
    ['{"Data":77}', { payload: 77 }],
    ['{"BPM":0}', { payload: 0 }],
    [' {\r\n\t"Data" : 2147483647 }\n', { payload: 2_147_483_647 }],
    ['{"Stake":100}', { stake: '100' }],
    ['{"Stake":"100"}', { stake: '100' }],
    ['{"Stake":100,"Data":77}', { stake: '100', payload: 77 }],
    ['{"BPM":77,"Stake":9007199254740993}', { stake: '9007199254740993', payload: 77 }],
    // Whether it is a stake is judged by the lottery, with the words for a balance.
    ['{"Stake":-1}', { stake: '-1' }],
    ['{"Stake":1e3}', { stake: '1e3' }],
    ['{"Stake":"ten"}', { stake: 'ten' }],
  ])('may be %s', (text, expected) => {
    expect(parse(text)).toEqual(expected);
  });

  it.each([
    ['', 'the body is empty. '],
    ['x', '"x" is not JSON. '],
    ['Data=77', '"Data=77" is not JSON. '],
    ['\xff', '"\\xc3\\xbf" is not JSON. '],
    ['{"Data":077}', '"{"Data":077}" is not JSON. '],
    ['{"Data":77} x', '"{"Data":77} x" is not JSON. '],
    ['77', '"77" is no JSON object. '],
    ['null', '"null" is no JSON object. '],
    ['[77]', '"[77]" is no JSON object. '],
    ['{}', '{} says nothing. '],
    ['{"data":77}', '"data" is no key of a body. '],
    ['{"Data":77,"\u001b[2J":1}', '"{"Data":77,"\\x1b[2J":1}" is not JSON. '],
    ['{"\\u001b[2J":1}', '"\\\\u001b[2J" is no key of a body. '],
    ['{"__proto__":{"Data":1}}', '"__proto__" is no key of a body. '],
    ['{"Data":1,"BPM":1}', 'Data and BPM are the same: send one. '],
    ['{"Data":"77"}', '"77" is not a BPM. '],
    ['{"Data":[77]}', '[77] is not a BPM. '],
    ['{"Data":null}', 'null is not a BPM. '],
    ['{"Data":72.5}', '72.5 is not a BPM. '],
    ['{"Data":77.0}', '77.0 is not a BPM. '],
    ['{"Data":1e2}', '1e2 is not a BPM. '],
    ['{"Data":-1}', '-1 is not a BPM. '],
    ['{"Data":-0}', '-0 is not a BPM. '],
    ['{"Data":1e400}', '1e400 is not a BPM. '],
    ['{"Data":2147483648}', '2147483648 is too large for a BPM. '],
    ['{"Data":9007199254740993}', '9007199254740993 is too large for a BPM. '],
    ['{"Stake":{}}', '{} is not a token balance. '],
    ['{"Stake":true,"Data":77}', 'true is not a token balance. '],
  ])('is no write as %j, and says what came, what is accepted and an example', (text, begin) => {
    expect(whyOf(text).startsWith(begin)).toBe(true);
    expect(whyOf(text)).toMatch(/^[ -~]+\{"(?:Data|Stake)":\d+(?:,"Data":77)?\}\.$/);
  });

  it('takes the last of two numbers with one key, as JSON does', () => {
    expect(parse('{"Data":1,"Data":2}')).toEqual({ payload: 2 });
    expect(parse('{"Data":2,"Dat\\u0061":1}')).toEqual({ payload: 1 });
  });

  it('is refused in printable words where it is no UTF-8', () => {
    const result = parseWrite(Buffer.from([0x7b, 0xff, 0x7d]));
    expect('why' in result ? result.why : '').toMatch(/^"\{\\xff\}" is not JSON\. /);
  });

  it('is a write or an error in printable words, whatever it is', () => {
    const texts = fc.oneof(
      fc.json(),
      fc.string({ unit: 'binary' }),
      fc
        .record({ Data: fc.jsonValue(), Stake: fc.jsonValue() }, { requiredKeys: [] })
        .map((value) => JSON.stringify(value)),
    );
    fc.assert(
      fc.property(texts, (text) => {
        const result = parse(text);
        if ('why' in result) expect(result.why).toMatch(/^[ -~]+$/);
        else expect(result.payload === undefined || Number.isSafeInteger(result.payload)).toBe(true);
      }),
    );
  });

  it('keeps every BPM', () => {
    fc.assert(
      fc.property(fc.nat(2_147_483_647), fc.constantFrom('Data', 'BPM'), (payload, key) => {
        expect(parse(`{"${key}":${payload}}`)).toEqual({ payload });
      }),
    );
  });
});
