import { expect, it } from 'vitest';
import { asIPv4, isLoopback, isMissing, listenAddresses } from '../../src/base/host.ts';

it('localhost is this machine by both kinds of address, and any address is itself', () => {
  expect(listenAddresses('localhost')).toEqual(['127.0.0.1', '::1']);
  expect(listenAddresses('0.0.0.0')).toEqual(['0.0.0.0']);
});

it.each(['localhost', '127.0.0.1', '127.255.0.3', '::1'])('%s is reached by this machine only', (host) => {
  expect(isLoopback(host)).toBe(true);
});

it.each(['0.0.0.0', '::', '192.168.127.1', '12.7.0.1', '::2'])('%s is reached by others', (host) => {
  expect(isLoopback(host)).toBe(false);
});

it('an address is missing by what the system says', () => {
  expect(['EADDRNOTAVAIL', 'EAFNOSUPPORT', 'EADDRINUSE', 'EACCES', undefined].map(isMissing)).toEqual([
    true,
    true,
    false,
    false,
    false,
  ]);
});

it('an IPv4 address is itself, also where a socket of IPv6 shows it', () => {
  const addresses = ['::ffff:192.0.2.1', '::FFFF:192.0.2.1', '192.0.2.1', '::1', '::ffff:c000:201'];
  expect(addresses.map(asIPv4)).toEqual(['192.0.2.1', '192.0.2.1', '192.0.2.1', '::1', '::ffff:c000:201']);
});
