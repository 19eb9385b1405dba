import { spawnSync } from 'node:child_process';
import { realpathSync, statSync } from 'node:fs';
import { createServer, type Server, type Socket } from 'node:net';
import { posix } from 'node:path';
import { PassThrough } from 'node:stream';
import { beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import * as seatText from '../../../src/tcp/seat-text.ts';
import { buildChain, candidatesWith, hexOf } from '../../core/build-chain.ts';
import { LocalServer } from '../../e2e/local-server.ts';
import { type PageServer, startWithPage } from '../../e2e/page-server.ts';
import { temporaryDirectory } from '../../temporary.ts';
import { runCommand } from '../run-command.ts';
import { linesOnScreen } from '../screen.ts';
import { VerbProcess } from '../verb-process.ts';

/** A server that is not ours: it says what a test wants. Returns its port. */
async function strangeServer(serve: (socket: Socket) => void): Promise<string> {
  const sockets = new Set<Socket>();
  const server: Server = createServer({ allowHalfOpen: true }, (socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.resume();
    serve(socket);
  });
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (typeof address !== 'object' || address === null) throw new Error('no address');
  return `127.0.0.1:${address.port}`;
}

/** A server with its page that several tests use, one after another. */
let shared: PageServer;

beforeAll(async () => {
  const ends: (() => void | Promise<void>)[] = [];
  shared = await startWithPage({ atEnd: (end) => ends.unshift(end) });
  return async () => {
    for (const end of ends) await end();
  };
});

const chain = buildChain([candidatesWith([5n]), candidatesWith([3n, 4n])], 64);

describe('sortition join, through pipes', () => {
  it('sends its input, hears the result of the round, and ends', async () => {
    const server = await LocalServer.start();
    const join = new VerbProcess(['join', `localhost:${server.port}`]);
    join.child.stdin.end('100\n72');
    expect(await join.ended).toBe(0);
    expect(join.out).toMatch(
      /^Connected to localhost:\d+\.\nYou are validator ([0-9a-f]{64}) with 100 tokens\.\nCandidate for block 1: BPM 72\.\nThe draw is in \d+ s; you hold 100 of 100 tickets so far\.\nwinning validator: \1\nTicket \d+ of 100 was drawn; yours were 0 to 99, 100 % of all\. So far 1 win in 1 draw, 1\.00 expected\.\nYou won block 1\.\nThe last winner was not checked against a chain: none has come since\.\n$/,
    );
    expect(join.err).toBe('');
  });

  it('plays by itself without any input, and finds that chains and announcements agree', async () => {
    const server = await LocalServer.start({ words: ['--chain-broadcast-interval-ms', '500'] });
    const words = ['--stake', '50', '--bpm', '60..70', '--rounds', '4'];
    const join = await runCommand(['join', ...words], { environment: { PORT: String(server.port) } });
    expect(join.code).toBe(0);
    expect(join.out).toContain('So far 4 wins in 4 draws, 4.00 expected.');
    expect(join.out).toMatch(
      /Chain of \d+ blocks holds and has the \d+ winners? announced; newest: block \d+, won by you/,
    );
    expect(join.out + join.err).not.toMatch(/WARNING|[^\n -~…]/);
  });

  it('enters its stake before what stands in its input', async () => {
    const { server } = shared;
    const join = await runCommand(['join', String(server.port), '--stake', '7'], { input: '72\n' });
    expect(join.code).toBe(0);
    expect(join.out).toMatch(/with 7 tokens\.\nCandidate for block \d+: BPM 72\./);
  });

  it('ends politely when it is interrupted', async () => {
    const { server } = shared;
    const join = new VerbProcess(['join', String(server.port)]);
    await join.prints(/Connected/);
    join.child.kill('SIGINT');
    expect(await join.ended).toBe(0);
  });

  it('says in one line why it was cut off: slashed, refused, stopped, nobody there', async () => {
    const server = await LocalServer.start({ words: ['--max-stake', '1000'] });
    const port = String(server.port);
    const slashed = new VerbProcess(['join', port, '--stake', '7', '--bpm', '72']);
    slashed.child.stdin.write('seventy\x1b\x07\nseventy\x07\n');
    expect(await slashed.ended).toBe(1);
    expect(slashed.out).toMatch(/\nSlashed: "seventy\\x07" is not a BPM\..*\n$/);
    expect(slashed.err).toBe('sortition: the server closed the connection.\n');

    const refused = new VerbProcess(['join', port, '--stake', '1001', '--bpm', '72']);
    expect(await refused.ended).toBe(1);
    expect(refused.out).toMatch(/\nError: "1001" is too large\./);
    expect(refused.err).toBe('sortition: the server refused a stake of 1001.\n');

    const stopped = new VerbProcess(['join', port]);
    await stopped.prints(/Connected/);
    await server.stop();
    expect(await stopped.ended).toBe(1);
    expect(stopped.out).toContain('The server stops now.');

    const nobody = new VerbProcess(['join', port]);
    expect(await nobody.ended).toBe(1);
    expect(nobody.err).toMatch(/^sortition: nobody listens at localhost:\d+\. .*\n$/);
  });

  it.each([
    ['100\nseventy\n', /\nSlashed: "seventy" is not a BPM/, 'the server closed the connection'],
    ['0\n0\n0\n', /This was try 3/, 'the server closed the connection'],
    ['0\n72\n0\n', /with 72 tokens\.\nCandidate for block \d+: BPM 0\./, undefined],
    ['0\n0\n', /"0" is too small/, 'no balance was accepted, so nothing was played'],
    ['100\n', /with 100 tokens/, undefined],
    ['\n \n', /Connected/, undefined],
    ['', /Connected/, undefined],
    ['100\n72\nquit\n73\n', /BPM 72\.\n(?:.*\n)?Goodbye\. Your candidate stays in the draw\.\n$/, undefined],
    ['Exit\n', /Connected.*\nGoodbye\.\n$/, undefined],
    ['?\n', /\nTo leave, type quit or exit: .*\n$/, 'no balance was accepted, so nothing was played'],
  ])('exits with 0 when %j was played to its end only', async (input, says, reason) => {
    const join = await runCommand(['join', String(shared.server.port)], { input });
    expect(join.code).toBe(reason === undefined ? 0 : 1);
    expect(join.out).toMatch(says);
    expect(join.err).toBe(reason === undefined ? '' : `sortition: ${reason}.\n`);
  });

  it.each(['100\n72\n', ''])('says that the page is no lottery, after %j', async (input) => {
    const join = await runCommand(['join', `127.0.0.1:${shared.pagePort}`], { input });
    expect(join.code).toBe(1);
    expect(join.err).toMatch(/^sortition: what answers at 127\.0\.0\.1:\d+ is no lottery: .* that of its page\?\n$/);
  });

  it('exits with 1 when the server stops before the result of the round', async () => {
    const server = await LocalServer.start({ words: ['--lottery-interval-ms', '60000'] });
    const join = new VerbProcess(['join', String(server.port)]);
    join.child.stdin.end('100\n72\n');
    await join.prints(/Candidate for block 1/);
    await server.stop();
    expect(await join.ended).toBe(1);
    expect(join.err).toBe('sortition: the server closed the connection.\n');
  });

  it('takes nothing wrong from the command line', async () => {
    const join = await runCommand(['join', '--bpm', '\x1b[2J']);
    expect(join.code).toBe(2);
    expect(join.err).toMatch(/^sortition: --bpm is "\\x1b\[2J", but must be .*\n$/);
    for (const words of [
      ['--bpm', '60'],
      ['--every', '5s'],
    ]) {
      const idle = await runCommand(['join', ...words]);
      expect(idle.code).toBe(2);
      expect(idle.err).toMatch(/^sortition: to play by itself, .* it needs --stake where nobody types: .*\n$/);
    }
    const help = await runCommand(['join', '--help']);
    expect(help.code).toBe(0);
    expect(help.out).toContain('Exit codes: 0 left');
  });
});

describe('sortition join, at a server that cannot be trusted', () => {
  it('warns of a chain that does not hold, and of a winner that is in no block', async () => {
    const forged = chain.map((block) =>
      block.Index === 2 ? { ...block, Timestamp: '2020-01-01T00:00:00.000Z' } : block,
    );
    const address = await strangeServer((socket) => {
      socket.write(seatText.balancePrompt);
      socket.write(`\n${JSON.stringify(forged)}\n${seatText.balancePrompt}`);
      socket.write(`\nwinning validator: ${hexOf('nobody')}\n${seatText.balancePrompt}`);
      socket.end(`\n${JSON.stringify(chain)}\n`);
    });
    const join = await runCommand(['join', address], { input: new PassThrough() });
    expect(join.code).toBe(6);
    expect(join.out).toMatch(
      /\nWARNING: this server cannot be trusted: the chain does not hold: block 2 breaks the rule "hash": /,
    );
    expect(join.out).toMatch(/: block 2 is not the one that was announced: its winner is /);
  });

  it('keeps evidence of a block that was changed, which convicts the server before anybody', async () => {
    const changed = buildChain([candidatesWith([5n]), candidatesWith([3n, 5n])], 64);
    const address = await strangeServer((socket) => {
      socket.end(`\n${JSON.stringify(chain)}\n\n${JSON.stringify(changed)}\n`);
    });
    const directory = temporaryDirectory();
    const join = await runCommand(['join', address], { input: new PassThrough(), directory });
    expect(join.code).toBe(6);
    const name = `sortition-evidence-${chain[0]?.Hash.slice(0, 8)}-2.json`;
    expect(join.out).toContain(
      `Evidence against its authority is in ${realpathSync(directory)}/${name}; anybody can judge it: `,
    );
    expect(statSync(posix.join(directory, name)).mode & 0o777).toBe(0o600);
    const judged = await runCommand(['verify', '--evidence', name], { directory });
    expect([judged.code, judged.out]).toEqual([0, expect.stringContaining('it signed two blocks 2')]);
    const again = await runCommand(['join', address], { input: new PassThrough(), directory });
    expect(again.out).toContain(`${name} already;`);
  });

  it('warns of tickets that contradict the winner', async () => {
    const address = await strangeServer((socket) => {
      socket.write(seatText.balancePrompt + seatText.welcome(hexOf('me'), 5n) + seatText.bpmPrompt);
      socket.end(`\nwinning validator: ${hexOf('you')}\nTicket 3 of 10 was drawn; yours were 0 to 4.\n`);
    });
    const join = await runCommand(['join', address], { input: new PassThrough() });
    expect(join.code).toBe(6);
    expect(join.out).toContain('WARNING: this server cannot be trusted: ticket 3 was drawn and yours were 0 to 4');
  });

  it('shows nothing but printable characters of megabytes of hostile bytes', async () => {
    const address = await strangeServer((socket) => {
      const every = Buffer.from(Array.from({ length: 256 }, (_, byte) => byte));
      socket.write('\x1b]0;owned\x07\x1b[2J\x9b31m\n', 'latin1');
      for (let count = 0; count < 50; count++) socket.write(every);
      socket.write(`\n[${'['.repeat(1_000_000)}`);
      socket.write(`\n[{"a":"${'\x1b'.repeat(1_000_000)}`);
      socket.end(`\nError: ${'\x1b[31m'.repeat(100_000)}`);
    });
    const join = await runCommand(['join', address], { input: new PassThrough() });
    expect(join.code).toBe(6);
    // Not in whole: a failure would show it all.
    expect(/[^\n -~]/.exec(join.out + join.err)).toBeNull();
    expect(join.out.split('\n')[1]).toBe('\\x1b]0;owned\\x07\\x1b[2J\\x9b31m');
    expect(join.out.length).toBeLessThan(50_000);
  });

  it('does not listen to more than its own output is taken', async () => {
    const words = `${'x'.repeat(400)}\n`.repeat(250);
    const enough = 1000;
    let sent = 0;
    let stalled: () => void = () => undefined;
    const full = new Promise<void>((resolve) => {
      stalled = resolve;
    });
    const address = await strangeServer((socket) => {
      // Nothing is taken for a while: the buffers of both systems are full, and so are those of the client.
      socket.setTimeout(500, stalled);
      const flood = (): void => {
        while (sent < enough && socket.write(words)) sent += 1;
        if (sent === enough) stalled();
      };
      socket.on('drain', flood);
      flood();
    });
    const join = new VerbProcess(['join', address]);
    join.child.stdout.pause();
    await full;
    expect(sent).toBeLessThan(enough);
  });
});

describe('sortition join --bots', () => {
  it('plays the rounds that it was told to, and shows the wins of all', async () => {
    const server = await LocalServer.start({ words: ['--chain-broadcast-interval-ms', '500'] });
    const bots = await runCommand(['join', String(server.port), '--bots', '30', '--stakes', '1..9', '--rounds', '3']);
    expect(bots.code).toBe(0);
    expect(bots.err).toBe('');
    expect(bots.out).toMatch(/^30 bots at localhost:\d+; Ctrl-C ends their play\.\n/m);
    expect(bots.out).toMatch(/\nDrawn: ticket \d+ of \d+: bot \d+, who staked \d, wins\.\n/);
    expect(bots.out).toMatch(/\n {5}10 others +\d+ +\d+ +\d+ +\d\.\d\d\n/);
    expect(bots.out).toMatch(/\nall +\d+ +3 +\d+ +\d\.\d\d\n$/);
    expect(bots.out).not.toContain('WARNING');
  });

  it('proposes by the clock, and shows what was won when it is interrupted', async () => {
    const { server } = shared;
    const bots = new VerbProcess(['join', String(server.port), '--bots', '2', '--stakes', '5', '--every', '50ms']);
    await bots.prints(/Drawn: [\s\S]*Drawn: /);
    bots.child.kill('SIGINT');
    expect(await bots.ended).toBe(0);
    expect(bots.out).toMatch(/\nall +10 +\d+ +\d+ +\d\.\d\d\n$/);
  });

  it('says who could not come in, and plays with the others', async () => {
    const server = await LocalServer.start({ words: ['--max-connections', '2'] });
    const bots = await runCommand(['join', String(server.port), '--bots', '4', '--rounds', '1']);
    expect(bots.code).toBe(1);
    expect(bots.err).toMatch(
      /^sortition: bot \d is out: Error: the server (?:has all the 2 connections it can take|is full)/,
    );
    expect(bots.err).toContain('\nsortition: 2 bots were out in all.\n');
    expect(bots.out).toMatch(/^2 bots at /);
  });

  it('leaves when its stakes are refused', async () => {
    const server = await LocalServer.start({ words: ['--max-stake', '4'] });
    const bots = await runCommand(['join', String(server.port), '--bots', '2', '--stakes', '5']);
    expect(bots.code).toBe(1);
    expect(bots.err).toContain('Error: "5" is too large.');
  });
});

/** A server that says what it is told to, to one visitor. */
async function announcer(): Promise<{ announce: (line: string) => void; address: string }> {
  let visitor: Socket | undefined;
  const address = await strangeServer((socket) => {
    visitor = socket;
    socket.write(seatText.bpmPrompt);
  });
  return { announce: (line) => visitor?.write(`\n${line}\n${seatText.bpmPrompt}`), address };
}

const hasScript = spawnSync('script', ['--version']).status === 0;

describe('sortition join, on a terminal', () => {
  it.skipIf(!hasScript)(
    `${hasScript ? '' : '(skipped: no script(1) on this machine) '}prompts, keeps a slip from costing the stake, and gives the terminal back`,
    async () => {
      const server = await LocalServer.start({ words: ['--lottery-interval-ms', '60000'] });
      const join = new VerbProcess(['join', String(server.port)], { TERM: 'xterm' }, 'on a terminal');
      await join.prints(/Enter token balance > /);
      join.child.stdin.write('100\r');
      await join.prints(/with 100 tokens\.[\s\S]*Enter a new BPM > /);
      join.child.stdin.write('seventy\r');
      await join.prints(/Not sent/);
      // The arrow brings the last line but one back.
      join.child.stdin.write('\x1b[A\x1b[A\r');
      await join.prints(/Candidate for block 1: BPM 100\./);
      join.child.stdin.write('help\r');
      await join.prints(/quit, Ctrl-C or Ctrl-D leaves/);
      join.child.stdin.write('\x03');
      expect(await join.ended).toBe(0);
      expect(join.out).not.toContain('Slashed');
    },
  );
  it.skipIf(!hasScript)(
    `${hasScript ? '' : '(skipped: no script(1) on this machine) '}explains the prompt that one stands at, in lines that end between words`,
    async () => {
      const server = await LocalServer.start({ words: ['--lottery-interval-ms', '60000'] });
      const size = { columns: 50, rows: 60 };
      const join = new VerbProcess(['join', String(server.port)], { TERM: 'xterm' }, size);
      await join.prints(/Enter token balance > /);
      join.child.stdin.write('help\r');
      await join.prints(/Ctrl-D leaves\./);
      const atBalance = await linesOnScreen(join.out, size);
      expect(atBalance.join(' ')).toContain('A whole number is your token balance, for example 100');
      expect(atBalance.join(' ')).not.toContain('BPM');
      join.child.stdin.write('100\r');
      await join.prints(/Enter a new BPM > /);
      join.child.stdin.write('help\r');
      await join.prints(/stays in the draw/);
      join.child.stdin.write('seventy\r');
      await join.prints(/all the same/);
      const screen = await linesOnScreen(join.out, size);
      expect(screen.join(' ')).toContain('proposes a block with that BPM, for example 72');
      expect(screen.join(' ')).toContain('Not sent: that is no BPM, and would cost you your stake.');
      const ours = screen.filter((line) => !/^Connected|^You are validator|> /.test(line));
      expect(Math.max(...ours.map((line) => line.length))).toBeLessThan(size.columns);
      join.child.stdin.write('\x03');
      expect(await join.ended).toBe(0);
    },
  );
  it.skipIf(!hasScript)(
    `${hasScript ? '' : '(skipped: no script(1) on this machine) '}wonders at a page, which waits for its visitor to speak first`,
    async () => {
      const size = { columns: 80, rows: 24 };
      const join = new VerbProcess(['join', `127.0.0.1:${shared.pagePort}`], { TERM: 'xterm' }, size);
      await join.prints(/asks for a token balance yet\.[\s\S]*Ctrl-C leaves\./);
      join.child.stdin.write('\x03');
      expect(await join.ended).toBe(0);
    },
  );
  it.skipIf(!hasScript)(
    `${hasScript ? '' : '(skipped: no script(1) on this machine) '}keeps every line whole while what is typed needs several rows`,
    async () => {
      const { announce, address } = await announcer();
      const size = { columns: 40, rows: 24 };
      const join = new VerbProcess(['join', address], { TERM: 'xterm' }, size);
      await join.prints(/Enter a new BPM > /);
      // Just inside of the first row, just outside of it, and two rows further.
      const words = `${'a'.repeat(21)}${'b'.repeat(2)}${'c'.repeat(77)}`;
      let heard = 0;
      const said: string[] = [];
      for (const [from, to] of [
        [0, 21],
        [21, 23],
        [23, 100],
      ] as const) {
        join.child.stdin.write(`${words.slice(from, to - 1)}${'xyz'[heard / 2] ?? ''}`);
        await join.prints(new RegExp('xyz'[heard / 2] ?? ''));
        for (const _ of [1, 2]) {
          heard += 1;
          said.push(`This is line ${heard}${', which is a long one'.repeat(heard % 3)}.`);
          announce(said.at(-1) ?? '');
          await join.prints(new RegExp(`line ${heard}\\b[^]* > `));
        }
      }
      const typed = `${'a'.repeat(20)}xby${'c'.repeat(76)}z`;
      const shown = ['Connected to ADDRESS. Type help for what you can do here.', ...said];
      const screen = async () => (await linesOnScreen(join.out, size)).map((line) => line.replace(address, 'ADDRESS'));
      expect(await screen()).toEqual([...shown, `Enter a new BPM > ${typed}`]);
      join.child.stdin.write('\x03');
      expect(await join.ended).toBe(0);
      expect(await screen()).toEqual(shown);
    },
  );
});
