/**
 * An Ed25519 key pair (RFC 8032). `key` is the public key in 64 lower-case hex digits; `sign` returns a signature in 128. A message given as a
 * string stands for its UTF-8 bytes.
 */
export interface Signer {
  readonly key: string;
  sign(message: string | Uint8Array): string;
}

/** A signer that can also sign many texts beside the event loop. */
export interface GroupSigner extends Signer {
  /** The signatures of texts, in their order. */
  signAll(messages: readonly string[]): Promise<readonly string[]>;
}

/** True when `signature` is a valid signature of the message by `key`, by the rule of SPEC 2. Both are lower-case hex. */
export type VerifySignature = (key: string, message: string | Uint8Array, signature: string) => boolean;

/** True for 128 lower-case hex digits: the form of a signature. */
export function isSignature(text: unknown): text is string {
  return typeof text === 'string' && /^[0-9a-f]{128}$/.test(text);
}

/**
 * Wraps a check of the group equation R = encode(S·B − k·A) in the rest of SPEC 2's rule: A and R are canonical encodings of points that are not
 * of small order, and S is below the order of the group. Libraries differ in these cases, so they are decided here. `holdsEquation` need only
 * be right for inputs that pass these checks; it must not multiply by the cofactor.
 */
export function strictVerify(holdsEquation: VerifySignature): VerifySignature {
  return (key, message, signature) =>
    isPoint(key) &&
    isPoint(signature.slice(0, pointDigits)) &&
    isScalar(signature.slice(pointDigits)) &&
    holdsEquation(key, message, signature);
}

/** Hex digits of an encoded point, and of a scalar. */
const pointDigits = 64;

/** A point is its y coordinate, little-endian, with the sign of x in the highest bit. Whether the curve has such a point is not checked. */
function isPoint(digits: string): boolean {
  return !nonCanonical.test(digits) && !smallOrder.test(digits);
}

/** A y from p = 2^255 - 19 on: another encoding of y - p. */
const nonCanonical = /^(?:e[d-f]|f[0-9a-f])(?:ff){30}[7f]f$/;

/** The y coordinates of the eight points of small order (RFC 7748, 7, lists them for the other form of the curve), with either sign. */
const smallOrder = new RegExp(
  `^(?:${[
    `${'00'.repeat(31)}[08]0`, // order 4
    `01${'00'.repeat(30)}[08]0`, // order 1, the neutral point
    `ec${'ff'.repeat(30)}[7f]f`, // order 2
    '26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc[08]5', // order 8
    'c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03[7f]a', // order 8
  ].join('|')})$`,
);

/** A scalar below L, the order of the group of B; little-endian. */
function isScalar(digits: string): boolean {
  // L is a little more than 2^252, so nearly always the last byte decides.
  const last = digits.slice(-2);
  if (last !== order.slice(0, 2)) return last < order.slice(0, 2);
  const bytes = digits.match(/../g) ?? [];
  return bytes.reverse().join('') < order;
}

/** L = 2^252 + 27742317777372353535851937790883648493 (RFC 8032, 5.1), big-endian. */
const order = '1000000000000000000000000000000014def9dea2f79cd65812631a5cf5d3ed';
