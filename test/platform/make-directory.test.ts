import { existsSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { makeDirectory } from '../../src/platform/make-directory.ts';
import { runCommand } from '../cli/run-command.ts';
import { runVerb } from '../cli/run-verb.ts';
import { filledDirectory } from '../storage/filled-directory.ts';
import { temporaryDirectory } from '../temporary.ts';

const hasProc = existsSync('/proc/self');

describe('a directory that is made', () => {
  it('has all those above it made, too, and is left as it is where it is there', () => {
    const parent = temporaryDirectory();
    const directory = join(parent, 'a', 'b', 'c');
    makeDirectory(directory);
    expect(statSync(directory).isDirectory()).toBe(true);
    writeFileSync(join(directory, 'file'), 'x');
    makeDirectory(directory);
    expect(existsSync(join(directory, 'file'))).toBe(true);
    expect(() => makeDirectory(join(directory, 'file', 'd'))).toThrow('ENOTDIR');
  });

  it.skipIf(!hasProc)(
    `${hasProc ? '' : '(skipped: no /proc on this machine) '}is refused in one line where nothing can be made, and a server or a repair that wants it ends`,
    async () => {
      expect(() => makeDirectory('/proc/nothing/data')).toThrow('ENOENT');
      const directory = '/proc/nothing/data';
      const refusal = { code: 4, err: expect.stringMatching(/^sortition: [ -~]*\/proc\/nothing[ -~]*\.\n$/) };
      expect(runVerb(['--port', '0', '--data-dir', directory])).toMatchObject(refusal);
      expect(await runCommand(['repair', await filledDirectory(), directory])).toMatchObject({ ...refusal, code: 5 });
      const doctor = await runCommand(['doctor', '--port', '0', '--data-dir', directory]);
      expect(doctor.out).toMatch(/^fail {2}data +\/proc\/nothing\/data does not exist, and this user cannot make it$/m);
    },
  );
});
