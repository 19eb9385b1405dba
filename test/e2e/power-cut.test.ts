import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { examples } from '../effort.ts';
import { LoopDisk } from '../loop-disk.ts';
import { ServerProcess } from './server-process.ts';

const canMount = LoopDisk.isPossible();

function kept(disk: LoopDisk): LoopDisk {
  onTestFinished(() => disk.remove());
  return disk;
}

/** The disk of a running server as it is found after a power cut now; the server goes on. */
function cutPower(server: ServerProcess, disk: LoopDisk): LoopDisk {
  server.child.kill('SIGSTOP');
  try {
    return kept(disk.afterPowerCut());
  } finally {
    server.child.kill('SIGCONT');
  }
}

async function heightOn(disk: LoopDisk): Promise<number> {
  const server = await ServerProcess.start({ dataDir: join(disk.place, 'data') });
  const [, blocks] = await server.prints(/chain +(?:(\d+) blocks|only its genesis so far), verified/);
  expect(await server.stop()).toBe(0);
  return Number(blocks ?? 1) - 1;
}

describe.skipIf(!canMount)(`a power cut${canMount ? '' : ' (skipped: nothing can be mounted here)'}`, () => {
  it('in the first moments of a chain costs nothing that was announced', async () => {
    const disk = kept(LoopDisk.make());
    const server = await ServerProcess.start({ dataDir: join(disk.place, 'data') });
    const cuts = [cutPower(server, disk)];
    const client = server.connect();
    await client.stakes(100);
    for (const block of examples([1], [2])) {
      await client.says('72', `You won block ${block}.`);
      cuts.push(cutPower(server, disk));
    }
    for (const [height, cut] of cuts.entries()) expect(await heightOn(cut)).toBeGreaterThanOrEqual(height);
  });

  it('after somebody heard that they are slashed does not bring their seat back', async () => {
    const disk = kept(LoopDisk.make());
    const words = ['--rejoin-grace-ms', '60000', '--lottery-interval-ms', '60000'];
    const server = await ServerProcess.start({ dataDir: join(disk.place, 'data'), words });
    const client = server.connect();
    await client.stakes(100);
    const [, code = ''] = await client.sees(/rejoin (\S+)\n/);
    await client.says('x', 'Slashed: ');
    const cut = cutPower(server, disk);
    const again = await ServerProcess.start({ dataDir: join(cut.place, 'data'), words });
    await again.connect().says(`rejoin ${code}`, 'is not the code of a seat');
  });
});

describe('what a power cut has left of a chain that an earlier version began', () => {
  it('is gone on with, although the mark of its tip is empty', async () => {
    const first = await ServerProcess.start();
    const client = first.connect();
    await client.stakes(100);
    await client.says('72', 'You won block 1.');
    await first.stop('SIGKILL');
    const tip = join(first.dataDir, 'tip');
    writeFileSync(tip, '');
    const second = await ServerProcess.start({ dataDir: first.dataDir });
    expect(second.out).toMatch(/chain +2 blocks, verified/);
    expect(readFileSync(tip, 'latin1')).toMatch(/^000000000001 /);
  });
});
