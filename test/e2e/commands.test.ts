import { spawnSync } from 'node:child_process';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { runCommand } from '../cli/run-command.ts';
import { runVerb } from '../cli/run-verb.ts';
import { VerbProcess } from '../cli/verb-process.ts';
import { examples } from '../effort.ts';
import { program } from '../program.ts';
import { filledDirectory } from '../storage/filled-directory.ts';
import { temporaryDirectory } from '../temporary.ts';
import { ServerProcess } from './server-process.ts';

const hasScript = spawnSync('script', ['--version']).status === 0;

describe('a command in a process of its own', () => {
  it.each(
    examples<readonly [string, (directory: string) => readonly string[]]>(
      [
        ['export', (directory) => ['export', '--pools', directory]],
        ['repair', (directory) => ['repair', directory, directory]],
        ['a word that is none', () => ['verfiy']],
        ['the settings', () => ['--print-config']],
      ],
      [
        ['verify', (directory) => ['verify', directory]],
        ['show', (directory) => ['show', '2', directory]],
        ['simulate', () => ['simulate', '--rounds', '100', '--seed', 's']],
        ['lab', (directory) => ['lab', 'tamper', directory, '1', 'BPM', '99']],
        ['help', () => ['help', 'verify']],
      ],
    ),
  )('writes the same and ends alike as in the process of these tests: %s', async (_, wordsFor) => {
    const words = wordsFor(await filledDirectory());
    const directory = temporaryDirectory();
    const environment = { PORT: '9123' };
    expect(runVerb(words, { directory, environment })).toEqual(await runCommand(words, { directory, environment }));
  });

  it('reads a chain from a pipe, and the settings from the environment and .env', async () => {
    const directory = temporaryDirectory();
    writeFileSync(join(directory, '.env'), `DATA_DIR=${await filledDirectory()}\n`);
    const exported = runVerb(['export'], { directory });
    expect(exported).toMatchObject({ code: 0, err: '' });
    expect(runVerb(['verify', '-'], { input: exported.out })).toMatchObject({ code: 0, err: '' });
    expect(runVerb(['verify', '-'], { input: exported.out.replace('"BPM":1', '"BPM":2') })).toMatchObject({ code: 1 });
    expect(runVerb(['verify'], { environment: { DATA_DIR: '/nowhere' }, directory })).toMatchObject({ code: 4 });
  });

  it('ends in peace when its reader has had enough', async () => {
    const exporting = new VerbProcess(['export', await filledDirectory()]);
    exporting.child.stdout.destroy();
    expect(await exporting.ended).toBe(0);
    expect(exporting.err).toBe('');
    const command = `"${process.execPath}" "${program}" simulate --csv --stakes 1..20000 --rounds 1 | head -n 1`;
    const { stdout, stderr } = spawnSync('sh', ['-c', command], { encoding: 'utf8' });
    expect(stderr).toBe('');
    expect(stdout).toMatch(/^row,validator,stake,[a-zA-Z,]+\n$/);
  });

  it.skipIf(!hasScript)(
    `${hasScript ? '' : '(skipped: no script(1) on this machine) '}knows how wide its terminal is`,
    async () => {
      const attack = new VerbProcess(['lab', 'attack', 'split'], { TERM: 'dumb' }, { columns: 40, rows: 24 });
      expect(await attack.ended).toBe(0);
      const [title = '', ...lines] = attack.out.split('\r\n');
      expect(title).toMatch(/^split: /);
      for (const line of lines) expect(line.length, line).toBeLessThanOrEqual(40);
    },
  );

  it('says in one line that there is no room for a repair, leaves nothing behind, and can be tried again', async () => {
    const from = await filledDirectory();
    const to = join(temporaryDirectory(), 'new');
    // No file may grow beyond a kilobyte.
    const narrow = ['-c', 'ulimit -f 2; exec "$@"', 'sh', process.execPath, program, 'repair', from, to];
    const { status, stdout, stderr } = spawnSync('sh', narrow, { encoding: 'utf8' });
    expect(stderr).toMatch(/^sortition: \S+ could not be copied to \S+: [ -~]+\. Nothing is left there\.\n$/);
    expect({ status, stdout }).toEqual({ status: 5, stdout: '' });
    expect(await runCommand(['repair', from, to])).toMatchObject({ code: 0, err: '' });
  });
});

describe('beside a running server', () => {
  it('a chain is verified, shown, exported byte for byte as it is sent, and tampered with, and the server goes on', async () => {
    const server = await ServerProcess.start({
      words: ['--lottery-interval-ms', '100', '--chain-broadcast-interval-ms', '100'],
    });
    const client = server.connect();
    await client.stakes(5);
    await client.says('72', 'You won block 1.');
    const [, sent = ''] = await client.sees(/\n(\[\{"Index":0.*\},\{"Index":1,.*\}\]\n)/);
    expect(await runCommand(['verify', server.dataDir])).toMatchObject({
      code: 0,
      err: '',
      out: expect.stringContaining('1 pool with 1 candidate:'),
    });
    expect(await runCommand(['show', '1', server.dataDir])).toMatchObject({ code: 0, err: '' });
    expect(await runCommand(['export'], { environment: { DATA_DIR: server.dataDir } })).toEqual({
      code: 0,
      out: sent,
      err: '',
    });
    const exported = await runCommand(['export', '--pools', server.dataDir]);
    expect(exported).toMatchObject({ code: 0, err: '' });
    expect(await runCommand(['verify', '-'], { input: exported.out })).toMatchObject({
      code: 0,
      out: expect.stringContaining('1 pool with 1 candidate:'),
    });
    expect((await runCommand(['lab', 'tamper', server.dataDir, '1', 'Stake', '6'])).code).toBe(0);
    expect(await runCommand(['repair', server.dataDir, join(temporaryDirectory(), 'new')])).toMatchObject({
      code: 2,
      err: `sortition: "${server.dataDir}" is in use by process ${server.child.pid}. Stop that server first.\n`,
    });
    await client.says('73', 'You won block 2.');
    expect(await server.stop()).toBe(0);
    expect((await runCommand(['export', server.dataDir])).out.startsWith(sent.slice(0, -2))).toBe(true);
  });

  it('a chain that no server can open is repaired, and a server goes on with what came of it', async () => {
    const server = await ServerProcess.start({ words: ['--lottery-interval-ms', '100'] });
    const client = server.connect();
    await client.stakes(10);
    await client.says('72', 'You won block 1.');
    await server.stop();
    rmSync(join(server.dataDir, 'chain', 'CURRENT'));
    const broken = new ServerProcess({ dataDir: server.dataDir });
    expect(await broken.ended).toBe(4);
    expect(broken.err).toMatch(
      /^sortition: .* cannot be opened: .*\. To keep what is whole: node \S+main\.js repair \S+ NEW-DIRECTORY\.\n$/,
    );
    const to = join(temporaryDirectory(), 'new');
    expect((await runCommand(['repair', server.dataDir, to])).code).toBe(0);
    const next = await ServerProcess.start({ dataDir: to, words: ['--lottery-interval-ms', '100'] });
    expect(next.out).toContain('2 blocks, verified');
    const again = next.connect();
    await again.stakes(10);
    await again.says('72', 'You won block 2.');
  });
});
