import { spawn, spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { findFault } from '../../src/consensus/verifier.ts';
import { parseBlock } from '../../src/core/parse-block.ts';
import type { Client } from '../client.ts';
import { verifySignature } from '../core/build-chain.ts';
import { withLimits } from './preload.ts';
import { ServerProcess } from './server-process.ts';

/** The chain as it came over the wire. */
async function receivedChain(client: Client, blocksMin: number): Promise<readonly unknown[]> {
  client.text = '';
  for (;;) {
    const [line] = await client.sees(/^\[\{.*\}\]$/m);
    const chain: unknown = JSON.parse(line);
    if (!Array.isArray(chain)) throw new Error('the chain is not an array');
    if (chain.length >= blocksMin) return chain;
    client.text = '';
  }
}

describe('a room full of people', () => {
  it('plays a whole round over IPv4 and IPv6, and the chain that comes proves it', async () => {
    const server = await ServerProcess.start({ words: ['--chain-broadcast-interval-ms', '400'] });
    const ada = server.connect('127.0.0.1');
    // A machine without IPv6 is told so in the banner and still plays.
    const ben = server.connect(server.out.includes('::1') ? '::1' : '127.0.0.1');
    const watcher = server.connect();
    await watcher.sees('Enter token balance:');
    const addresses = [await ada.stakes(100), await ben.stakes(200)];
    const isTaken = (bpm: number): RegExp =>
      new RegExp(`BPM ${bpm}\\.\nThe draw is in \\d+ s; you hold \\d+ of \\d+ tickets so far\\.\n\nEnter a new BPM:`);
    await Promise.all([ada.says('71', isTaken(71)), ben.says('72', isTaken(72))]);

    const [, winner = ''] = await watcher.sees(/\nwinning validator: ([0-9a-f]{64})\nEnter token balance:/);
    expect(addresses).toContain(winner);
    const heard = await Promise.all([
      ada.sees(/\nwinning validator: ([0-9a-f]{64})\nTicket (\d+) of (\d+) was drawn; yours were (\d+) to (\d+)\.\n/),
      ben.sees(/\nwinning validator: ([0-9a-f]{64})\nTicket (\d+) of (\d+) was drawn; yours were (\d+) to (\d+)\.\n/),
    ]);
    for (const [place, [, address, ticket, total, first, last]] of heard.entries()) {
      expect(address).toBe(winner);
      const isMine = Number(first) <= Number(ticket) && Number(ticket) <= Number(last);
      // Two who proposed on both sides of a draw have one each.
      if (total === '300') expect(isMine).toBe(addresses[place] === winner);
    }

    const chain = await receivedChain(watcher, 2);
    expect(findFault(chain, verifySignature)).toBeUndefined();
    const block = parseBlock(chain[1], 1);
    expect('value' in block && block.value.Validator).toBe(winner);
    expect(watcher.text).toMatch(/\n\[\{.*\}\]\nEnter token balance:/);
  });

  it('understands the same in one packet, in single bytes, from Windows, and from a pipe whose side is closed', async () => {
    const server = await ServerProcess.start({ words: ['--lottery-interval-ms', '600000'] });
    const packet = server.connect();
    packet.socket.write('100\n72\n');
    const windows = server.connect();
    windows.socket.write('100\r\n72\r\n');
    const pipe = server.connect();
    pipe.socket.end('100\n72');
    const bytes = server.connect();
    bytes.socket.setNoDelay(true);
    for (const byte of '100\n72\n') {
      bytes.socket.write(byte);
      await new Promise((resolve) => setImmediate(resolve));
    }
    for (const client of [packet, windows, pipe, bytes]) {
      await client.sees(
        /^Enter token balance:You are validator [0-9a-f]{64} with 100 tokens\.\n\nEnter a new BPM:Candidate for block 1: BPM 72\.\n/,
      );
    }
    server.type('draw');
    for (const client of [packet, windows, pipe, bytes]) await client.sees(/winning validator: /);
    await pipe.closed;
    expect(pipe.text).toMatch(
      /\nTicket \d+ of \d+ was drawn; yours were \d+ to \d+\.\n(You won block \d+\.\n)?\nEnter a new BPM:$/,
    );
  });

  it('loses whoever taints a block or sends a line without end, and nobody else', async () => {
    const server = await ServerProcess.start();
    const witness = server.connect();
    await witness.stakes(10);
    const slashed = server.connect();
    await slashed.stakes(10);
    await slashed.says('\x1b]0;owned\x07\x9b', 'do not work in nc');
    await slashed.says('seventy\x07', /\nEnter a new BPM:Slashed: "seventy\\x07" is not a BPM\. .*\n$/);
    const endless = server.connect();
    endless.socket.write('x'.repeat(100_000));
    await endless.sees(/^Enter token balance:Error: .*\n$/);
    await Promise.all([slashed.closed, endless.closed]);
    for (let breaking = 0; breaking < 50; breaking++) {
      const client = server.connect();
      await client.sees(':');
      client.socket.write('50\n7');
      client.socket.resetAndDestroy();
    }
    await witness.says('72', 'You won block');
    await server.prints(/was slashed and lost 10 tokens: "seventy\\x07" is not a BPM/);
    expect(server.out).not.toMatch(/[^\n -~…]/);
    expect(server.err).toBe('');
  });

  it('makes room for those who stake, and tells whoever comes when there is no place', async () => {
    // Those who have come may be asked to make room at once.
    const environment = withLimits({ evictionGraceMs: 0 });
    const server = await ServerProcess.start({ words: ['--max-connections', '1'], environment });
    const watcher = server.connect();
    await watcher.sees(':');
    const first = server.connect();
    await first.stakes(1);
    await watcher.closed;
    const second = server.connect();
    await second.sees('Error: the server has all the 1 connections it can take.');
    await second.closed;
    await first.says('72', 'You won block 1.');
  });
});

const hasNc = spawnSync('nc', ['-h']).error === undefined;

describe('a pipe whose side is closed', () => {
  it('is told and closed when its seat is taken over by another connection', async () => {
    const words = ['--rejoin-grace-ms', '60000', '--lottery-interval-ms', '60000'];
    const server = await ServerProcess.start({ words });
    const pipe = server.connect();
    pipe.socket.end('100\n72\n');
    const [, code = ''] = await pipe.sees(/: rejoin (\S+)\n[\s\S]*tickets so far\./);
    const other = server.connect();
    await other.says(`rejoin ${code}`, 'You are validator ');
    await pipe.closed;
    expect(pipe.text).toMatch(/\nError: another connection has taken your seat over .*\n$/);
    await other.says('73', 'Already in the draw for block 1');
  });
});

describe('the real nc', () => {
  it.skipIf(!hasNc)(
    `${hasNc ? '' : '(skipped: no nc on this machine) '}proposes through a pipe and hears the result`,
    async () => {
      const server = await ServerProcess.start();
      const nc = spawn('nc', ['-N', 'localhost', String(server.port)]);
      let text = '';
      nc.stdout.setEncoding('latin1').on('data', (chunk: string) => {
        text += chunk;
      });
      const ended = new Promise((resolve) => nc.on('close', resolve));
      nc.stdin.end('100\n72\n');
      expect(await ended).toBe(0);
      expect(text).toMatch(
        /^Enter token balance:You are validator ([0-9a-f]{64}) with 100 tokens\.\n\nEnter a new BPM:Candidate for block 1: BPM 72\.\nThe draw is in \d+ s; you hold 100 of 100 tickets so far\.\n\nEnter a new BPM:\nwinning validator: \1\nTicket \d+ of 100 was drawn; yours were 0 to 99\.\nYou won block 1\.\n\nEnter a new BPM:$/,
      );
    },
  );
});
