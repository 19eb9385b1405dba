import type { NetworkInterfaceInfo } from 'node:os';
import { Chalk } from 'chalk';
import { describe, expect, it } from 'vitest';
import { joinCommands } from '../../../../src/cli/join-commands.ts';
import { type BannerFacts, banner } from '../../../../src/cli/serve/console/banner.ts';

function entry(family: 'IPv4' | 'IPv6', address: string, internal: boolean): NetworkInterfaceInfo {
  const common = { address, netmask: '', mac: '', internal, cidr: null };
  return family === 'IPv4' ? { ...common, family } : { ...common, family, scopeid: 0 };
}

const networkInterfaces = {
  lo: [entry('IPv4', '127.0.0.1', true), entry('IPv6', '::1', true)],
  eth0: [entry('IPv4', '192.168.1.7', false), entry('IPv6', 'fe80::1', false), entry('IPv6', '2001:db8::7', false)],
  wlan0: [entry('IPv4', '10.0.0.7', false)],
  gone: undefined,
};

const facts: BannerFacts = {
  version: '1.2.3',
  host: 'localhost',
  addresses: ['127.0.0.1', '::1'],
  port: 9000,
  height: 0,
  dataDir: 'data',
  pace: { kind: 'lottery', intervalMs: 30_000 },
  beacons: [],
  chainBroadcastIntervalMs: 60_000,
  connectionsMax: 10_000,
  connectionsNote: undefined,
  isSandbox: false,
  takenAtWord: undefined,
  seed: undefined,
  peerAddress: undefined,
  networkInterfaces,
  page: 'http://localhost:9001/',
};

const plain = new Chalk({ level: 0 });

describe('the command to join', () => {
  it('is nc localhost where the server is for this machine only', () => {
    expect(joinCommands(facts)).toEqual(['nc localhost 9000']);
  });

  it('is that address where the server listens on one', () => {
    expect(joinCommands({ ...facts, host: '192.168.1.7', port: 9100 })).toEqual(['nc 192.168.1.7 9100']);
  });

  it('is there for every address of the machine that can reach a public server', () => {
    expect(joinCommands({ ...facts, host: '0.0.0.0' })).toEqual([
      'nc localhost 9000',
      'nc 192.168.1.7 9000',
      'nc 10.0.0.7 9000',
    ]);
    expect(joinCommands({ ...facts, host: '::' })).toContain('nc 2001:db8::7 9000');
    expect(joinCommands({ ...facts, host: '::' }).join()).not.toContain('fe80');
  });
});

describe('the banner', () => {
  it('says how other nodes dial this one, where they can', () => {
    expect(banner(facts, plain)).not.toContain('peers');
    const peerAddress = '/ip4/192.0.2.1/tcp/9002/p2p/12D3KooWFAwAkAfJaEG4jw8c2VpBzta8LK6rwYskk1MXWS2Yxg7K';
    expect(banner({ ...facts, peerAddress }, plain)).toContain(`\n  peers      join with --peer ${peerAddress}\n`);
  });

  it('ends with the command to join', () => {
    expect(banner(facts, plain)).toMatch(/\nJoin from another terminal:\nnc localhost 9000\n$/);
  });

  it('says where the chain stands, the rounds, the addresses, and why there are fewer connections than asked for', () => {
    const text = banner({ ...facts, height: 7, connectionsMax: 900, connectionsNote: 'as the limit allows' }, plain);
    expect(text).toContain('sortition 1.2.3\n');
    expect(text).toContain('8 blocks, verified, kept in data\n');
    expect(text).toContain('every 30 s; the whole chain to everybody every 60 s\n');
    expect(text).toContain('127.0.0.1 and ::1, port 9000; up to 900 connections, as the limit allows\n');
  });

  it('says which blocks were taken at the word of a checkpoint, and how to verify them again', () => {
    expect(banner({ ...facts, takenAtWord: 4000 }, plain)).toContain(
      '\n  checkpoint blocks 0 to 4000 were verified by a server on this directory before; --verify-all does so again\n',
    );
    expect(banner(facts, plain)).not.toContain('checkpoint');
  });

  it('says that the chain is a sandbox where it is one', () => {
    expect(banner(facts, plain)).not.toContain('sandbox');
    expect(banner({ ...facts, isSandbox: true }, plain)).toContain('\n  sandbox    tokens without value');
  });

  it('says where the page is or why there is none, above the command to join, or nothing where nobody wants one', () => {
    expect(banner(facts, plain)).toContain('  page       http://localhost:9001/\n');
    expect(banner({ ...facts, page: 'none: its port is taken' }, plain)).toContain(
      '  page       none: its port is taken\n',
    );
    expect(banner({ ...facts, page: undefined }, plain)).not.toContain('page ');
  });

  it('is plain where there is no colour, and says the same where there is', () => {
    const escapeByte = String.fromCharCode(0x1b);
    const painted = banner(facts, new Chalk({ level: 1 }));
    expect(banner(facts, plain)).not.toContain(escapeByte);
    expect(painted).toContain(escapeByte);
    expect(painted.replaceAll(new RegExp(`${escapeByte}\\[\\d+m`, 'g'), '')).toBe(banner(facts, plain));
  });
});
