import { writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage } from 'node:http';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { limits } from '../../../src/cli/limits.ts';
import { jsonOfWord, paramsOfWords, printableJson } from '../../../src/cli/rpc/json-words.ts';
import { LotteryPage, rpcCookie } from '../../http/open-lottery-page.ts';
import { temporaryDirectory } from '../../temporary.ts';
import { type Finished, runCommand } from '../run-command.ts';

/** A data directory with the cookie of a page. */
function directoryWithCookie(): string {
  const directory = temporaryDirectory();
  writeFileSync(join(directory, 'rpc.cookie'), `${rpcCookie}\n`);
  return directory;
}

function call(page: LotteryPage, ...words: readonly string[]): Promise<Finished> {
  return runCommand(['rpc', ...words], { environment: { DASHBOARD_PORT: String(page.port) } });
}

/** The port of a server that answers everything with this body. */
async function answering(body: string, hear: (request: IncomingMessage) => void = () => undefined): Promise<string> {
  const server = createServer((request, response) => {
    hear(request);
    response.end(body);
  });
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const bound = server.address();
  return String(typeof bound === 'object' ? bound?.port : undefined);
}

describe('rpc', () => {
  it('prints the result of a method as JSON', async () => {
    const page = await LotteryPage.open();
    expect(await call(page, 'getblockcount')).toEqual({ code: 0, out: '0\n', err: '' });
    const { out } = await call(page, 'getblock', '{"block":0}');
    expect(JSON.parse(out)).toMatchObject({ Index: 0 });
    expect(out).toMatch(/^\{\n {2}"Index": 0,\n/);
    const { Hash } = JSON.parse(out);
    expect((await call(page, 'getblock', Hash)).out).toBe(out);
    const url = ['--url', page.base];
    expect((await runCommand(['rpc', 'getblockhash', '0', ...url])).out).toBe(`"${Hash}"\n`);
    expect((await runCommand(['rpc', 'getblockcount', '--dashboard-port', String(page.port)])).out).toBe('0\n');
  });

  it('does what the operator does with the cookie of the data directory', async () => {
    const page = await LotteryPage.open();
    const directory = directoryWithCookie();
    expect(await call(page, 'pause', '--data-dir', directory)).toEqual({ code: 0, out: '"paused"\n', err: '' });
    expect(page.node.service.status().isPaused).toBe(true);
    const { code } = await runCommand(['rpc', 'resume', '--url', page.base], { environment: { DATA_DIR: directory } });
    expect([code, page.node.service.status().isPaused]).toEqual([0, false]);
  });

  it('says what to do where it has no cookie, or an old one', async () => {
    const page = await LotteryPage.open();
    const old = temporaryDirectory();
    writeFileSync(join(old, 'rpc.cookie'), `__cookie__:${'cd'.repeat(32)}\n`);
    for (const directory of [old, join(old, 'nowhere')]) {
      const { code, out, err } = await call(page, 'stop', '--data-dir', directory);
      expect([code, out]).toEqual([1, '']);
      expect(err).toMatch(
        /^sortition: the server refused this \(401\): .*Name the data directory with --data-dir.*\.\n$/,
      );
    }
  });

  it('sends the cookie to nobody who does not ask for it, and shows nothing that a terminal obeys', async () => {
    const authorizations: (string | undefined)[] = [];
    const answer = JSON.stringify({ jsonrpc: '2.0', result: '\u001b[2Jü', id: 1 });
    const port = await answering(answer, ({ headers }) => authorizations.push(headers.authorization));
    const { code, out } = await runCommand(['rpc', 'stop', '--dashboard-port', port], {
      environment: { DATA_DIR: directoryWithCookie() },
    });
    expect([code, authorizations]).toEqual([0, [undefined]]);
    expect(out).toBe('"\\u001b[2J\\u00fc"\n');
  });

  it.each([
    ['too deep', `{"result":${'['.repeat(64)}${']'.repeat(64)}}`, 'what came is no answer of JSON-RPC'],
    ['too deep by far', '['.repeat(1_000_000), 'what came is no answer of JSON-RPC'],
    ['no JSON', '<html>', 'what came is no answer of JSON-RPC'],
    ['no object', 'null', 'what came is no answer of JSON-RPC'],
    ['without a result', '{"jsonrpc":"2.0","id":1}', 'what came is no answer of JSON-RPC'],
    ['too large', `{"result":"${'x'.repeat(limits.answerBytesMax - 12)}"}`, 'what came has more than 8388608 bytes'],
  ])('takes no answer that is %s', async (_, body, why) => {
    const { code, out, err } = await runCommand(['rpc', 'getinfo', '--dashboard-port', await answering(body)]);
    expect([code, out]).toEqual([1, '']);
    expect(err).toMatch(new RegExp(`^sortition: localhost:\\d+ does not answer: ${why}\\. `));
  });

  it('takes one that is just within its bounds', async () => {
    const deep = `{"result":${'['.repeat(63)}${']'.repeat(63)}}`;
    expect((await runCommand(['rpc', 'getinfo', '--dashboard-port', await answering(deep)])).code).toBe(0);
    const large = `{"result":"${'x'.repeat(limits.answerBytesMax - 13)}"}`;
    const { out } = await runCommand(['rpc', 'getinfo', '--dashboard-port', await answering(large)]);
    expect(out).toHaveLength(limits.answerBytesMax - 10);
  });

  it.each([
    [['getblock', '7'], 1, 'there is no block 7: the last is 0'],
    [['getblock', 'x'], 2, 'block is "x", but must be the index of a block'],
    [['nothing'], 2, '"nothing" is no method: help lists all'],
    [[], 2, 'rpc takes the name of a method'],
    [['help', '--url', 'localhost:9001'], 2, '--url is "localhost:9001", but must be the address of a page'],
    [['help', '--url', 'http://localhost:9001', '--dashboard-port', '9001'], 2, '--url has the port in it'],
    [['help', '--dashboard-port', '0'], 2, '--dashboard-port is "0", but must be a whole number from 1 to 65535'],
    [['help', '--cookie'], 2, 'there is no option --cookie'],
  ] as const)('of %j ends with a reason', async (words, expected, why) => {
    const page = await LotteryPage.open();
    const { code, out, err } = await call(page, ...words);
    expect([code, out]).toEqual([expected, '']);
    expect(err).toContain(`sortition: ${why}`);
  });

  it('says where nobody answers, and that a server without a page cannot be called', async () => {
    const page = await LotteryPage.open();
    page.dashboard.close('asked');
    await expect
      .poll(async () => (await call(page, 'help')).err)
      .toMatch(/^sortition: localhost:\d+ does not answer: .+\. Start a server, or name its page with --url\.\n$/);
    const { code, err } = await runCommand(['rpc', 'help'], { environment: { DASHBOARD_PORT: '0' } });
    expect([code, err]).toEqual([2, expect.stringContaining('DASHBOARD_PORT is 0')]);
  });
});

describe('a word of a call', () => {
  it.each([
    ['12', 12],
    ['-1', -1],
    ['9007199254740991', 9007199254740991],
    ['9007199254740993', '9007199254740993'],
    ['012', '012'],
    ['1.5', '1.5'],
    ['1'.repeat(64), '1'.repeat(64)],
    [`1e${'0'.repeat(62)}`, `1e${'0'.repeat(62)}`],
    ['ab'.repeat(32), 'ab'.repeat(32)],
    ['true', true],
    ['null', 'null'],
    ['"12"', '12'],
    ['[1]', [1]],
    ['{"a":', '{"a":'],
    ['', ''],
  ])('%s means %j', (word, value) => {
    expect(jsonOfWord(word)).toEqual(value);
  });

  it('that is an object has all parameters by name, if it stands alone', () => {
    expect(paramsOfWords(['{"block":1}'])).toEqual({ block: 1 });
    expect(paramsOfWords(['{"block":1}', '2'])).toEqual([{ block: 1 }, 2]);
    expect(paramsOfWords(['[1]'])).toEqual([[1]]);
    expect(paramsOfWords([])).toEqual([]);
  });

  it('is printed in ASCII that no terminal obeys', () => {
    expect(printableJson(['\u001b[2J', '\u009b', 'ü', '\u{1f600}'])).toMatch(/^[\n -~]+$/);
    expect(JSON.parse(printableJson(['\u009b', '\u{1f600}']))).toEqual(['\u009b', '\u{1f600}']);
  });
});
