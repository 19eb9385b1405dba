/** Bounds that every node must agree on: they are part of the format (SPEC 4). Each has its unit in its name and the reason for its size beside it. */
export const limits = {
  /** SPEC 1: the largest BPM, 2^31 - 1, so that any language's 32-bit integer holds one. */
  bpmMax: 2_147_483_647,

  /**
   * SPEC 5: the rounds that a draw waits for come at least this long after its pool is sealed. It is the room that the clocks of the operator, of
   * a beacon and of those who hear the seal may differ by.
   */
  sealLeadMs: 3000,

  /** Beacons' keys that are kept ready to verify with, about 100 KB each. A chain names one or two; a reader of several chains meets a few. */
  beaconKeysKeptMax: 8,
} as const;

/** How long the keys and signatures of SPEC 2 and 5 are as text. */
export const hexDigits = {
  /** An Ed25519 signature of 64 bytes (RFC 8032). */
  signature: 128,

  /** A beacon's key, a compressed point of BLS12-381's G2 of 96 bytes. */
  beaconKey: 192,

  /** A beacon's signature, a compressed point of G1 of 48 bytes. */
  beaconSignature: 96,
} as const;
