import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { recogniseProtocol } from '../../src/tcp/foreign-protocol.ts';

describe('a program that means another protocol', () => {
  it.each([
    ['http', 'GET / HTTP/1.1'],
    ['http', 'HEAD /favicon.ico HTTP/1.0'],
    ['http', 'CONNECT example.org:443 HTTP/1.1'],
    ['http', 'PRI * HTTP/2.0'],
    ['http', 'M-SEARCH * HTTP/1.1'],
    ['http', `GET /${'x'.repeat(4000)}`],
    ['ssh', 'SSH-2.0-OpenSSH_9.2p1 Debian-2'],
    ['ssh', 'SSH-1.99'],
    ['tls', '\x16\x03\x01\x02\x00\x01\x00'],
    ['tls', '\x16\x03\x03'],
  ])('is known as %s by %j', (protocol, line) => {
    expect(recogniseProtocol(line)).toBe(protocol);
  });

  it.each([
    '',
    '100',
    'GET',
    'GET /',
    `GET /${'x'.repeat(3999)}`,
    `GET x${'x'.repeat(4000)}`,
    'GET / HTTP',
    'get / HTTP/1.1',
    'I like HTTP/1.1 best',
    'SSH',
    'SSH-',
    '\x16',
    '\x16\x03',
    '\x16\x16\x03\x01',
  ])('is not %j', (line) => {
    expect(recogniseProtocol(line)).toBeUndefined();
  });

  it('is never seen in a balance that a person types, whatever stands around or behind the digits', () => {
    const balance = fc.stringMatching(/^[ \t]*[0-9]{1,40}/);
    fc.assert(
      fc.property(balance, fc.string({ unit: 'binary-ascii' }), (digits, rest) => {
        expect(recogniseProtocol(digits + rest)).toBeUndefined();
      }),
    );
  });
});
