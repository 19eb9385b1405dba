import fc from 'fast-check';

/** Any character; half of a surrogate pair, too. The unit 'binary' of fast-check is a table of all that takes seconds to build. */
const unit = fc.oneof(fc.nat(0xff), fc.nat(0xffff), fc.nat(0x10ffff)).map((code) => String.fromCodePoint(code));

/** A text of any characters at all. */
export function anyText(
  lengths: { readonly minLength?: number; readonly maxLength?: number } = {},
): fc.Arbitrary<string> {
  return fc.string({ ...lengths, unit });
}
