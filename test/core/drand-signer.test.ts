import { describe, expect, it } from 'vitest';
import { runToEnd } from '../../src/base/run-to-end.ts';
import { drandVerifier } from '../../src/core/drand-signature.ts';
import { DrandSigner } from '../../src/core/drand-signer.ts';

const order = '73eda753299d7d483339d80809a1d80553bda402fffe5bfeffffffff00000001';

describe('the key of a beacon', () => {
  const secret = DrandSigner.newSecret(new Uint8Array(48).fill(7));
  const signer = new DrandSigner(secret);

  it('signs each round as drand does', () => {
    const verify = drandVerifier();
    const signature = signer.sign(7);
    expect(runToEnd(verify(signer.publicKey, 7, signature))).toBe(true);
    expect(runToEnd(verify(signer.publicKey, 8, signature))).toBe(false);
    expect(new DrandSigner(secret).sign(7)).toBe(signature);
  });

  it('is a scalar from 1 to the order of the groups', () => {
    expect(DrandSigner.isSecret(secret)).toBe(true);
    expect(DrandSigner.isSecret(`${'0'.repeat(63)}1`)).toBe(true);
    expect(DrandSigner.isSecret('0'.repeat(64))).toBe(false);
    expect(DrandSigner.isSecret(`${order.slice(0, -1)}0`)).toBe(true);
    expect(DrandSigner.isSecret(order)).toBe(false);
    expect(DrandSigner.isSecret('1')).toBe(false);
  });
});
