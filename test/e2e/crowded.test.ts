import { networkInterfaces } from 'node:os';
import { describe, expect, it } from 'vitest';
import { examples } from '../effort.ts';
import { temporaryDirectory } from '../temporary.ts';
import { writeLongChain } from './long-chain.ts';
import { preload, withLimits } from './preload.ts';
import { ServerProcess } from './server-process.ts';
import { counted, counts } from './stats.ts';
import { readToEnd, strangers } from './stranger.ts';
import { Witness } from './witness.ts';

const quick = ['--lottery-interval-ms', '50'];

/** An address of this machine that others could reach it by. */
const outer = Object.values(networkInterfaces())
  .flatMap((entries) => entries ?? [])
  .find(({ internal, family }) => !internal && family === 'IPv4')?.address;

/** Those who have come may be asked to make room at once. test/net/tcp-server.test.ts looks at the time that they really have. */
const settled = withLimits({ evictionGraceMs: 0 });

describe('more people than places', () => {
  it('than file descriptors: the rest are told so, and the server stores and draws on', async () => {
    const through = ['sh', '-c', 'ulimit -n 128; exec "$@"', 'sh'];
    const server = await ServerProcess.start({ words: quick, through });
    const [, places] = await server.prints(/up to (\d+) connections, as the file descriptor limit allows/);
    const witness = await Witness.join(server);
    const staked = await strangers(server.port, Number(places) - 1);
    for (const socket of staked) socket.resume().write('1\n');
    await server.prints(/\bjoined[\s\S]*wins/);
    while ((await counted(server, 'with a balance', 'before')) < Number(places)) await witness.hears(1);
    const texts = await Promise.all((await strangers(server.port, 400)).map(readToEnd));
    for (const text of texts) {
      expect(text).toBe(`Error: the server has all the ${places} connections it can take. Try again in a minute.\n`);
    }
    await witness.hears(20);
    await witness.testifies();
    expect(server.err).toBe('');
    expect(await counted(server, 'full')).toBe(400);
    expect(await counted(server, 'dropped')).toBe(0);
    expect(await server.stop()).toBe(0);
    const again = await ServerProcess.start({ dataDir: server.dataDir });
    expect(again.out).toMatch(/\d\d blocks, verified/);
  });

  it('who only watch make room for others, who may then stake', async () => {
    const server = await ServerProcess.start({ words: [...quick, '--max-connections', '20'], environment: settled });
    const witness = await Witness.join(server);
    const watchers = await strangers(server.port, 19);
    const ends = watchers.map(readToEnd);
    for (let person = 0; person < 5; person++) await server.connect().stakes(100);
    const texts = await Promise.all(ends.slice(0, 5));
    for (const text of texts)
      expect(text).toMatch(/\nError: the server is full, and whoever has not entered a balance/);
    await witness.testifies();
    await counts(server, 'made-room', 5);
    expect(await counted(server, 'connections')).toBe(20);
  });

  it.skipIf(outer === undefined)(
    `from one address leave places for all others${outer === undefined ? ' (skipped: this machine has no other address)' : ''}`,
    async () => {
      const words = [...quick, '--host', '0.0.0.0', '--max-connections-per-address', '2'];
      const server = await ServerProcess.start({ words });
      const witness = await Witness.join(server);
      const people = [server.connect(outer), server.connect(outer)];
      for (const person of people) await person.stakes(100);
      const third = server.connect(outer);
      await third.sees(/^Error: your network address has all the 2 connections that one address may have\./);
      await third.closed;
      for (let person = 0; person < 5; person++) await server.connect().stakes(100);
      people[0]?.socket.resetAndDestroy();
      await counts(server, 'reset', 1);
      await server.connect(outer).stakes(100);
      await witness.testifies();
      expect(await counted(server, 'address-full')).toBe(1);
    },
  );

  it.skipIf(outer === undefined)(
    `but idle from one address make room for those from there who may stake${outer === undefined ? ' (skipped: this machine has no other address)' : ''}`,
    async () => {
      const words = [...quick, '--host', '0.0.0.0', '--max-connections-per-address', '2'];
      const server = await ServerProcess.start({ words, environment: settled });
      const witness = await Witness.join(server);
      const idle = [server.connect(outer), server.connect(outer)];
      for (const client of idle) await client.sees(':');
      for (const { closed } of idle) {
        await server.connect(outer).stakes(100);
        await closed;
      }
      await witness.testifies();
      await counts(server, 'made-room', 2);
      expect(await counted(server, 'address-full')).toBe(0);
    },
  );
});

describe('little memory', () => {
  it.each(examples([300], [1000]))(
    'is enough for %i people and a long chain: who reads slowly loses chains',
    async (people) => {
      const dataDir = temporaryDirectory();
      await writeLongChain(dataDir, 2000);
      const words = ['--lottery-interval-ms', '100', '--chain-broadcast-interval-ms', '500'];
      const environment = { NODE_OPTIONS: '--max-old-space-size=64' };
      const server = await ServerProcess.start({ dataDir, words, environment });
      const witness = await Witness.join(server);
      const crowd = await strangers(server.port, people);
      for (const [place, socket] of crowd.entries()) {
        socket.write(`${place + 1}\n72\n`);
        // Most of them read nothing at all.
        if (place % 5 === 0) socket.resume();
      }
      await counts(server, 'skipped', people / 4);
      await witness.hears(20);
      await witness.testifies();
      expect(server.err).toBe('');
    },
  );
});

describe('a fault of ours', () => {
  it('while one person is served ends that one, with its number in the log', async () => {
    const environment = preload(`import net from 'node:net';
      const write = net.Socket.prototype.write;
      net.Socket.prototype.write = function (data, ...rest) {
        if (String(data).includes('BPM 666.')) throw new Error('the beast');
        return write.call(this, data, ...rest);
      };`);
    const server = await ServerProcess.start({ words: quick, environment });
    const witness = await Witness.join(server);
    const person = server.connect();
    await person.stakes(100);
    await person.says('666', 'Error: something went wrong in the server, and it closes this connection.');
    await person.closed;
    await server.prints(/Connection 2 was closed \(fault\) because serving it failed: Error: the beast\n/);
    await witness.hears(5);
    await witness.testifies();
    await counts(server, 'fault', 1);
  });

  it.each([
    ['a chain', `String(data).startsWith('\\n[')`],
    ['an announcement', `String(data).includes('You won block 3.')`],
  ])('while %s is sent ends that connection, and the others play on', async (_, isFault) => {
    // Each hits the first connection that it comes to, and no other.
    const environment = preload(`import net from 'node:net';
      const write = net.Socket.prototype.write;
      let isOver = false;
      net.Socket.prototype.write = function (data, ...rest) {
        if (!isOver && ${isFault}) {
          isOver = true;
          throw new Error('the beast');
        }
        return write.call(this, data, ...rest);
      };`);
    const words = [...quick, '--chain-broadcast-interval-ms', '200'];
    const server = await ServerProcess.start({ words, environment });
    const [first, second] = [server.connect(), server.connect()];
    for (const client of [first, second]) await client.stakes(100);
    first.socket.on('data', () => first.socket.write('72\n'));
    second.socket.on('data', () => second.socket.write('72\n'));
    for (const client of [first, second]) client.socket.write('72\n');
    await Promise.race([first.closed, second.closed]);
    await server.prints(/Connection [12] was closed \(fault\) because serving it failed: Error: the beast\n/);
    const drawn = [...server.out.matchAll(/wins block (\d+)/g)].map(([, index]) => Number(index));
    await server.prints(new RegExp(`wins block ${Math.max(0, ...drawn) + 3}\n`));
    await counts(server, 'fault', 1);
    expect(await server.stop()).toBe(0);
  });

  it.each([
    ['an exception', `throw new Error('broken')`],
    ['a rejection', `Promise.reject(new Error('broken'))`],
  ])('anywhere else, %s, stops the process with a last word', async (_, fault) => {
    const environment = preload(`process.on('SIGUSR2', () => { ${fault}; });`);
    const server = await ServerProcess.start({ words: quick, environment });
    await Witness.join(server);
    expect(await server.stop('SIGUSR2')).toBe(1);
    expect(server.err).toMatch(
      /^\nsortition: a fault of its own stops the server, [^\n]+ start it again, and report this:\nError: broken\n {4}at /,
    );
  });
});
