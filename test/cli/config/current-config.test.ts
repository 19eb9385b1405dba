import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { temporaryDirectory } from '../../temporary.ts';
import { runCommand } from '../run-command.ts';

it.each([[['serve']], [['verify']], [['join']]])(
  '%j says that .env cannot be read instead of going on without it',
  async (words) => {
    const directory = temporaryDirectory();
    mkdirSync(join(directory, '.env'));
    expect(await runCommand(words, { directory })).toEqual({
      code: 2,
      out: '',
      err: expect.stringMatching(/^sortition: the settings in \.env cannot be read: EISDIR[ -~]*\.\n$/),
    });
  },
);

it('doctor finds a .env that cannot be read, and goes no further', async () => {
  const directory = temporaryDirectory();
  mkdirSync(join(directory, '.env'));
  const { code, out } = await runCommand(['doctor'], { directory });
  expect(code).toBe(1);
  expect(out).toMatch(/^fail {2}settings +the settings in \.env cannot be read: EISDIR/m);
});

it('a .env that is not there, or that is empty, changes nothing', async () => {
  const directory = temporaryDirectory();
  const { out } = await runCommand(['serve', '--print-config'], { directory });
  expect(out).toMatch(/^PORT=9000 +# default$/m);
  writeFileSync(join(directory, '.env'), '');
  expect(await runCommand(['serve', '--print-config'], { directory })).toEqual({ code: 0, out, err: '' });
});
