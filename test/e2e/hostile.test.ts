import { randomBytes } from 'node:crypto';
import { cpSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { cases, effort } from '../effort.ts';
import { type AtEnd, temporaryDirectory } from '../temporary.ts';
import { writeLongChain } from './long-chain.ts';
import { withLimits } from './preload.ts';
import { ServerProcess } from './server-process.ts';
import { counted, counts, falls, upSeconds } from './stats.ts';
import { readToEnd, stranger, strangers } from './stranger.ts';
import { Witness } from './witness.ts';

const quick = ['--lottery-interval-ms', '50'];

/** A server that several tests use, one after another, and somebody who has been in all its rounds. */
interface Shared {
  readonly server: ServerProcess;
  readonly witness: Witness;
}

let shared: Shared;

beforeAll(async () => {
  const ends: (() => void | Promise<void>)[] = [];
  const atEnd: AtEnd = (end) => void ends.unshift(end);
  const server = await ServerProcess.start({ words: quick, atEnd });
  shared = { server, witness: await Witness.join(server, atEnd) };
  return async () => {
    for (const end of ends) await end();
  };
});

/** Nothing but printable ASCII and line feeds; the console has an ellipsis and nothing else of its own. */
function expectClean(text: string): void {
  expect(/[^\n -~…]/.exec(text)).toBeNull();
}

describe('whoever does not read', () => {
  let origin = '';

  beforeAll(async () => {
    origin = mkdtempSync(join(tmpdir(), 'sortition-hostile-'));
    await writeLongChain(origin, 2000);
    return () => rmSync(origin, { recursive: true });
  });

  function longChain(): string {
    const dataDir = join(temporaryDirectory(), 'data');
    cpSync(origin, dataDir, { recursive: true });
    return dataDir;
  }

  it('is cut when too much waits, by name and counted, and nobody else misses a draw', async () => {
    const words = ['--lottery-interval-ms', '10', '--chain-broadcast-interval-ms', '250'];
    // A quarter of a megabyte would be three thousand draws.
    const environment = withLimits({ pendingBytesMax: 10_000 });
    const server = await ServerProcess.start({ dataDir: longChain(), words, environment });
    const witness = await Witness.join(server);
    const deaf = await strangers(server.port, 5);
    // The first chains fill what the system keeps for each of them; after that it is winners that wait.
    const drummer = await stranger(server.port);
    drummer.resume().write('1\n');
    const drum = setInterval(() => {
      drummer.write('7\n');
      server.type('draw');
    }, 2);
    await counts(server, 'slow-reader', deaf.length);
    clearInterval(drum);
    await witness.hears(10);
    await witness.testifies();
  });

  it('but reads slowly loses chains, and never a winner, and never gets half of a line', async () => {
    const words = ['--lottery-interval-ms', '50', '--chain-broadcast-interval-ms', '250'];
    const server = await ServerProcess.start({ dataDir: longChain(), words });
    const witness = await Witness.join(server);
    const slow = await stranger(server.port);
    let text = '';
    slow.setEncoding('latin1').on('data', (chunk: string) => {
      text += chunk;
      slow.pause();
      setTimeout(() => slow.resume(), 20);
    });
    await witness.hears(1);
    await counts(server, 'skipped', 5);
    const winners = (): number => text.match(/\nwinning validator: /g)?.length ?? 0;
    while (text.length < 5_000_000 || winners() < 20) await witness.hears(5);
    await witness.testifies();
    const drawn = [...server.out.matchAll(/([0-9a-f]{8})… wins block (\d+)\n/g)];
    const lines = text.slice(0, text.lastIndexOf('\n')).split('\n');
    const heard = lines.flatMap((line) => /^winning validator: ([0-9a-f]{8})[0-9a-f]{56}$/.exec(line)?.[1] ?? []);
    const first = drawn.length - heard.length;
    expect(heard.length).toBeGreaterThan(10);
    // It came after the first draw, and what it has not read yet is behind: what it heard is one piece of all draws.
    expect(drawn.map(([, winner]) => winner).join()).toContain(heard.join());
    expect(first).toBeGreaterThan(0);
    expect(lines.filter((line) => line.startsWith('[')).length).toBeGreaterThan(0);
    for (const line of lines) {
      if (line.startsWith('[')) expect(JSON.parse(line)).toBeInstanceOf(Array);
      else expect(line).toMatch(/^$|^winning validator: [0-9a-f]{64}$|^Enter token balance:/);
    }
  });
});

describe('whoever sends', () => {
  it('a byte now and then, as hundreds do, keeps nobody waiting', async () => {
    const { server, witness } = shared;
    const dribblers = await strangers(server.port, effort > 1 ? 500 : 200);
    for (let byte = 0; byte < 10; byte++) {
      for (const dribbler of dribblers) dribbler.write('1');
      await witness.hears(4);
    }
    const person = server.connect();
    await person.stakes(100);
    await witness.testifies();
    await falls(server, 'connections', dribblers.length + 2);
    expect(await counted(server, 'connections')).toBe(dribblers.length + 2);
  });

  it('a line of 100 MB is cut after its first kilobytes, and costs no memory', async () => {
    const server = await ServerProcess.start({ words: quick });
    const witness = await Witness.join(server);
    const before = residentMB(server);
    const socket = await stranger(server.port);
    const ended = readToEnd(socket);
    const megabyte = 'x'.repeat(1_000_000);
    for (let count = 0; count < 100 && !socket.closed; count++) {
      if (!socket.write(megabyte)) await Promise.race([new Promise((resolve) => socket.once('drain', resolve)), ended]);
    }
    // On a busy machine winners may come before it.
    expect(await ended).toMatch(/(?:^|\n)Enter token balance:Error: that line is longer than 4096 bytes/);
    await witness.testifies();
    await counts(server, 'line-too-long', 1);
    expect(residentMB(server) - before).toBeLessThan(60);
  });

  it('more lines than it may is slowed, and the others keep their pace', async () => {
    const server = await ServerProcess.start({ words: quick });
    const witness = await Witness.join(server);
    const flooder = await stranger(server.port);
    flooder.resume();
    flooder.write('100\n');
    let sent = 0;
    const flood = (): void => {
      if (sent < 10_000_000) {
        do sent += 10_000;
        while (flooder.write('72\n'.repeat(10_000)));
        flooder.once('drain', flood);
      }
    };
    flood();
    const person = server.connect();
    await person.stakes(100);
    for (let line = 0; line < 20; line++) {
      person.text = '';
      await person.says('', '\nEnter a new BPM:');
    }
    await witness.hears(20);
    await witness.testifies();
    await counts(server, 'floods', 1);
    const linesIn = await counted(server, 'lines in');
    // Twice its lines in a burst, and so many a second after that: a flood never comes further. The others said a few in each round.
    expect(linesIn).toBeLessThan(100 * (upSeconds(server) + 3) + witness.draws + 100);
  });

  it('random bytes, or every byte there is, harms itself alone', async () => {
    const { server, witness } = shared;
    const bystander = server.connect();
    await bystander.sees(':');
    const packets = [
      ...Array.from({ length: 100 }, () => randomBytes(5000)),
      ...Array.from({ length: 256 }, (_, byte) => Buffer.from([byte, byte, 0x0a, byte, 0x0a, byte, byte, byte, 0x0a])),
      ...Array.from({ length: 256 }, (_, byte) => Buffer.from([0x31, 0x30, 0x0a, byte, 0x2e, byte, 0x0a])),
      Buffer.alloc(1_000_000),
    ];
    const replies = await Promise.all(
      packets.map(async (packet) => {
        const socket = await stranger(server.port);
        const reply = readToEnd(socket);
        socket.end(packet);
        return reply;
      }),
    );
    for (const reply of replies) expectClean(reply.replaceAll('\r\n', '\n'));
    await witness.testifies();
    expectClean(bystander.text);
    expectClean(server.out);
    expect(server.err).toBe('');
  });

  it(`fuzzed lines without a pause, ${cases(40)},000 of them, never gets a control byte of them to anybody, not even to itself`, async () => {
    const words = ['--lottery-interval-ms', '50', '--slash-after', '1000000', '--max-lines-per-second', '0'];
    const server = await ServerProcess.start({ words });
    const witness = await Witness.join(server);
    const bystander = server.connect();
    await bystander.stakes(1);
    const fuzzers = await strangers(server.port, 8);
    // Thousands of lines of each.
    const pieces = cases(5);
    await Promise.all(
      fuzzers.map(async (fuzzer) => {
        let answers = 0;
        let isClean = true;
        fuzzer.on('data', (chunk: Buffer) => {
          for (const byte of chunk) {
            if (byte === 0x0a) answers += 1;
            else if (byte < 0x20 || byte > 0x7e) isClean = false;
          }
        });
        fuzzer.write('1\n');
        for (let count = 0; count < pieces; count++) {
          if (!fuzzer.write(fuzzedLines(1000))) await new Promise((resolve) => fuzzer.once('drain', resolve));
        }
        fuzzer.end();
        await new Promise((resolve) => fuzzer.once('end', resolve));
        expect(isClean).toBe(true);
        // Each line had an answer of at least one line.
        expect(answers).toBeGreaterThan(pieces * 1000);
      }),
    );
    await witness.testifies();
    expectClean(bystander.text);
    expectClean(server.out);
    expect(server.err).toBe('');
  });

  it('fuzzed lines that cost it its stake shows nothing but printable ASCII on the console', async () => {
    const { server, witness } = shared;
    const isSlashed = async (): Promise<void> => {
      const socket = await stranger(server.port);
      const text = readToEnd(socket);
      socket.end(Buffer.concat([Buffer.from('1\n'), fuzzedLines(50)]));
      expectClean(await text);
    };
    await Promise.all(Array.from({ length: 100 }, isSlashed));
    // Of so many in one second the console only gives the number, so one more comes until one is named.
    await expect
      .poll(async () => {
        await isSlashed();
        return server.out;
      })
      .toMatch(/was slashed and lost 1 token: "/);
    await witness.testifies();
    expectClean(server.out);
  });
});

describe('whoever speaks', () => {
  it('telnet without end is cut like a line without end', async () => {
    const server = await ServerProcess.start({ words: quick });
    const witness = await Witness.join(server);
    const noise = Buffer.alloc(65_536, '\xff\xf1', 'latin1');
    const texts = await Promise.all(
      (await strangers(server.port, 20)).map((socket) => {
        const write = (): void => {
          while (!socket.destroyed && socket.write(noise)) {}
        };
        socket.on('drain', write);
        write();
        return readToEnd(socket);
      }),
    );
    expect(texts.join('')).toContain('Error: that line is longer than');
    await witness.hears(5);
    await witness.testifies();
    await counts(server, 'line-too-long', 20);
    // What came after it was closed is not read for long, either.
    const [, megabytes] = (await server.prints(/[\s\S]*bytes in +([\d.]+) MB/)) ?? [];
    expect(Number(megabytes)).toBeLessThan(20 * 3);
  });

  it('another protocol (HTTP, TLS or SSH) is told where the people are', async () => {
    const { server, witness } = shared;
    const before = { http: 0, tls: 0, ssh: 0 };
    for (const name of ['http', 'tls', 'ssh'] as const) before[name] = await counted(server, name);
    for (const [name, words, answer] of [
      [
        'http',
        'GET / HTTP/1.1\r\nHost: x\r\n\r\n',
        /HTTP\/1\.1 200 OK\r\n[\s\S]*\n {4}nc 127\.0\.0\.1 \d+\n<\/pre>\n<\/html>\n$/,
      ],
      ['tls', '\x16\x03\x01\x02\x00\x01', /Error: this is a lottery in plain text, without TLS\. [ -~]+\n$/],
      ['ssh', 'SSH-2.0-OpenSSH_9.2\r\n', /Error: this is a lottery in plain text, without SSH\. [ -~]+\n$/],
    ] as const) {
      const texts = await Promise.all(
        Array.from({ length: 50 }, async () => {
          const socket = await stranger(server.port);
          socket.write(words, 'latin1');
          return readToEnd(socket);
        }),
      );
      // A prompt comes before it where this machine was too busy to let the stranger speak in time.
      for (const text of texts) expect(text).toMatch(answer);
      await witness.hears(5);
      await witness.testifies();
      await counts(server, name, before[name] + 50);
    }
  });
});

describe('whoever goes', () => {
  it('at once, as thousands do, leaves nothing behind', async () => {
    const { server, witness } = shared;
    const gone = async (): Promise<number> => (await counted(server, 'reset')) + (await counted(server, 'left'));
    const before = await gone();
    for (let group = 0; group < cases(20); group++) {
      const sockets = await strangers(server.port, 100);
      for (const socket of sockets) socket.resetAndDestroy();
    }
    await witness.hears(5);
    await witness.testifies();
    await falls(server, 'connections', 1);
    expect((await gone()) - before).toBeGreaterThan(0.98 * cases(2000));
    expect(server.err).toBe('');
  });

  it('in the middle of anything, politely or not, harms nobody', async () => {
    const { server, witness } = shared;
    const conversation = '100\r\n72\n\xff\xfb\x01\n73\n\x1b[A\nseventy\n';
    await Promise.all(
      Array.from(conversation, async (_, place) => {
        const polite = await stranger(server.port);
        polite.resume().end(conversation.slice(0, place), 'latin1');
        const rude = await stranger(server.port);
        rude.resume().write(conversation.slice(0, place), 'latin1');
        rude.resetAndDestroy();
        const deaf = await stranger(server.port);
        deaf.write(conversation.slice(0, place), 'latin1', () => deaf.destroy());
      }),
    );
    await witness.hears(5);
    await witness.testifies();
    await falls(server, 'connections', 1);
    expect(await counted(server, 'fault')).toBe(0);
    expect(server.err).toBe('');
  });
});

/** Lines of bytes of all kinds, terminal sequences among them more often than chance would have it. */
function fuzzedLines(count: number): Buffer {
  const bytes = randomBytes(count * 12);
  const spice = ['\x1b[2J', '\x1b]0;owned\x07', '\x9b31m', '\r', '\x08\x08', '\xff\xfd\x01', '\\x1b', '\x00'];
  const lines = Array.from({ length: count }, (_, line) => {
    const text = bytes
      .toString('latin1', line * 12, line * 12 + 12)
      .replaceAll('\n', '?')
      .replaceAll('\xff', '!');
    return `.${text.slice(0, 6)}${spice[line % spice.length] ?? ''}${text.slice(6)}\n`;
  });
  return Buffer.from(lines.join(''), 'latin1');
}

function residentMB(server: ServerProcess): number {
  const [, kilobytes] = /VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${server.child.pid}/status`, 'utf8')) ?? [];
  return Number(kilobytes) / 1024;
}
