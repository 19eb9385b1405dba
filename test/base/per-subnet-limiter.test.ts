import { describe, expect, it } from 'vitest';
import { PerSubnetLimiter } from '../../src/base/per-subnet-limiter.ts';

describe('the connections of one network address', () => {
  it('are at most so many, and the place of one that ends is free again', () => {
    const neighbours = new PerSubnetLimiter(2);
    const leave = neighbours.enter('192.0.2.1');
    expect(leave).toBeDefined();
    expect(neighbours.enter('192.0.2.1')).toBeDefined();
    expect(neighbours.enter('192.0.2.1')).toBeUndefined();
    expect(neighbours.enter('192.0.2.2')).toBeDefined();
    leave?.();
    expect(neighbours.enter('192.0.2.1')).toBeDefined();
    expect(neighbours.enter('192.0.2.1')).toBeUndefined();
  });

  it.each([
    ['192.0.2.1', '::ffff:192.0.2.1'],
    ['2001:db8:0:1::1', '2001:db8:0:1:ffff::2'],
    ['2001:db8::1', '2001:db8:0:0:5:6:7:8'],
    ['fe80::1%eth0', 'fe80::2%eth1'],
    ['::2', '::3'],
  ])('are counted together for %s and %s', (one, other) => {
    const neighbours = new PerSubnetLimiter(1);
    expect(neighbours.enter(one)).toBeDefined();
    expect(neighbours.enter(other)).toBeUndefined();
  });

  it.each([
    ['192.0.2.1', '192.0.2.2'],
    ['2001:db8:0:1::1', '2001:db8:0:2::1'],
    ['2001:db8:1::', '2001:db8::1'],
  ])('are counted apart for %s and %s', (one, other) => {
    const neighbours = new PerSubnetLimiter(1);
    expect(neighbours.enter(one)).toBeDefined();
    expect(neighbours.enter(other)).toBeDefined();
  });

  it.each(['127.0.0.1', '127.1.2.3', '::1', '::ffff:127.0.0.1'])(
    'are without limit from this machine: %s',
    (address) => {
      const neighbours = new PerSubnetLimiter(1);
      for (let count = 0; count < 10; count++) expect(neighbours.enter(address)).toBeDefined();
    },
  );

  it('are without limit at 0', () => {
    const neighbours = new PerSubnetLimiter(0);
    for (let count = 0; count < 10; count++) expect(neighbours.enter('192.0.2.1')).toBeDefined();
  });
});
