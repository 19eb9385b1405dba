import { execFile, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { promisify } from 'node:util';
import { Chalk } from 'chalk';
import { describe, expect, it } from 'vitest';
import { shortHash } from '../src/base/formatting.ts';
import { banner } from '../src/cli/serve/console/banner.ts';
import { blockLine, chainText } from '../src/cli/serve/console/block-text.ts';
import { findFault } from '../src/consensus/verifier.ts';
import { type DrawnBlock, isDrawn, winnersTickets } from '../src/core/block.ts';
import { parseBlock } from '../src/core/parse-block.ts';
import { parseGenesisBlock } from '../src/core/parse-genesis.ts';
import { leafNode } from '../src/core/sum-tree.ts';
import { nativeVerifier } from '../src/platform/ed25519.ts';
import { poolIsSealed } from '../src/tcp/beacon-text.ts';
import * as roundText from '../src/tcp/round-text.ts';
import * as seatText from '../src/tcp/seat-text.ts';
import * as slashingText from '../src/tcp/slashing-text.ts';
import { ManualNonces } from './consensus/work/manual-nonces.ts';
import { LotteryPage } from './http/open-lottery-page.ts';

const folder = new URL('../', import.meta.url);
const readme = readFileSync(new URL('README.md', folder), 'utf8');
/** Its code blocks without their indentation; the terminal of the session has broken one line. */
const session = readme.replaceAll('You\n     lose', 'You lose').replaceAll(/^ {4}/gm, '');
const plain = new Chalk({ level: 0 });

function readFixture(name: string): unknown {
  return JSON.parse(readFileSync(new URL(`test/fixtures/${name}`, folder), 'utf8'));
}

/** The chain of the session, as it was recorded. */
function recordedChain(): readonly unknown[] {
  const chain = readFixture('readme-session.json');
  if (!Array.isArray(chain)) throw new Error('the recorded chain is no array');
  return chain;
}

function recordedBlock(): DrawnBlock {
  const parsed = parseBlock(recordedChain()[1], 1);
  if ('why' in parsed || !isDrawn(parsed.value)) throw new Error('the first block is not a drawn one');
  return parsed.value;
}

/** The address of the validator who does not win in the session, and the stake and BPM that it types. */
function loser(): { readonly address: string; readonly stake: bigint; readonly bpm: number } {
  const [, address = ''] = /You are validator ([0-9a-f]{64}) with 100 tokens\./.exec(readme) ?? [];
  return { address, stake: 100n, bpm: 71 };
}

describe('the session in the README', () => {
  it('was recorded from a chain that holds', () => {
    expect(recordedChain()).toHaveLength(2);
    expect(findFault(recordedChain(), nativeVerifier())).toBeUndefined();
  });

  it('has the validators, tickets and winner of that chain', () => {
    const { address, stake, bpm } = loser();
    const { Draw, Validator } = recordedBlock();
    // The winner is on the right of a pool of two, so the other one is the whole left side.
    expect(Draw.Path).toEqual([{ Side: 'left', Hash: leafNode(address, stake, bpm).hash, Stake: String(stake) }]);
    const announced = {
      winner: Validator,
      index: 1,
      ticket: Draw.Ticket,
      totalStake: Draw.TotalStake,
      tickets: winnersTickets(Draw),
      isWinner: true,
    };
    expect(session).toContain(roundText.announcement(announced).trim());
    expect(session).toContain('The first one reads that their tickets were 0 to 99,');
  });

  it('has the prompts, answers and the slash as the server says them', () => {
    const { address, stake, bpm } = loser();
    expect(session).toContain(
      `${seatText.balancePrompt}${stake}\n${seatText.welcome(address, stake)}${seatText.bpmPrompt}${bpm}\n`,
    );
    const outlook = roundText.outlook({ remainingMs: 23_000, tickets: stake, totalTickets: stake });
    expect(session).toContain(`${roundText.candidateTaken(1, bpm)}${outlook}${seatText.bpmPrompt}\n`);
    const invalid = { text: '72.5', problem: 'not a number', max: 2_147_483_647 } as const;
    const slashed = slashingText.slashed({ kind: 'slashed', invalid, stake, stored: undefined });
    expect(session).toContain(`${seatText.bpmPrompt.trim()}72.5\n${slashed}`);
    expect(session).toContain(`was slashed and lost 100 tokens: ${slashingText.notABpm(invalid)}\n`);
  });

  it('has the banner, the draw and the chain as the console shows them', () => {
    const facts = {
      version: '0.1.0',
      host: 'localhost',
      port: 9000,
      networkInterfaces: {},
      addresses: ['127.0.0.1', '::1'],
      height: 0,
      dataDir: 'data',
      beacons: [],
      pace: { kind: 'lottery', intervalMs: 30_000 } as const,
      chainBroadcastIntervalMs: 60_000,
      connectionsMax: 10_000,
      connectionsNote: undefined,
      isSandbox: false,
      takenAtWord: undefined,
      seed: undefined,
      peerAddress: undefined,
      page: 'http://localhost:9001/',
    };
    expect(session).toContain(banner(facts, plain));
    const genesis = parseGenesisBlock(recordedChain()[0]);
    if ('why' in genesis) throw new Error(genesis.why);
    const block = recordedBlock();
    expect(session).toContain(
      `${blockLine(block, plain)}Drawn: ticket ${block.Draw.Ticket} of ${block.Draw.TotalStake} `,
    );
    expect(session).toContain(chainText([genesis.value, block], 1, plain));
    expect(session).toContain(`+ ${shortHash(loser().address)} joined with 100 tokens\n`);
  });
});

describe('the sealed pool in the README', () => {
  it('is told in the words of the server', () => {
    const [, root = ''] =
      /Pool of block 1 is sealed: 1 candidate, 100 tokens, root ([0-9a-f]{16})\./.exec(readme) ?? [];
    const pool = { Index: 1, Sealed: '2026-11-25T13:17:25.000Z', PoolRoot: root, PoolSize: 1, TotalStake: '100' };
    expect(session).toContain(
      poolIsSealed({
        pool,
        rounds: [{ name: 'anna', round: 5, timeMs: 0, isLate: false, signature: undefined }],
      }).trim(),
    );
  });
});

describe('the lines of curl in the README', () => {
  it('take a seat, propose a block, tell its result, and show the chain', async () => {
    const page = await LotteryPage.open();
    const files = new Map<string, string>();
    const answers: unknown[] = [];
    const lines = [...readme.matchAll(/^ {4}curl(?: -d '(.*)')? localhost:9001(\/\S*)(?: -([bc]) (\S+))?$/gm)];
    for (const [, body, path = '', option, file = ''] of lines) {
      const headers = option === 'b' ? { cookie: files.get(file) ?? '' } : {};
      if (path === '/api/seat') {
        page.node.service.sealNow();
        await expect.poll(async () => (await fetch(page.base + path, { headers })).text()).toContain('"result":');
      }
      const request = body === undefined ? {} : { method: 'POST', body };
      const answer = await fetch(page.base + path, { ...request, headers });
      if (option === 'c') files.set(file, answer.headers.get('Set-Cookie')?.split(';')[0] ?? '');
      answers.push([answer.status, await answer.json()]);
    }
    expect(answers).toMatchObject([
      [201, { seat: { stake: '100' } }],
      [202, { candidate: { index: 1, bpm: 77 } }],
      [200, { result: { index: 1, isWinner: true } }],
      [200, [{ Index: 0 }, { Index: 1, BPM: 77 }]],
    ]);
  });
});

describe('the check in Python that the README gives', () => {
  const hasPython = spawnSync('python3', ['--version']).status === 0;
  const skipped = hasPython ? '' : ' (skipped: no python3)';

  function runCheck(chain: readonly unknown[]): { status: number | null; stdout: string; stderr: string } {
    const script = /```python\n([\s\S]*?)```/.exec(readme)?.[1] ?? '';
    return spawnSync('python3', ['-c', script], { input: JSON.stringify(chain), encoding: 'utf8' });
  }

  function exampleChain(): readonly Record<string, unknown>[] {
    return JSON.parse(readFileSync(new URL('test/fixtures/chain-example.json', folder), 'utf8')).chain;
  }

  it.skipIf(!hasPython)(`says of the session what the README says${skipped}`, () => {
    const { status, stdout } = runCheck(recordedChain());
    expect(status).toBe(0);
    expect(readme).toContain(`\`${stdout.trim()}\``);
  });

  it.skipIf(!hasPython)(`agrees with every draw of the worked chain${skipped}`, () => {
    const { status, stdout } = runCheck(exampleChain());
    expect(status).toBe(0);
    expect(stdout.split('\n')[0]).toBe("block 1: ticket 374 of 400 is one of 350 to 399, cccccccc's");
    expect(stdout.trim().split('\n')).toHaveLength(4);
  });

  it.skipIf(!hasPython)(`finds another winner${skipped}`, () => {
    const chain = exampleChain().map((block, index) => (index === 1 ? { ...block, Validator: 'd'.repeat(64) } : block));
    const { status, stderr } = runCheck(chain);
    expect(status).not.toBe(0);
    expect(stderr).toContain('the winner is not in the pool that was sealed');
  });
});

describe('the chain of work in the README', () => {
  it('was recorded, and has the answers of nc and of POST / as the server says them', () => {
    const chain = readFixture('readme-work.json');
    if (!Array.isArray(chain)) throw new Error('the recorded chain is no array');
    expect(chain).toHaveLength(3);
    expect(findFault(chain, nativeVerifier())).toBeUndefined();
    const [, typed, posted] = chain;
    const answer = JSON.stringify(posted).replaceAll(/"([0-9a-f]{8})[0-9a-f]{56}"/g, '"$1…"');
    expect(session).toContain(
      `\n${roundText.searching(1, BigInt(typed.Work.Difficulty))}${roundText.blockIsYours(1, typed.Hash).trimStart()}${answer}\n`,
    );
    expect([typed.BPM, posted.BPM]).toEqual([72, 77]);
    expect(readme).toContain('`72` at nc');
    expect(readme).toContain(`\`curl -d '{"Data":77}' localhost:9001/\``);
  });
});

describe('the miner in Python that the protocol gives', () => {
  const hasPython = spawnSync('python3', ['--version']).status === 0;
  const skipped = hasPython ? '' : ' (skipped: no python3)';

  it.skipIf(!hasPython)(`mines the block that waits${skipped}`, async () => {
    const nonces = new ManualNonces();
    const page = await LotteryPage.open({ newChain: { kind: 'work', difficulty: 300n, intervalMs: 10_000 }, nonces });
    const posted = page.post('{"Data":77}');
    await expect.poll(() => nonces.isSearching).toBe(true);
    const protocol = readFileSync(new URL('docs/protocol.md', folder), 'utf8');
    const [, script = ''] = /```python\n(import hashlib, itertools[\s\S]*?)```/.exec(protocol) ?? [];
    const address = `127.0.0.1:${page.port}`;
    const { stdout } = await promisify(execFile)('python3', ['-c', script.replace('localhost:9001', address)]);
    expect(JSON.parse(stdout)).toMatchObject({ Index: 1, BPM: 77 });
    expect(JSON.parse(stdout)).toEqual(await (await posted).json());
  });
});
