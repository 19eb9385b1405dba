import { describe, expect, it, onTestFinished } from 'vitest';
import type { Connection } from '../../src/net/connection.ts';
import { ListenError, listenAddresses, TcpServer } from '../../src/net/tcp-server.ts';
import { SystemClock } from '../../src/system/system-clock.ts';
import { Client } from '../client.ts';

interface Served {
  readonly server: TcpServer;
  readonly connections: Set<Connection>;
  readonly port: number;
}

/** A server over real sockets for a lottery that nobody joins. */
async function serve(connectionsMax: number, addresses: readonly string[] = ['127.0.0.1'], port = 0): Promise<Served> {
  const connections = new Set<Connection>();
  const server = new TcpServer({
    connectionsMax,
    connections,
    host: {
      desk: {
        round: 0,
        join: () => '0'.repeat(64),
        propose: () => ({ kind: 'full' }),
        slash: () => undefined,
        leave: () => undefined,
      },
      rules: { stakeMax: 100n, slashAfter: 1 },
      linesPerSecond: 0,
      clock: new SystemClock(),
      deliver: () => undefined,
      failed: (error) => {
        throw error;
      },
    },
  });
  const listening = await server.listen(addresses, port);
  onTestFinished(async () => {
    const stopped = server.stopListening();
    server.sayGoodbye('');
    await stopped;
  });
  return { server, connections, port: listening.port };
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

  it('takes as many as it may, tells the next one so, and has a place again when somebody leaves', async () => {
    const { server, connections, port } = await serve(2);
    const first = new Client(port);
    const second = new Client(port);
    await Promise.all([first.sees(':'), second.sees(':')]);
    const third = new Client(port);
    await third.sees('Error: the server has all the 2 connections it can take. Try again in a minute.\n');
    third.socket.end();
    await third.closed;
    expect(server.endings.get('full')).toBe(1);
    first.socket.resetAndDestroy();
    await until(() => connections.size === 1);
    await new Client(port).sees('Enter token balance:');
  });

  it('counts every ending by its name', async () => {
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
    expect(Object.fromEntries(server.endings)).toEqual({ slashed: 1, 'no-balance': 1, reset: 1 });
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
