import { describe, expect, it, onTestFinished } from 'vitest';
import { listenAddresses } from '../../src/base/host.ts';
import type { Clock } from '../../src/consensus/clock.ts';
import { SystemClock } from '../../src/platform/system-clock.ts';
import { closeReasons } from '../../src/tcp/close-reason.ts';
import type { Connection } from '../../src/tcp/connection.ts';
import { limits } from '../../src/tcp/limits.ts';
import { servedBy } from '../../src/tcp/served-by.ts';
import { ListenError, TcpServer } from '../../src/tcp/tcp-server.ts';
import { Client } from '../client.ts';

interface Served {
  readonly server: TcpServer<Connection>;
  readonly connections: Set<Connection>;
  readonly port: number;
  /** Lets time pass for the server in no time. */
  pass(milliseconds: number): void;
}

/** A clock that stands still, for tests in which this machine's may not be faster than their clients. */
const still = { monotonicMs: () => 0, wakeAt: () => () => undefined };

/** A server over real sockets for a lottery without validators. */
async function serve(
  connectionsMax: number,
  addresses: readonly string[] = ['127.0.0.1'],
  port = 0,
  clock: Pick<Clock, 'monotonicMs' | 'wakeAt'> = new SystemClock(),
): Promise<Served> {
  const connections = new Set<Connection>();
  let passedMs = 0;
  const server = new TcpServer({
    connectionsMax,
    connectionsPerAddressMax: 0,
    connections,
    ...servedBy({
      service: {
        join: () => '0'.repeat(64),
        openSession: () => undefined,
        resumeSession: () => ({ kind: 'unknown' }),
        addStrike: () => 1,
        sessionsSynced: () => undefined,
        propose: () => ({ kind: 'full' }),
        slash: () => undefined,
        rename: () => undefined,
        leave: () => undefined,
      },
      rules: { stakeMax: 100n, slashAfter: 1, rejoinGraceMs: 0 },
      linesPerSecond: 0,
      clock: {
        monotonicMs: () => clock.monotonicMs() + passedMs,
        wakeAt: (moment, wake) => clock.wakeAt(moment - passedMs, wake),
      },
      deliver: () => undefined,
      forget: () => undefined,
      failed: (error) => {
        throw error;
      },
    }),
  });
  const listening = await server.listen(addresses, port);
  onTestFinished(async () => {
    const stopped = server.stopListening();
    server.sayGoodbye('');
    await stopped;
  });
  const pass = (milliseconds: number): void => {
    passedMs += milliseconds;
  };
  return { server, connections, port: listening.port, pass };
}

/** Waits until something is true that follows from sockets that close: one turn of the event loop after another. */
async function until(isTrue: () => boolean): Promise<void> {
  while (!isTrue()) await new Promise((resolve) => setImmediate(resolve));
}

describe('the TCP server', () => {
  it('greets everybody who connects', async () => {
    const { port } = await serve(10);
    await new Client(port).sees('Enter token balance:');
  });

  it('takes as many as it may, tells the next one so, and has a place again when one leaves', async () => {
    const { server, connections, port } = await serve(2);
    const first = new Client(port);
    const second = new Client(port);
    await Promise.all([first.stakes(10), second.stakes(10)]);
    const third = new Client(port);
    await third.sees('Error: the server has all the 2 connections it can take. Try again in a minute.\n');
    third.socket.end();
    await third.closed;
    expect(server.refusals.of('full')).toBe(1);
    first.socket.resetAndDestroy();
    await until(() => connections.size === 1);
    await new Client(port).sees('Enter token balance:');
  });

  it('evicts the connection that has been there longest without a balance when another one comes and it is full', async () => {
    const { server, port, pass } = await serve(3);
    const staked = new Client(port);
    await staked.stakes(10);
    const early = new Client(port);
    await early.sees(':');
    const late = new Client(port);
    await late.sees(':');
    pass(limits.evictionGraceMs);
    const newcomer = new Client(port);
    await newcomer.sees('Enter token balance:');
    await early.closed;
    expect(early.text).toMatch(
      /^Enter token balance:\nError: the server is full, and whoever has not entered a balance [ -~]+\n$/,
    );
    expect(server.closeReasons.of('made-room')).toBe(1);
    await late.stakes(10);
    await newcomer.stakes(10);
    await new Client(port).sees('Error: the server has all the 3 connections it can take.');
    expect(server.closeReasons.of('made-room')).toBe(1);
    expect(server.refusals.of('full')).toBe(1);
  });

  it('evicts no connection that has just come, because its balance may be on its way', async () => {
    const { server, connections, port } = await serve(5, ['127.0.0.1'], 0, still);
    const people = Array.from({ length: 30 }, () => {
      const client = new Client(port);
      client.socket.write('10\n72\n');
      return client;
    });
    await until(() => connections.size === 5 && server.refusals.of('full') === 25);
    expect(server.closeReasons.of('made-room')).toBe(0);
    const staked = await Promise.all(
      people.slice(0, 5).map((client) => client.sees(/validator|Error: the server has/)),
    );
    expect(staked.map(([words]) => words)).toContain('validator');
  });

  it('gives the page of a browser, and a line to TLS and SSH, without the prompt before it', async () => {
    const { server, connections, port } = await serve(10, ['127.0.0.1'], 0, still);
    const browser = new Client(port);
    browser.socket.write('GET / HTTP/1.1\r\nHost: x\r\n\r\n');
    await browser.closed;
    const [head = '', page = ''] = browser.text.split('\r\n\r\n');
    expect(head).toMatch(/^HTTP\/1\.1 200 OK\r\n/);
    expect(head).toContain(`Content-Length: ${page.length}`);
    expect(page).toContain(`\n    nc 127.0.0.1 ${port}\n`);
    expect(page).not.toContain('<a ');
    for (const [words, name] of [
      ['\x16\x03\x01\x02\x00\x01', 'TLS'],
      ['SSH-2.0-x\r\n', 'SSH'],
    ] as const) {
      const client = new Client(port);
      for (const byte of words) client.socket.write(byte, 'latin1');
      await client.closed;
      expect(client.text).toBe(
        `Error: this is a lottery in plain text, without ${name}. Type into a terminal: nc 127.0.0.1 ${port}\n`,
      );
    }
    await until(() => connections.size === 0);
    expect([server.closeReasons.of('http'), server.closeReasons.of('tls'), server.closeReasons.of('ssh')]).toEqual([
      1, 1, 1,
    ]);
  });

  it('knows them by the beginning of a line that is too long, too', async () => {
    const { server, connections, port } = await serve(10);
    for (const words of [`GET /${'x'.repeat(5000)} HTTP/1.1\r\n\r\n`, `\x16\x03\x01${'x'.repeat(5000)}`]) {
      const client = new Client(port);
      client.socket.write(words, 'latin1');
      await client.closed;
    }
    await until(() => connections.size === 0);
    expect([server.closeReasons.of('http'), server.closeReasons.of('tls')]).toEqual([1, 1]);
  });

  it('knows other programs by their first line alone: later it is a person who typed it', async () => {
    const { server, port } = await serve(10);
    const client = new Client(port);
    await client.sees(':');
    await client.says('', ':Enter token balance:');
    await client.says('GET / HTTP/1.1', 'Error: "GET / HTTP/1.1" is not a token balance.');
    await client.says('10', 'You are validator');
    expect(server.closeReasons.of('http')).toBe(0);
  });

  it('counts every close reason by its name', async () => {
    const { server, connections, port } = await serve(10);
    const slashed = new Client(port);
    slashed.socket.end('10\nx\n');
    const unbalanced = new Client(port);
    unbalanced.socket.end('x\nx\nx\n');
    const broken = new Client(port);
    await broken.sees(':');
    broken.socket.resetAndDestroy();
    await Promise.all([slashed.closed, unbalanced.closed, broken.closed]);
    await until(() => connections.size === 0);
    const counted = closeReasons.filter((reason) => server.closeReasons.of(reason) === 1);
    expect(counted).toEqual(['reset', 'no-balance', 'slashed']);
  });

  it('says which port is in use', async () => {
    const { port } = await serve(10);
    const failure: unknown = await serve(10, ['127.0.0.1'], port).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(ListenError);
    expect(failure).toMatchObject({ code: 'EADDRINUSE', address: '127.0.0.1' });
  });

  it('passes over an address that the machine does not have when another one works', async () => {
    const { port } = await serve(10, ['127.0.0.1', '203.0.113.7']);
    await new Client(port).sees('Enter token balance:');
    const failure: unknown = await serve(10, ['203.0.113.7']).catch((error: unknown) => error);
    expect(failure).toMatchObject({ code: 'EADDRNOTAVAIL', address: '203.0.113.7' });
  });

  it('hears IPv4 and IPv6 behind localhost', () => {
    expect(listenAddresses('localhost')).toEqual(['127.0.0.1', '::1']);
    expect(listenAddresses('0.0.0.0')).toEqual(['0.0.0.0']);
  });
});
