import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { Client } from '../client.ts';
import { examples } from '../effort.ts';
import { temporaryDirectory } from '../temporary.ts';
import { startProcessWithPage } from './page-server.ts';
import { type ProcessOptions, ServerProcess } from './server-process.ts';

const canMount = process.platform === 'linux' && process.getuid?.() === 0 && canMountHere();
const canTrace = spawnSync('strace', ['-e', 'trace=none', 'true']).status === 0;

function canMountHere(): boolean {
  return spawnSync('unshare', ['--mount', 'true']).status === 0;
}

/** Many rounds, until a disk is full. */
const quick = ['--lottery-interval-ms', '100'];

/** What is known of a draw whose block the disk refused. */
const drawUnknown =
  'its disk refused to store a block. It is not known whether this draw was kept; the chain will show it.';

/** A disk of half a megabyte. */
function smallDisk(): string {
  const directory = join(temporaryDirectory(), 'disk');
  mkdirSync(directory);
  execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=512k', 'tmpfs', directory]);
  onTestFinished(() => {
    execFileSync('umount', ['--lazy', directory]);
  });
  return directory;
}

/** Writes to a disk until there is no room. */
function fillUp(file: string): void {
  for (const size of [65_536, 4096, 1]) {
    try {
      for (;;) writeFileSync(file, Buffer.alloc(size), { flag: 'a' });
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'ENOSPC')) throw error;
    }
  }
}

/** Proposes in every round until the person reads something, at most 50 times. */
async function proposeUntil(client: Client, pattern: RegExp): Promise<void> {
  for (let round = 0; round < 50; round++) {
    client.text = '';
    await client.says('72', /Candidate for block \d+: BPM 72/);
    const [words] = await client.sees(new RegExp(`${pattern.source}|You won block`));
    if (!words.startsWith('You won')) return;
  }
  throw new Error(`never read ${pattern}`);
}

/** From now on the system answers every fdatasync of a process with an error. */
async function failSyncs(server: ServerProcess): Promise<void> {
  const inject = ['-f', '-p', String(server.child.pid), '-o', '/dev/null', '-e', 'inject=fdatasync:error=EIO'];
  const tracer = spawn('strace', inject, { stdio: ['ignore', 'ignore', 'pipe'] });
  onTestFinished(() => {
    tracer.kill();
  });
  await new Promise((resolve) => tracer.stderr.once('data', resolve));
}

async function heightAfterRestart(options: ProcessOptions): Promise<number> {
  const server = await ServerProcess.start(options);
  const [, blocks] = await server.prints(/(\d+) blocks, verified/);
  expect(await server.stop()).toBe(0);
  return Number(blocks) - 1;
}

describe.skipIf(!canMount)(`a disk that is full${canMount ? '' : ' (skipped: nothing can be mounted here)'}`, () => {
  it('makes the draw wait, everybody is told, and the very same draw is announced when there is room', async () => {
    const disk = smallDisk();
    const server = await ServerProcess.start({ dataDir: join(disk, 'data'), words: quick });
    const client = server.connect();
    const watcher = server.connect();
    await client.stakes(100);
    fillUp(join(disk, 'filler'));
    await proposeUntil(client, /The draw of this round waits: the disk of the server is full/);
    await watcher.sees(/the disk of the server is full\. .*\nEnter token balance:/);
    await server.prints(/The draw waits: block \d+ could not be stored: .*No space left on device/);
    const heard = watcher.text.match(/winning validator/g)?.length ?? 0;
    const [, waiting] = (await server.prints(/nobody hears of block (\d+) before it is stored/)) ?? [];

    await client.says('73', `Candidate for block ${Number(waiting) + 1}: BPM 73`);
    expect(watcher.text.match(/winning validator/g)?.length ?? 0).toBe(heard);
    rmSync(join(disk, 'filler'));
    await client.sees(`You won block ${waiting}.`);
    await client.sees(`You won block ${Number(waiting) + 1}.`);
    await server.prints(new RegExp(`The draw goes on: block ${waiting} is stored`));
    expect(await server.stop()).toBe(0);
    expect(await heightAfterRestart({ dataDir: join(disk, 'data') })).toBe(Number(waiting) + 1);
  });

  it.each(examples([12_288], [0, 49_152]))(
    'is the reason that a start names, with %i bytes free: the advice is to free space, and that helps',
    async (bytesFree) => {
      const disk = smallDisk();
      const dataDir = join(disk, 'data');
      writeFileSync(join(disk, 'reserve'), Buffer.alloc(bytesFree));
      fillUp(join(disk, 'filler'));
      rmSync(join(disk, 'reserve'));
      // Once before there is a chain, and once when there is one.
      for (const start of ['first', 'later']) {
        const server = new ServerProcess({ dataDir, words: quick });
        const outcome = await Promise.race([server.ended, server.prints(/\nnc \S+ \d+\n$/).then(() => 'started')]);
        if (outcome === 'started') await server.stop('SIGKILL');
        else {
          expect([4, 5]).toContain(outcome);
          expect(server.err).toMatch(
            /^sortition: .*no space left on device.*\. Free space on that disk,? and start again/i,
          );
          expect(server.err).not.toContain('repair');
        }
        rmSync(join(disk, 'filler'), { force: true });
        if (start === 'later') break;
        const again = await ServerProcess.start({ dataDir, words: quick });
        const client = again.connect();
        await client.stakes(100);
        await client.says('72', 'You won block 1.');
        expect(await again.stop()).toBe(0);
        fillUp(join(disk, 'filler'));
      }
      expect(await heightAfterRestart({ dataDir })).toBe(1);
    },
  );

  it('ends a server that is stopped meanwhile with 5, and what was announced is there afterwards', async () => {
    const disk = smallDisk();
    const server = await ServerProcess.start({ dataDir: join(disk, 'data'), words: quick });
    const client = server.connect();
    await client.stakes(100);
    fillUp(join(disk, 'filler'));
    await proposeUntil(client, /The draw of this round waits/);
    const [, waiting] = await server.prints(/nobody hears of block (\d+) before it is stored/);
    expect(await server.stop()).toBe(5);
    await client.sees(drawUnknown);
    rmSync(join(disk, 'filler'));
    expect(await heightAfterRestart({ dataDir: join(disk, 'data') })).toBe(Number(waiting) - 1);
  });
});

describe('a file that may not grow any more', () => {
  it('is left for a new one, and no announced block is lost', async () => {
    const dataDir = temporaryDirectory();
    const through = ['bash', '-c', 'ulimit -f 16; exec "$@"', 'bash'];
    const server = await ServerProcess.start({ dataDir, through, words: quick });
    const client = server.connect();
    await client.stakes(100);
    await proposeUntil(client, /The draw of this round waits/);
    const [, waiting] = await server.prints(/nobody hears of block (\d+) before it is stored/);
    await client.sees(`You won block ${waiting}.`);
    expect(await server.stop()).toBe(0);
    expect(await heightAfterRestart({ dataDir })).toBe(Number(waiting));
  });
});

describe.skipIf(!canTrace)(`a disk that fails${canTrace ? '' : ' (skipped: strace cannot run here)'}`, () => {
  it('ends the server with 5 before anybody hears of that block, and a restart goes on with all that was announced', async () => {
    const dataDir = temporaryDirectory();
    const { server, base } = await startProcessWithPage({ dataDir });
    const page = await fetch(`${base}/api/events`);
    const client = server.connect();
    await client.stakes(100);
    await client.says('72', 'You won block 1.');
    await failSyncs(server);
    await proposeUntil(client, /its disk refused to store a block/);
    expect(client.text).toContain(drawUnknown);
    expect(await page.text()).toMatch(/event: stopped\ndata: \{"why":"disk-refused"\}\n\n$/);
    const heard = Number(/Candidate for block (\d+)/.exec(client.text)?.[1]) - 1;
    expect(await server.ended).toBe(5);
    expect(server.err).toMatch(/^sortition: block \d+ could not be stored: .*Input\/output error/);
    expect(server.err).toMatch(/it is not known whether it was kept, and the chain will show it\. Mend the disk/);
    expect(await heightAfterRestart({ dataDir })).toBeGreaterThanOrEqual(heard);
    expect(existsSync(join(dataDir, 'tip'))).toBe(true);
  });
});
