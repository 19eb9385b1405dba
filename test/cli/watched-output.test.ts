import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { ServerProcess } from '../e2e/server-process.ts';
import { examples } from '../effort.ts';
import { program } from '../program.ts';
import { filledDirectory } from '../storage/filled-directory.ts';
import { temporaryDirectory } from '../temporary.ts';

const hasFullDevice = existsSync('/dev/full');

describe('an output that cannot be written', () => {
  it.skipIf(!hasFullDevice)(
    `${hasFullDevice ? '' : '(skipped: no /dev/full on this machine) '}is said in one line, with an exit code of its own, by every verb that ends by itself`,
    async () => {
      const directory = await filledDirectory();
      const server = await ServerProcess.start();
      for (const words of examples(
        [
          `verify ${directory}`,
          `show 1 ${directory}`,
          `export ${directory}`,
          `simulate --rounds 10`,
          `join ${server.port} --stake 1 --bpm 72 --rounds 1`,
          `doctor --port 0 --data-dir ${directory}`,
          '--print-config',
        ],
        [
          `verify ${directory} --json`,
          `lab tamper ${directory} 1 BPM 5`,
          'lab attack split',
          `repair ${directory} copy`,
          `join ${server.port} --bots 2 --rounds 1`,
          'verify --help',
          '--version',
        ],
      )) {
        const { status, stderr } = spawnSync('sh', ['-c', `"${process.execPath}" "${program}" ${words} > /dev/full`], {
          cwd: temporaryDirectory(),
          encoding: 'utf8',
        });
        expect(stderr, words).toMatch(/^sortition: standard output cannot be written: ENOSPC[ -~]*\.\n$/);
        expect(status, words).toBe(5);
      }
    },
  );
});
