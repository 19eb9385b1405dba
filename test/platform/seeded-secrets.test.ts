import { describe, expect, it } from 'vitest';
import { SeededSecrets, seededWallets } from '../../src/platform/seeded-secrets.ts';

/** One of each secret, and two of those that are asked for again and again. */
function secretsOf(seed: string): readonly string[] {
  const secrets = new SeededSecrets(seed);
  const salt = secrets.newSalt();
  const authority = secrets.authority(salt);
  return [
    salt,
    secrets.newAddress(),
    secrets.newAddress(),
    secrets.newCode(),
    secrets.newCode(),
    secrets.lastLink(salt, 0),
    secrets.lastLink(salt, 1),
    authority.key,
    authority.sign('text'),
    secrets.miner(salt).key,
    seededWallets(seed).signer(0).key,
  ];
}

describe('secrets of a seed', () => {
  it('are the same for the same seed, and all others for another', () => {
    const [one, same, other] = ['one', 'one', 'two'].map(secretsOf);
    expect(same).toEqual(one);
    expect(new Set([...(one ?? []), ...(other ?? [])]).size).toBe(22);
  });
});
