import { describe, expect, it } from 'vitest';
import { banOf } from '../../../src/node/sync/cut-reason.ts';
import { limits } from '../../../src/node/sync/limits.ts';
import { isPrivate, networkOf } from '../../../src/node/sync/peer-group.ts';
import { PeerTable } from '../../../src/node/sync/peer-table.ts';
import { SimulatedClock } from '../../sim/simulated-clock.ts';

function open(): {
  readonly clock: SimulatedClock;
  readonly table: PeerTable;
  admit(peer: string, host: string, isInbound?: boolean): string | undefined;
} {
  const clock = new SimulatedClock();
  const table = new PeerTable(clock);
  return { clock, table, admit: (peer, host, isInbound = true) => table.admit({ peer, host, isInbound }, false) };
}

describe('the peers of a node', () => {
  it('are let in from one network up to its share, and from others still', () => {
    const { admit } = open();
    const { inboundPerNetworkMax } = limits;
    for (let count = 0; count < inboundPerNetworkMax; count++)
      expect(admit(`p${count}`, `192.0.2.${count}`)).toBeUndefined();
    expect(admit('one more', '192.0.2.250')).toBe('network-full');
    expect(admit('neighbour', '192.0.3.1')).toBeUndefined();
    expect(admit('six', '2001:db8::1')).toBeUndefined();
  });

  it('are counted by /64 for IPv6', () => {
    const { admit } = open();
    for (let count = 0; count < limits.inboundPerNetworkMax; count++)
      expect(admit(`p${count}`, `2001:db8:0:1::${count.toString(16)}`)).toBeUndefined();
    expect(admit('one more', '2001:db8:0:1:ffff::1')).toBe('network-full');
    expect(admit('neighbour', '2001:db8:0:2::1')).toBeUndefined();
  });

  it('may all be on this machine, up to the places for those who dial in', () => {
    const { admit } = open();
    const places = limits.peersMax - limits.dialledPeersMax;
    for (let count = 0; count < places; count++) expect(admit(`p${count}`, '127.0.0.1')).toBeUndefined();
    expect(admit('one more', '127.0.0.1')).toBe('full');
    expect(admit('dialled', '192.0.2.1', false)).toBeUndefined();
  });

  it('that the operator named are let in whatever else holds', () => {
    const { table, admit } = open();
    table.cut({ peer: 'named', host: '192.0.2.1' }, 'bad-block');
    expect(admit('named', '192.0.2.1')).toBe('banned');
    expect(table.admit({ peer: 'named', host: '192.0.2.1', isInbound: false }, true)).toBeUndefined();
  });

  it('that the node dials are few of one public network, and any number of a private one', () => {
    const { admit } = open();
    const { dialledPerNetworkMax, dialledPeersMax } = limits;
    for (let count = 0; count < dialledPerNetworkMax; count++)
      expect(admit(`p${count}`, `192.0.2.${count}`, false)).toBeUndefined();
    expect(admit('one more', '192.0.2.99', false)).toBe('network-full');
    for (let count = dialledPerNetworkMax; count < dialledPeersMax; count++)
      expect(admit(`p${count}`, `10.0.0.${count}`, false)).toBeUndefined();
    expect(admit('one more', '10.0.0.99', false)).toBe('full');
    expect(admit('dials in', '10.0.0.99')).toBeUndefined();
  });

  it('that were cut stay away as long as the reason says, and no longer', async () => {
    const { table, admit, clock } = open();
    admit('a', '192.0.2.1');
    table.cut({ peer: 'a', host: '192.0.2.1' }, 'bad-block');
    expect(table.find('a')).toBeUndefined();
    await clock.pass(banOf('bad-block') - 1);
    expect(admit('a', '192.0.2.1')).toBe('banned');
    expect(table.isBanned('a')).toBe(true);
    await clock.pass(1);
    expect(table.isBanned('a')).toBe(false);
    expect(admit('a', '192.0.2.1')).toBeUndefined();
  });

  it('that were not let in for want of places may come again at once', () => {
    const { table } = open();
    table.cut({ peer: 'a', host: '192.0.2.1' }, 'full');
    expect(table.isBanned('a')).toBe(false);
  });

  it('that were cut are counted by reason and listed, the last ones only', () => {
    const { table } = open();
    for (let count = 0; count < limits.cutsKeptMax + 5; count++)
      table.cut({ peer: `p${count}`, host: '192.0.2.1' }, count === 0 ? 'flood' : 'silent');
    expect(Object.fromEntries(table.cutCounts)).toEqual({ flood: 1, silent: limits.cutsKeptMax + 4 });
    expect(table.lastCuts).toHaveLength(limits.cutsKeptMax);
    expect(table.lastCuts.at(-1)).toMatchObject({ peer: `p${limits.cutsKeptMax + 4}`, reason: 'silent' });
  });

  it('that were cut are forgotten, the oldest first, when there are too many', () => {
    const { table } = open();
    for (let count = 0; count <= limits.bansMax; count++) table.cut({ peer: `p${count}`, host: '192.0.2.1' }, 'flood');
    expect(table.isBanned('p0')).toBe(false);
    expect(table.isBanned('p1')).toBe(true);
  });

  it('keep what they said last, and when', async () => {
    const { table, admit, clock } = open();
    admit('a', '192.0.2.1');
    await clock.pass(7);
    table.greeted('a', { Version: 2, Roles: ['full'] }, 3);
    table.greeted('a', { Version: 2, Roles: ['miner'] });
    table.greeted('unknown', { Version: 2, Roles: ['miner'] });
    expect(table.peers()).toEqual([
      {
        peer: 'a',
        host: '192.0.2.1',
        isInbound: true,
        hello: { Version: 2, Roles: ['miner'] },
        latencyMs: 3,
        heardMs: 7,
      },
    ]);
    table.remove('a');
    expect(table.size).toBe(0);
  });
});

describe('the network of a host', () => {
  it.each([
    ['192.0.2.1', '192.0.2.0/24'],
    ['::ffff:192.0.2.1', '192.0.2.0/24'],
    ['2001:db8:0:1::5', '2001:db8:0:1::/64'],
    ['127.0.0.1', undefined],
    ['::1', undefined],
  ])('of %s is %s', (host, network) => {
    expect(networkOf(host)).toBe(network);
  });

  it.each([
    '10.1.2.3',
    '192.168.0.1',
    '172.16.0.1',
    '172.31.0.1',
    '169.254.1.1',
    'fd00::1',
    'fe80::1',
    '127.0.0.1',
    '::1',
  ])('is private for %s', (host) => {
    expect(isPrivate(host)).toBe(true);
  });

  it.each(['11.1.2.3', '192.0.2.1', '172.15.0.1', '172.32.0.1', '2001:db8::1', 'fec0::1'])(
    'is public for %s',
    (host) => {
      expect(isPrivate(host)).toBe(false);
    },
  );
});
