import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { ClassicLevel } from 'classic-level';
import { describe, expect, it } from 'vitest';
import { keyOf } from '../../src/storage/level-value.ts';
import { temporaryDirectory } from '../temporary.ts';
import { runCommand } from './run-command.ts';
import { runVerb } from './run-verb.ts';

const blocks: readonly unknown[] = JSON.parse(
  readFileSync(new URL('../fixtures/version-1.json', import.meta.url), 'utf8'),
);
const texts = blocks.map((block) => JSON.stringify(block));
const words = 'was begun by an unreleased version';

/** A data directory as version 1 left it. */
async function oldDirectory(): Promise<string> {
  const directory = temporaryDirectory();
  const level = new ClassicLevel<string, string>(join(directory, 'chain'));
  for (const [index, text] of texts.entries()) {
    await level.put(keyOf('block', index), text);
    await level.put(keyOf('pool', index), '[]');
  }
  await level.close();
  writeFileSync(join(directory, 'master-secret'), `${'ab'.repeat(32)}\n`, { mode: 0o600 });
  writeFileSync(join(directory, 'tip'), '000000000002 an older checksum\n');
  return directory;
}

/** It is one line on standard error, and nothing else but what was asked for before. */
function expectRefusal({ code, out, err }: { code: number | null; out: string; err: string }): void {
  expect({ code, out }).toEqual({ code: 4, out: '' });
  expect(err).toContain(words);
  expect(err.trimEnd().split('\n')).toHaveLength(1);
}

describe('a chain of version 1, which was never released,', () => {
  it.each([
    ['verify', (directory: string) => ['verify', directory]],
    ['show', (directory: string) => ['show', '1', directory]],
    ['export', (directory: string) => ['export', directory]],
    ['repair', (directory: string) => ['repair', directory, `${directory}-new`]],
    ['lab tamper', (directory: string) => ['lab', 'tamper', directory, '1', 'BPM', '99']],
  ])('is named in one line by %s, and its directory left as it is', async (_, wordsFor) => {
    const directory = await oldDirectory();
    expectRefusal(await runCommand(wordsFor(directory)));
    expect(existsSync(join(directory, 'server.pid'))).toBe(false);
    expect(existsSync(`${directory}-new`)).toBe(false);
  });

  it('is named in one line by npm start, and its directory left as it is', async () => {
    const directory = await oldDirectory();
    expectRefusal(runVerb(['--data-dir', directory, '--port', '0', '--dashboard-port', '0']));
    expect(existsSync(join(directory, 'server.pid'))).toBe(false);
  });

  it('is named by doctor, with what to do about it', async () => {
    const { code, out } = await runCommand([
      'doctor',
      '--data-dir',
      await oldDirectory(),
      '--port',
      '0',
      '--dashboard-port',
      '0',
    ]);
    expect(code).toBe(4);
    expect(out).toContain(words);
    expect(out).toContain('begin a new chain with another --data-dir');
  });

  it.each([
    ['a chain as it was sent', `Enter token balance:\n[${texts.join(',')}]\n`],
    ['an export, a line for each block', `${texts.join('\n')}\n`],
    ['an export with pools', texts.map((text) => `{"Block":${text},"Pool":[]}\n`).join('')],
  ])('is named in %s', async (_, input) => {
    expectRefusal(await runCommand(['verify', '-'], { input }));
    expectRefusal(await runCommand(['show', '1', '-'], { input }));
  });

  it.each([
    ['a person', ['--stake', '100', '--bpm', '70']],
    ['bots', ['--bots', '1', '--stakes', '100']],
  ])('is named by join when a server sends it, which ends the play of %s', async (_, options) => {
    const server = createServer((socket) => {
      socket.on('error', () => undefined);
      socket.write('Enter token balance:');
      socket.once('data', () => {
        const welcome = `You are validator ${'ab'.repeat(32)} with 100 tokens.\n\nEnter a new BPM:`;
        socket.write(`${welcome}\n[${texts.join(',')}]\n\nEnter a new BPM:`);
      });
    });
    await new Promise<void>((resolve) => {
      server.listen(0, '127.0.0.1', resolve);
    });
    const address = server.address();
    if (address === null || typeof address === 'string') throw new Error('not listening');
    const { code, out } = await runCommand(['join', `127.0.0.1:${address.port}`, ...options]);
    expect(code).toBe(4);
    expect(out).toContain(words);
    server.close();
  });
});
