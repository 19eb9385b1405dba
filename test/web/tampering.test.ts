import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fieldsOf, pathName, replaceField, typedLike } from '../../src/web/tampering.ts';
import { readExample } from '../core/example.ts';

const [, block] = readExample().chain;

describe('the fields of a block', () => {
  it('are all of its texts and numbers, under their names', () => {
    const names = fieldsOf(block).map(({ path }) => pathName(path));
    expect(names.slice(0, 7)).toEqual(['Index', 'Timestamp', 'BPM', 'Hash', 'PrevHash', 'Validator', 'Draw.Reveal']);
    expect(names.at(-2)).toMatch(/^Draw\.Path\[\d\]\.Stake$/);
    expect(names.at(-1)).toBe('Signature');
  });

  it('can be replaced one by one, and nothing else changes, not even the order of the keys', () => {
    const fields = fieldsOf(block);
    fc.assert(
      fc.property(fc.constantFrom(...fields), fc.oneof(fc.string(), fc.integer()), ({ path, value }, other) => {
        const lie = replaceField(block, path, other);
        expect(fieldsOf(lie).map(({ path }) => pathName(path))).toEqual(fields.map(({ path }) => pathName(path)));
        expect(fieldsOf(lie).find((field) => pathName(field.path) === pathName(path))?.value).toBe(other);
        expect(JSON.stringify(replaceField(lie, path, value))).toBe(JSON.stringify(block));
      }),
    );
  });

  it('stay numbers when a number is typed where one stood', () => {
    expect(typedLike(72, '73')).toBe(73);
    expect(typedLike(72, '-1.5')).toBe(-1.5);
    expect(typedLike(72, '0x10')).toBe('0x10');
    expect(typedLike('72', '73')).toBe('73');
    expect(typedLike(72, '')).toBe('');
  });
});
