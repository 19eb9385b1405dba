import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { describe, expect, it, onTestFinished } from 'vitest';
import { limits } from '../../src/http/limits.ts';
import { SystemClock } from '../../src/platform/system-clock.ts';
import { ClientHub } from '../../src/tcp/client-hub.ts';
import type { CloseReason } from '../../src/tcp/close-reason.ts';
import type { Connection } from '../../src/tcp/connection.ts';
import { servedBy } from '../../src/tcp/served-by.ts';
import { TcpServer } from '../../src/tcp/tcp-server.ts';
import { Change } from '../change.ts';
import { Client } from '../client.ts';
import { storeOf } from '../node/chain-text-of.ts';
import { BrowserPlayer, type PlayerOptions } from './browser-player.ts';
import { LotteryPage } from './open-lottery-page.ts';

interface RoomOptions {
  readonly connectionsMax?: number;
  readonly connectionsPerAddressMax?: number;
  readonly rejoinGraceMs?: number;
  /** Where browsers come from; this machine where it is left out. */
  readonly from?: string;
}

interface Room {
  readonly page: LotteryPage;
  readonly server: TcpServer<Connection>;
  join(options?: PlayerOptions): BrowserPlayer;
  atNc(): Client;
  /** Resolves when a connection has ended for a reason. */
  ended(reason: CloseReason): Promise<void>;
}

/** A lottery with two doors, that of nc and that of the page. */
async function open({
  connectionsMax = 100,
  connectionsPerAddressMax = 0,
  rejoinGraceMs = 0,
  from,
}: RoomOptions = {}): Promise<Room> {
  const clock = new SystemClock();
  const clients = new ClientHub(clock, storeOf([]));
  const change = new Change();
  const page = await LotteryPage.open({
    rejoinGraceMs,
    play: (socket, address) => {
      server.receive(socket, from ?? address);
      socket.on('close', () => change.tell());
    },
  });
  page.node.events.subscribe(clients);
  const server = new TcpServer<Connection>({
    connectionsMax,
    connectionsPerAddressMax,
    connections: clients.connections,
    ...servedBy(
      clients.host({
        service: page.node.service,
        rules: { stakeMax: 1000n, slashAfter: 1, rejoinGraceMs },
        linesPerSecond: 0,
        failed: (error) => {
          throw error;
        },
      }),
    ),
  });
  const { port } = await server.listen(['127.0.0.1'], 0);
  onTestFinished(async () => {
    server.cutOff();
    await server.stopListening();
  });
  return {
    page,
    server,
    join: (options) => new BrowserPlayer(page.port, options),
    atNc: () => new Client(port),
    ended: async (reason) => {
      while (server.closeReasons.of(reason) === 0) await change.next();
    },
  };
}

describe('a browser', () => {
  it('stakes, proposes and wins by the words of nc', async () => {
    const { page, join } = await open();
    const player = join();
    const address = await player.stakes(100);
    player.says('72');
    await player.sees('Candidate for block 1: BPM 72.');
    await player.sees(/^The draw is in \d+ s; you hold 100 of 100 tickets so far\.$/);
    await player.sees('Enter a new BPM:');
    page.node.service.sealNow();
    await player.sees(`winning validator: ${address}`);
    await player.sees(/^Ticket \d+ of 100 was drawn; yours were 0 to 99\.$/);
    await player.sees('You won block 1.');
    await player.sees('Enter a new BPM:');
  });

  it('plays in one room with people at nc', async () => {
    const { page, join, atNc } = await open();
    const [player, person] = [join(), atNc()];
    const addresses = await Promise.all([player.stakes(100), person.stakes(300)]);
    player.says('72');
    await player.sees(/^The draw is in/);
    await person.says('73', /you hold 300 of 400 tickets so far/);
    page.node.service.sealNow();
    const [, winner = ''] = await player.sees(/^winning validator: (.*)$/);
    expect(addresses).toContain(winner);
    await person.sees(`winning validator: ${winner}`);
  });

  it('is one of thirty in a draw, each of whom hears of it once', async () => {
    const { page, join, atNc } = await open();
    const players = Array.from({ length: 20 }, () => join());
    const people = Array.from({ length: 10 }, () => atNc());
    await Promise.all([...players, ...people].map((one) => one.stakes(10)));
    for (const player of players) player.says('72');
    await Promise.all(people.map((person) => person.says('72', 'Candidate for block 1')));
    await Promise.all(players.map((player) => player.sees(/^The draw is in/)));
    page.node.service.sealNow();
    const firsts = players.map(async (player) => {
      const [, first] = await player.sees(/^Ticket \d+ of 300 was drawn; yours were (\d+) to \d+\.$/);
      await player.sees('Enter a new BPM:');
      expect(player.messages).toEqual([]);
      return Number(first);
    });
    expect(new Set(await Promise.all(firsts)).size).toBe(20);
  });

  it('is slashed like everybody', async () => {
    const { join, ended } = await open();
    const player = join();
    await player.stakes(100);
    player.says('<b>seventy</b>');
    await player.sees(/^Slashed: "<b>seventy<\/b>" is not a BPM\./);
    expect(await player.closed).toBe(1005);
    await ended('slashed');
  });

  it('comes back to its seat with its rejoin code', async () => {
    const { join } = await open({ rejoinGraceMs: 60_000 });
    const player = join();
    await player.sees('Enter token balance:');
    player.says('100');
    const [, address] = await player.sees(/^You are validator ([0-9a-f]{64})/);
    const [, code] = await player.sees(/^To come back within 60 seconds: rejoin (.+)$/);
    player.socket.terminate();
    const again = join();
    await again.sees('Enter token balance:');
    again.says(`rejoin ${code}`);
    await again.sees(new RegExp(`${address}`));
    await again.sees('Enter a new BPM:');
  });

  it('leaves with quit, and is told so', async () => {
    const { join, ended } = await open();
    const player = join();
    await player.stakes(100);
    player.says('quit');
    await player.sees('Goodbye.');
    await player.closed;
    await ended('quit');
  });

  it('is told when the server stops', async () => {
    const { page, server, join, ended } = await open();
    const player = join();
    await player.stakes(100);
    server.sayGoodbye('\nThe server stops now.\n');
    await player.sees('The server stops now.');
    await page.dashboard.playersLeft();
    await ended('stopped');
  });
});

describe('a hostile browser', () => {
  it.each([
    ["another site's Origin", { Origin: 'http://evil.example' }],
    ['a page without an origin of its own', { Origin: 'null' }],
    ['another port of this machine', { Origin: 'http://127.0.0.1:1' }],
    ['what a browser calls cross-site', { 'Sec-Fetch-Site': 'cross-site' }],
  ])('gets no seat from %s', async (_, headers) => {
    const { page, join } = await open();
    expect(await join({ headers }).refused).toBe(403);
    expect(await page.count('foreign-site')).toBe(1);
  });

  it('gets no seat under a foreign name that leads here', async () => {
    const { page, join } = await open();
    expect(await join({ headers: { Host: `evil.example:${page.port}` } }).refused).toBe(421);
  });

  it('gets a seat from a page of this server', async () => {
    const { page, join } = await open();
    await join({ headers: { Origin: page.base, 'Sec-Fetch-Site': 'same-origin' } }).stakes(1);
  });

  it('is one connection of its address, like nc', async () => {
    const { join } = await open({ connectionsPerAddressMax: 1, from: '192.0.2.1' });
    await join().stakes(100);
    const player = join();
    await player.sees(/^Error: your network address has all the 1 connections that one address may have\./);
    await player.closed;
  });

  it('is one of all connections, like nc', async () => {
    const { join } = await open({ connectionsMax: 1 });
    await join().stakes(100);
    const late = join();
    await late.sees(/^Error: the server has all the 1 connections it can take\./);
    await late.closed;
  });

  it('has its connection ended by a line that is too long', async () => {
    const { join, ended } = await open();
    const player = join();
    await player.stakes(100);
    player.says('7'.repeat(4097));
    await player.sees(/^Error: that line is longer than 4096 bytes/);
    await ended('line-too-long');
  });

  it('is sent nothing of a message that is longer than any may be', async () => {
    const { join, ended } = await open();
    const player = join();
    await player.stakes(100);
    player.says('7'.repeat(limits.playMessageBytesMax + 1));
    expect(await player.closed).toBe(1009);
    await ended('reset');
  });

  it('has its connection ended by what is no frame of a WebSocket', async () => {
    const { page, ended } = await open();
    const raw = connect(page.port, '127.0.0.1');
    raw.write(upgrade('GET', page.port));
    const answer = await new Promise<string>((resolve) => raw.once('data', (data) => resolve(String(data))));
    expect(answer).toMatch(/^HTTP\/1\.1 101 /);
    raw.end('hello\n');
    await ended('reset');
  });
});

describe('a request to change the protocol', () => {
  it.each([
    ['Upgrade', /^HTTP\/1\.1 200 OK\r\n/, /\r\nConnection: keep-alive\r\n/],
    ['Upgrade, HTTP2-Settings, close', /^HTTP\/1\.1 200 OK\r\n/, /\r\nConnection: close\r\n/],
  ])(
    'is passed over where it asks for another one, with the options %s of its connection',
    async (options, status, connection) => {
      const { page } = await open();
      const request = upgrade('GET', page.port, '/healthz', 'h2c').replace(
        'Connection: Upgrade',
        `Connection: ${options}`,
      );
      const last = `GET /healthz HTTP/1.1\r\nHost: 127.0.0.1:${page.port}\r\nConnection: close\r\n\r\n`;
      const answer = await send(page.port, options.endsWith('close') ? request : request + last);
      expect(answer).toMatch(status);
      expect(answer).toMatch(connection);
      expect(answer.split('ok\n').length - 1).toBe(options.endsWith('close') ? 1 : 2);
    },
  );

  it('is passed over with a body, too, again and again, and the connection is counted once', async () => {
    const { page } = await open();
    const body = '{"Stake":100}';
    const request = upgrade('POST', page.port, '/', 'h2c').replace(
      /\r\n$/,
      `Content-Length: ${body.length}\r\n\r\n${body}`,
    );
    const last = request.replace('Connection: Upgrade', 'Connection: close');
    const answer = await send(page.port, request + request + last);
    expect(answer.match(/HTTP\/1\.1 201 Created\r\n/g)?.length).toBe(3);
    await expect.poll(() => page.count('left')).toBe(1);
  });

  it('is answered as always elsewhere', async () => {
    const { page } = await open();
    expect(await send(page.port, upgrade('GET', page.port, '/api/status'))).toMatch(/^HTTP\/1\.1 200 OK\r\n/);
  });

  it('is refused in words where it is no WebSocket', async () => {
    const { page } = await open();
    const response = await fetch(`${page.base}/api/play`);
    expect([response.status, response.headers.get('upgrade')]).toEqual([426, 'websocket']);
  });

  it('may ask for a conversation without the chain, and for nothing else', async () => {
    const { page } = await open();
    expect(await send(page.port, upgrade('GET', page.port, '/api/play?chain=all'))).toMatch(/^HTTP\/1\.1 400 /);
    const player = new BrowserPlayer(page.port, { path: '/api/play?chain=none' });
    await player.stakes(100);
  });

  it('is refused where its version is unknown', async () => {
    const { page } = await open();
    const request = upgrade('GET', page.port).replace('Version: 13', 'Version: 99');
    expect(await send(page.port, request)).toMatch(/^HTTP\/1\.1 400 /);
  });

  it('takes the bytes that come right behind it', async () => {
    const { page, server } = await open();
    const raw = connect(page.port, '127.0.0.1');
    onTestFinished(() => {
      raw.destroy();
    });
    // A masked text frame: 100, with a mask of zeros.
    raw.write(
      Buffer.concat([
        Buffer.from(upgrade('GET', page.port)),
        Buffer.from([0x81, 0x83, 0, 0, 0, 0]),
        Buffer.from('100'),
      ]),
    );
    let seen = '';
    for await (const chunk of raw) {
      seen += String(chunk);
      if (seen.includes('Enter a new BPM:')) break;
    }
    expect(seen).toMatch(/with 100 tokens\./);
    expect(server.counts.of('taken')).toBe(1);
  });
});

function upgrade(method: string, port: number, path = '/api/play', protocol = 'websocket'): string {
  return [
    `${method} ${path} HTTP/1.1`,
    `Host: 127.0.0.1:${port}`,
    `Upgrade: ${protocol}`,
    'Connection: Upgrade',
    'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
    'Sec-WebSocket-Version: 13',
    '\r\n',
  ].join('\r\n');
}

/** Sends a request in one packet, and resolves with all that comes until the server closes. */
async function send(port: number, request: string): Promise<string> {
  const socket = connect(port, '127.0.0.1');
  socket.write(request);
  return text(socket);
}
