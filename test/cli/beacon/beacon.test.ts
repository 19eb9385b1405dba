import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { runToEnd } from '../../../src/base/run-to-end.ts';
import { beaconOfInfo, parseBeaconInfo } from '../../../src/core/beacon-info.ts';
import { drandVerifier } from '../../../src/core/drand-signature.ts';
import { temporaryDirectory } from '../../temporary.ts';
import { runCommand } from '../run-command.ts';
import { VerbProcess } from '../verb-process.ts';

/** A beacon in a process of its own, on a port that is free. */
async function start(directory: string, ...words: readonly string[]): Promise<{ verb: VerbProcess; url: string }> {
  const verb = new VerbProcess(['beacon', '--port', '0', '--data-dir', directory, ...words]);
  const [, url = ''] = await verb.prints(/npm start -- --beacon (http:\/\/localhost:\d+)\n/);
  return { verb, url };
}

describe('sortition beacon', () => {
  it('publishes rounds that verify, stops when asked to, and goes on with the same key', async () => {
    const directory = temporaryDirectory();
    const first = await start(directory, '--period', '2s', '--name', 'anna');
    const info = await (await fetch(`${first.url}/info`)).json();
    const parsed = parseBeaconInfo(info);
    if ('why' in parsed) throw new Error(parsed.why);
    const beacon = beaconOfInfo(parsed.value);
    expect(beacon).toMatchObject({ Name: 'anna', Period: 2 });
    const one = JSON.parse(await (await fetch(`${first.url}/${beacon.ChainHash}/public/1`)).text());
    expect(runToEnd(drandVerifier()(beacon.PublicKey, 1, one.signature))).toBe(true);
    expect(statSync(join(directory, 'beacon-key.json')).mode & 0o777).toBe(0o600);
    expect(await first.verb.stop('SIGINT')).toBe(0);

    const second = await start(directory);
    expect(await (await fetch(`${second.url}/info`)).json()).toEqual(info);
    expect(await (await fetch(`${second.url}/public/1`)).json()).toEqual(one);
    expect(await second.verb.stop('SIGTERM')).toBe(0);
    // What is on the screen of its keeper is no secret.
    const { Secret } = JSON.parse(readFileSync(join(directory, 'beacon-key.json'), 'utf8'));
    expect(first.verb.out + first.verb.err).not.toContain(Secret);

    const other = await runCommand(['beacon', '--data-dir', directory, '--period', '3']);
    expect(other).toMatchObject({ code: 2, out: '' });
    expect(other.err).toContain('is anna with a round every 2 s, for ever. Leave --period out');
  });

  it.each([
    [['--period', '0'], '--period is "0", but must be whole seconds from 1 to 86400, for example --period 3s'],
    [['--period', '86401'], '--period is "86401"'],
    [['--period', '500ms'], '--period is "500ms"'],
    [['--name', 'Anna'], '--name is "Anna", but must be 1 to 32 of a-z, 0-9 and -'],
    [['--port', '65536'], '--port is "65536"'],
    [['anna\u001b'], 'beacon takes options only, not "anna\\x1b"'],
  ])('says what is accepted instead of %j, and makes no key', async (words, why) => {
    const { code, err } = await runCommand(['beacon', ...words]);
    expect([code, err]).toEqual([2, expect.stringContaining(why)]);
  });

  it('ends with 3 where its port is in use, and with 4 where its key is damaged', async () => {
    const server = createServer();
    onTestFinished(() => {
      server.close();
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const bound = server.address();
    const port = typeof bound === 'object' && bound !== null ? bound.port : 0;
    const taken = await runCommand(['beacon', '--port', String(port), '--data-dir', temporaryDirectory()]);
    expect(taken).toMatchObject({ code: 3, err: expect.stringContaining(`port ${port} on 127.0.0.1 is in use`) });
    const directory = temporaryDirectory();
    writeFileSync(join(directory, 'beacon-key.json'), '{}');
    const damaged = await runCommand(['beacon', '--data-dir', directory]);
    expect(damaged).toMatchObject({ code: 4, err: expect.stringContaining('beacon-key.json is damaged') });
  });
});
