import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { Client } from '../client.ts';
import { program } from '../program.ts';
import { temporaryDirectory } from '../temporary.ts';
import { WatchedProcess } from '../watched-process.ts';

const reader = new URL('./deaf-reader.py', import.meta.url).pathname;
const hasPython = spawnSync('python3', ['-c', 'import pty']).status === 0;

/** Text for the console, more than the system and the server keep of it together. */
const commands = 2000;

/** A server whose terminal or pipe can stop being read. */
class DeafServer extends WatchedProcess {
  static async start(kind: 'pty' | 'pipe'): Promise<DeafServer> {
    const settings = ['--port', '0', '--dashboard-port', '0', '--lottery-interval-ms', '200'];
    const server = new DeafServer(
      ['python3', reader, kind, process.execPath, program, ...settings, '--data-dir', temporaryDirectory()],
      { environment: { TERM: 'xterm', NO_COLOR: '1' } },
    );
    await server.prints(/\nnc localhost \d+\r?\n/);
    return server;
  }

  connect(): Client {
    const [, port] = /\nnc localhost (\d+)\r?\n/.exec(this.out) ?? [];
    return new Client(Number(port));
  }

  /** Its console is not read from now on, and everything between the server and its reader is full soon. */
  stopReading(): void {
    this.child.kill('SIGUSR1');
    for (let command = 0; command < commands; command++) this.type('help');
  }

  readAgain(): void {
    this.child.kill('SIGUSR2');
  }
}

describe.skipIf(!hasPython)(`a console that is not read${hasPython ? '' : ' (skipped: no python3 here)'}`, () => {
  it.each(['pty', 'pipe'] as const)(
    'stops no draw and no newcomer, is told how many lines it missed when it is read again, and does not delay the end: %s',
    async (kind) => {
      const server = await DeafServer.start(kind);
      const player = server.connect();
      await player.stakes(100);
      server.stopReading();
      for (let draw = 1; draw <= 5; draw++) {
        player.text = '';
        await player.says('72', `You won block ${draw}.`);
      }
      await server.connect().stakes(10);
      server.readAgain();
      await server.prints(/\d+ lines were not shown: this terminal was not read\.\r?\n/);
      server.out = '';
      player.text = '';
      await player.says('73', 'You won block 6.');
      await server.prints(/wins block 6\r?\n/);
      server.stopReading();
      // A server that cannot end in time ends with another code.
      expect(await server.stop()).toBe(0);
      await player.sees('The server stops now.');
    },
  );
});

describe('a console that is closed', () => {
  it('stops no draw and no end', async () => {
    const server = new WatchedProcess([
      ...[process.execPath, program, '--port', '0', '--dashboard-port', '0'],
      ...['--lottery-interval-ms', '200', '--data-dir', temporaryDirectory()],
    ]);
    const [, port] = await server.prints(/\nnc localhost (\d+)\n/);
    server.child.stdout.destroy();
    const player = new Client(Number(port));
    await player.stakes(100);
    for (let draw = 1; draw <= 3; draw++) await player.says('72', `You won block ${draw}.`);
    server.child.kill('SIGTERM');
    await player.sees('The server stops now.');
    await new Promise((resolve) => server.child.once('exit', resolve));
    expect(server.child.exitCode).toBe(0);
  });
});
