import { copyFileSync, readFileSync, symlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { Client } from '../client.ts';
import { examples } from '../effort.ts';
import { program } from '../program.ts';
import { temporaryDirectory } from '../temporary.ts';
import { WatchedProcess } from '../watched-process.ts';

const settings = ['--port', '0', '--dashboard-port', '0', '--lottery-interval-ms', '400'];

/** A package with our scripts and our program, as a clone has them: npm runs its scripts there. */
function clone(): string {
  const directory = temporaryDirectory();
  const root = dirname(dirname(program));
  copyFileSync(join(root, 'package.json'), join(directory, 'package.json'));
  symlinkSync(join(root, 'dist'), join(directory, 'dist'));
  return directory;
}

/** `npm start` without the build before it. */
function npmStart(directory: string): readonly string[] {
  return ['npm', '--prefix', directory, '--ignore-scripts', 'start', '--', ...settings];
}

async function started(
  directory: string,
  command: readonly string[],
): Promise<{ parent: WatchedProcess; client: Client }> {
  const parent = new WatchedProcess(command, { environment: { HOME: directory } });
  // A server that outlives its parent must not outlive a test that fails.
  onTestFinished(() => signalServer(directory, 'SIGKILL'));
  const [, port] = await parent.prints(/\nnc \S+ (\d+)\n$/);
  const client = new Client(Number(port));
  await client.stakes(100);
  return { parent, client };
}

/** The server's directory says which process it is. */
function signalServer(directory: string, signal: NodeJS.Signals): void {
  try {
    process.kill(Number(readFileSync(join(directory, 'data', 'server.pid'), 'utf8')), signal);
  } catch {
    // It has ended.
  }
}

describe('a server that npm started', () => {
  it.each(examples<NodeJS.Signals>(['SIGKILL'], ['SIGTERM']))('stops when npm is ended with %s', async (signal) => {
    const directory = clone();
    const { parent: npm, client } = await started(directory, npmStart(directory));
    // What npm's output goes to is closed by the last process that could write there: the server.
    await npm.stop(signal);
    await client.closed;
    expect(client.text).toContain('The server stops now.');
    expect(npm.out).toMatch(/Stopping\.\n$/);
  });
});

describe('a server goes on when what it was started from ends', () => {
  const ours = [process.execPath, program, ...settings];

  it.each([
    ['a shell without npm', (directory: string) => [...ours, '--data-dir', join(directory, 'data')]],
    ['the shell that npm was started from', npmStart],
  ])('%s', async (_what, command) => {
    const directory = clone();
    const inBackground = ['sh', '-c', '"$@" & wait', 'sh'];
    const { parent: shell, client } = await started(directory, [...inBackground, ...command(directory)]);
    const gone = new Promise((resolve) => shell.child.once('exit', resolve));
    shell.child.kill('SIGKILL');
    await gone;
    await client.says('72', 'You won block 1.');
    await client.says('73', 'You won block 2.');
    await client.says('74', 'You won block 3.');
    signalServer(directory, 'SIGTERM');
    await client.closed;
    expect(client.text).toContain('The server stops now.');
  });
});
