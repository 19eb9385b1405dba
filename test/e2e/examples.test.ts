import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it, onTestFinished } from 'vitest';
import { start } from '../../src/library/node/index.ts';
import { Change } from '../change.ts';
import { listenOverHttp } from '../http-listener.ts';
import { WatchedProcess } from '../watched-process.ts';
import { shortSeries } from './short-series.ts';

const folder = new URL('../../examples/', import.meta.url);

/** Runs an example as a person does, with the built package. */
function run(name: string, ...words: readonly string[]): WatchedProcess {
  const file = fileURLToPath(new URL(`${name}.ts`, folder));
  return new WatchedProcess([process.execPath, '--import', import.meta.resolve('tsx'), file, ...words]);
}

/** The address of a hook, and what is posted to it. */
async function openHook(): Promise<{ readonly url: string; readonly posts: string[]; readonly change: Change }> {
  const posts: string[] = [];
  const change = new Change();
  const address = await listenOverHttp(async (request, response) => {
    let body = '';
    for await (const piece of request.setEncoding('utf8')) body += piece;
    posts.push(body);
    response.writeHead(204).end();
    change.tell();
  });
  return { url: `${address}/winners`, posts, change };
}

describe('the examples', () => {
  it('play, draw a raffle, and tell of every winner of one lottery', async () => {
    const node = await start({ lotteryIntervalMs: 300, linksPerChain: shortSeries });
    onTestFinished(() => node.stop());
    const hook = await openHook();
    const webhook = run('webhook', node.url, hook.url);
    const raffle = run('raffle', node.url, 'Eve', 'Ada', 'Bob');
    await Promise.all([
      webhook.prints(/^Waiting for block 1\.$/m),
      raffle.prints(/^The next draw decides among Ada, Bob, Eve\./m),
    ]);
    const bot = run('validator-bot', node.url, '100', '2');

    expect(await bot.ended, bot.err).toBe(0);
    const [, validator] = /^Validator ([0-9a-f]{64}) has 100 tokens\.$/m.exec(bot.out) ?? [];
    expect(bot.out).toMatch(/^Block 1: ticket \d+, mine are 0 to 99\.$/m);
    expect(bot.out).toMatch(/^2 of 2 draws were won\.$/m);

    expect(await raffle.ended, raffle.err).toBe(0);
    expect(raffle.out).toMatch(/^Block 1 reveals [0-9a-f]{64}: ticket [0-2] wins, which is (?:Ada|Bob|Eve)'s\.$/m);

    while (hook.posts.length < 2) await hook.change.next();
    expect(JSON.parse(hook.posts[0] ?? '')).toEqual({ index: 1, winner: validator, bpm: 60 });
    expect(JSON.parse(hook.posts[1] ?? '')).toEqual({ index: 2, winner: validator, bpm: 1 });
    await webhook.prints(/^Block 2: told, and answered with 204\.$/m);
    await node.stop();
    expect(await webhook.ended, webhook.err).toBe(0);
  });

  it('compare reward rules', async () => {
    const rule = run('reward-rule', '50');
    expect(await rule.ended, rule.err).toBe(0);
    expect(rule.out).toMatch(
      /^At first: Ada 10\.0 %, Bob 20\.0 %, Eve 70\.0 %\nAfter 50 draws, reward the same for everybody: .*\nAfter 50 draws, reward a hundredth of the stake: .*\n$/,
    );
  });

  it('are all named in the page about the library, and import the package as others do', () => {
    const names = readdirSync(folder).filter((name) => name.endsWith('.ts'));
    const page = readFileSync(new URL('../docs/library.md', folder), 'utf8');
    expect(names.length).toBeGreaterThan(3);
    expect(names.filter((name) => !page.includes(`examples/${name}`))).toEqual([]);
    for (const name of names) {
      const imports = [...readFileSync(new URL(name, folder), 'utf8').matchAll(/ from '([^']+)'/g)].map(
        ([, from]) => from,
      );
      expect(imports).toEqual(['sortition']);
    }
  });

  it('draw a raffle in 20 lines', () => {
    expect(readFileSync(new URL('raffle.ts', folder), 'utf8').trimEnd().split('\n').length).toBeLessThanOrEqual(20);
  });
});
