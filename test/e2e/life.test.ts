import { existsSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { ClassicLevel } from 'classic-level';
import { describe, expect, it, onTestFinished } from 'vitest';
import { temporaryDirectory } from '../temporary.ts';
import { LocalServer } from './local-server.ts';
import { ServerProcess } from './server-process.ts';

/** Runs a server until it has drawn one block, and stops it. */
async function drawOne(dataDir: string): Promise<string> {
  const server = await LocalServer.start({ dataDir, words: ['--lottery-interval-ms', '100'] });
  const client = server.connect();
  const address = await client.stakes(100);
  await client.says('72', 'You won block');
  await server.stop();
  return address;
}

describe('the life of a server', () => {
  it.each(['SIGTERM', 'SIGINT', 'SIGHUP'] as const)('ends with %s: people are told, exit code 0', async (signal) => {
    const server = await ServerProcess.start({ words: ['--lottery-interval-ms', '60000'] });
    const client = server.connect();
    await client.stakes(100);
    await client.says('72', 'Candidate for block 1');
    expect(await server.stop(signal)).toBe(0);
    await client.closed;
    expect(client.text).toMatch(/\nThe server stops now\. The chain is stored .* enter them again then\.\n$/);
    expect(server.out).toMatch(/Stopping\.\n$/);
    expect(server.err).toBe('');
  });

  it('goes on with the same chain after a restart, and after a kill that nobody could prepare for', async () => {
    const dataDir = temporaryDirectory();
    const first = await drawOne(dataDir);
    const server = await ServerProcess.start({ dataDir });
    expect(server.out).toContain('2 blocks, verified, kept in');
    const client = server.connect();
    await client.stakes(100);
    await client.says('73', 'You won block 2.');
    await server.stop('SIGKILL');
    const again = await ServerProcess.start({ dataDir });
    expect(again.out).toContain('3 blocks, verified, kept in');
    again.type('chain');
    await again.prints(/ block 0 .*\n {2}block 1 .*\n {2}block 2 /);
    again.type('chain 1');
    await again.prints(new RegExp(first));
  });

  it('gives a seat back to its code after a broken connection, and after a restart', async () => {
    const dataDir = temporaryDirectory();
    const words = ['--rejoin-grace-ms', '60000'];
    const first = await LocalServer.start({ dataDir, words });
    const lost = first.connect();
    const address = await lost.stakes(100);
    const [, code = ''] = await lost.sees(/\nTo come back within 60 seconds: rejoin (\S+)\n/);
    expect(code).toMatch(/^[0-9A-HJKMNP-TV-Z]{4}(?:-[0-9A-HJKMNP-TV-Z]{4}){2}$/);
    lost.socket.resetAndDestroy();
    const back = first.connect();
    await back.says(
      `rejoin ${code.toLowerCase()}`,
      `You are validator ${address} with 100 tokens.\nTo come back within 60 seconds: rejoin ${code.toLowerCase()}\n\nEnter a new BPM:`,
    );
    await first.stop();
    await back.sees(/\nThe server stops now\. .* Rejoin codes work for 60 seconds from then on\.\n/);
    const second = await LocalServer.start({ dataDir, words });
    const again = second.connect();
    await again.says(`rejoin ${code}`, `You are validator ${address} with 100 tokens.`);
    await again.says('72', 'You won block 1.');
    const other = second.connect();
    await other.says(`rejoin ${code}`, `You are validator ${address} with 100 tokens.`);
    await again.sees('another connection has taken your seat over');
    await again.closed;
  });

  it('has forgotten the seat of whoever heard that they are slashed, however it ends right after the word', async () => {
    const dataDir = temporaryDirectory();
    const words = ['--rejoin-grace-ms', '60000', '--lottery-interval-ms', '60000'];
    const first = await ServerProcess.start({ dataDir, words });
    const codes = await Promise.all(
      Array.from({ length: 5 }, async () => {
        const client = first.connect();
        await client.stakes(100);
        const [, code = ''] = await client.sees(/rejoin (\S+)\n/);
        return { client, code };
      }),
    );
    // All at once, and what is behind the word in the same packet is never answered.
    for (const { client } of codes) client.socket.write('x\n72\n');
    await codes[4]?.client.sees('Slashed: ');
    first.child.kill('SIGKILL');
    await Promise.all(codes.map(({ client }) => client.closed));
    const second = await ServerProcess.start({ dataDir, words });
    const slashed = codes.filter(({ client }) => client.text.includes('Slashed: '));
    expect(slashed.length).toBeGreaterThan(0);
    for (const { client, code } of slashed) {
      expect(client.text).not.toContain('Candidate for block');
      await second.connect().says(`rejoin ${code}`, 'is not the code of a seat');
    }
  });

  it('remembers a tainted block that it has spoken of, however it ends right after that', async () => {
    const dataDir = temporaryDirectory();
    const words = ['--rejoin-grace-ms', '60000', '--lottery-interval-ms', '60000', '--slash-after', '2'];
    const first = await ServerProcess.start({ dataDir, words });
    const client = first.connect();
    await client.stakes(100);
    const [, code = ''] = await client.sees(/rejoin (\S+)\n/);
    await client.says('x', 'The next tainted block costs you your stake.');
    await first.stop('SIGKILL');
    const second = await ServerProcess.start({ dataDir, words });
    const again = second.connect();
    await again.says(`rejoin ${code}`, 'You are validator');
    await again.says('x', 'Slashed: ');
  });

  it.each([
    { who: 'somebody plays', candidates: 1 },
    { who: 'nobody plays', candidates: 0 },
  ])('ends within a round with 4 when its chain is removed beside it while $who', async ({ candidates }) => {
    const server = await ServerProcess.start();
    const client = server.connect();
    const watcher = server.connect();
    await client.stakes(100);
    await client.says('72', 'You won block 1.');
    await watcher.sees('winning validator');
    rmSync(join(server.dataDir, 'chain'), { recursive: true });
    const heard = watcher.text.match(/winning validator/g)?.length;
    if (candidates > 0) client.socket.write('73\n');
    expect(await server.ended).toBe(4);
    expect(server.err).toMatch(/^sortition: \S+\/chain was removed, moved or replaced while the server ran, .*\.\n$/);
    await watcher.sees('its chain is not where it was on the disk');
    expect(watcher.text.match(/winning validator/g)?.length).toBe(heard);
  });

  it('keeps the master secret for its owner alone', async () => {
    const { dataDir } = await LocalServer.start();
    expect(statSync(join(dataDir, 'master-secret')).mode & 0o777).toBe(0o600);
  });

  it('obeys its operator, who types into a pipe, and stays plain there', async () => {
    const server = await ServerProcess.start({ words: ['--lottery-interval-ms', '600000'] });
    const client = server.connect();
    const address = await client.stakes(100);
    await client.says('72', 'Candidate for block 1');
    server.type('validators');
    await server.prints(new RegExp(`1 validator\n {2}${address} {2}100\n`));
    server.type('round');
    await server.prints(/1 candidate\n {2}[0-9a-f]{8}… {2}BPM 72 {2}stake 100\n/);
    server.type('draw');
    await client.sees('You won block 1.');
    await server.prints(/Drawn: ticket \d+ of 100 among one candidate/);
    server.type('dance');
    await server.prints(/"dance" is not a command/);
    server.type('quit');
    expect(await server.ended).toBe(0);
    expect(server.out).not.toContain('\x1b');
  });

  it('sends a validator away on the word of its operator, and says to everybody what that one types', async () => {
    const server = await LocalServer.start({
      words: ['--lottery-interval-ms', '600000', '--rejoin-grace-ms', '60000'],
    });
    const [kicked, other] = [server.connect(), server.connect()];
    const address = await kicked.stakes(100);
    const [, code = ''] = await kicked.sees(/: rejoin (\S+)\n/);
    await kicked.says('72', 'Candidate for block 1');
    await other.sees('Enter token balance:');
    server.type('say hello \u001b[2J');
    await server.prints(/Said to 2 connections\.\n/);
    await other.sees('Enter token balance:\nThe operator says: hello \\x1b[2J\nEnter token balance:');
    await kicked.sees('\nThe operator says: hello \\x1b[2J\n\nEnter a new BPM:');
    server.type(`kick ${address.slice(0, 8)}`);
    await kicked.closed;
    expect(kicked.text).toMatch(
      /\nThe operator of the server closes this connection\. A candidate of yours stays in the draw\. Your rejoin code does not work any more\.\n$/,
    );
    await other.says(`rejoin ${code}`, 'is not the code of a seat');
    server.type('stats');
    await server.prints(/ kicked 1\b/);
    server.type('draw');
    await other.sees(`winning validator: ${address}`);
  });

  it('lives on when its standard input is closed', async () => {
    const server = await ServerProcess.start();
    server.child.stdin.end();
    const client = server.connect();
    await client.stakes(100);
    await client.says('72', 'You won block 1.');
  });
});

describe('a server that cannot start says why in one line, with its own exit code', () => {
  it('2 for a wrong setting', async () => {
    const server = new ServerProcess({ words: ['--slash-after', '0'] });
    expect(await server.ended).toBe(2);
    expect(server.err).toBe(
      'sortition: --slash-after 0 is wrong: it must be a whole number from 1 to 1000000, for example --slash-after 1.\n',
    );
    expect(existsSync(join(server.dataDir, 'chain'))).toBe(false);
  });

  it('2 for an address that is not of this machine', async () => {
    const server = new ServerProcess({ words: ['--host', '203.0.113.7'] });
    expect(await server.ended).toBe(2);
    expect(server.err).toMatch(/^sortition: HOST is 203\.0\.113\.7, but this machine cannot listen there .*\n$/);
  });

  it('3 for a port in use, with one that is free', async () => {
    const other = createServer();
    onTestFinished(() => {
      other.close();
    });
    await new Promise<void>((resolve) => other.listen({ host: '127.0.0.1', port: 0 }, resolve));
    const address = other.address();
    if (typeof address !== 'object' || address === null) throw new Error('no address');
    const server = new ServerProcess({ words: ['--port', String(address.port)] });
    expect(await server.ended).toBe(3);
    expect(server.err).toMatch(
      /^sortition: port \d+ on 127\.0\.0\.1 is in use by another program(?:, process \d+ \([ -~]+\))?\. Try: .* --port \d+\.\n$/,
    );
  });

  it('4 for a directory that another server uses', async () => {
    const first = await ServerProcess.start();
    const second = new ServerProcess({ dataDir: first.dataDir });
    expect(await second.ended).toBe(4);
    expect(second.err).toMatch(/^sortition: \S+ is in use by another server, process \d+\. .*\n$/);
    expect(second.err).toContain(`process ${first.child.pid}.`);
  });

  it('4 for a chain whose secret is gone, or is that of another chain', async () => {
    const dataDir = temporaryDirectory();
    await drawOne(dataDir);
    const file = join(dataDir, 'master-secret');
    writeFileSync(file, 'ab'.repeat(32));
    const wrong = new ServerProcess({ dataDir });
    expect(await wrong.ended).toBe(4);
    expect(wrong.err).toMatch(/^sortition: the master secret is not the one .*\n$/);
    rmSync(file);
    const gone = new ServerProcess({ dataDir });
    expect(await gone.ended).toBe(4);
    expect(gone.err).toMatch(/^sortition: \S+ is missing\. .*\n$/);
    expect(existsSync(file)).toBe(false);
  });

  it('4 for a block that somebody changed, with its number and the rule', async () => {
    const dataDir = temporaryDirectory();
    await drawOne(dataDir);
    const level = new ClassicLevel<string, string>(join(dataDir, 'chain'));
    const key = 'block/000000000001';
    await level.put(key, (await level.get(key))?.replace('"BPM":72', '"BPM":73') ?? '');
    await level.close();
    const server = new ServerProcess({ dataDir });
    expect(await server.ended).toBe(4);
    expect(server.err).toMatch(/^sortition: block 1 of the stored chain breaks the rule "hash": .*\n$/);
  });

  it('4 for a directory that may not be written to', async () => {
    const file = join(temporaryDirectory(), 'file');
    writeFileSync(file, '');
    const server = new ServerProcess({ dataDir: join(file, 'data') });
    expect(await server.ended).toBe(4);
    expect(server.err).toMatch(/^sortition: \S+ cannot be opened: .*\n$/);
  });
});
