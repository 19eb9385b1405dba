import { readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ClassicLevel } from 'classic-level';
import { beforeAll, describe, expect, it } from 'vitest';
import { isDrawn } from '../../src/core/block.ts';
import { candidatesWith, forgeChain } from '../core/forge.ts';
import { ServerProcess } from '../e2e/server-process.ts';
import { chain, pools } from '../store/contract.ts';
import { temporaryDirectory } from '../temporary.ts';
import { filledDirectory, runVerb } from './run-verb.ts';

const height = chain.length - 1;
const candidates = pools.reduce((sum, pool) => sum + pool.length, 0);
const whole = JSON.stringify(chain);

/** The lines of `export --pools`. */
const lines = chain.map((Block, index) => {
  const pool = index === 0 ? [] : (pools[index - 1] ?? []);
  return {
    Block,
    Pool: pool.map(({ validator, stake, bpm }) => ({ Validator: validator, Stake: String(stake), BPM: bpm })),
  };
});

function textOf(entries: readonly unknown[]): string {
  return entries.map((entry) => `${JSON.stringify(entry)}\n`).join('');
}

function verify(input: string | Buffer, ...words: readonly string[]): ReturnType<typeof runVerb> {
  return runVerb(['verify', '-', ...words], { input });
}

function verdict(input: string): Record<string, unknown> {
  return JSON.parse(verify(input, '--json').out);
}

async function withLevel(directory: string, change: (level: ClassicLevel) => Promise<void>): Promise<void> {
  const level = new ClassicLevel(join(directory, 'chain'));
  await change(level);
  await level.close();
}

const keyOfLast = `block/${String(height).padStart(12, '0')}`;

describe('sortition verify, of a data directory', () => {
  let directory = '';
  beforeAll(async () => {
    directory = await filledDirectory();
  });

  it('holds with everything checked, pools and all', async () => {
    const own = await filledDirectory();
    const { code, out, err } = runVerb(['verify', own]);
    expect(out).toContain(`The chain holds: ${chain.length} blocks, 0 to ${height}, in ${own}.\n`);
    expect(out).toContain(`${height} pools with ${candidates} candidates`);
    expect(out).not.toContain('not checked');
    expect({ code, err }).toEqual({ code: 0, err: '' });
  });

  it('takes the DATA_DIR of .env or of the environment where none is named', async () => {
    const own = await filledDirectory();
    expect(runVerb(['verify'], { environment: { DATA_DIR: own } }).out).toContain(`in ${own}.`);
    const place = temporaryDirectory();
    writeFileSync(join(place, '.env'), `DATA_DIR=${own}\n`);
    expect(runVerb(['verify'], { directory: place }).out).toContain(`in ${own}.`);
    expect(runVerb(['verify']).err).toBe('sortition: there is no data: name a data directory, a file, or -.\n');
  });

  it('does not hold with a block that was changed, and says how many follow', async () => {
    const own = await filledDirectory();
    await withLevel(own, async (level) => {
      const key = 'block/000000000002';
      await level.put(key, ((await level.get(key)) ?? '').replace(/"BPM":\d+/, '"BPM":99'));
    });
    const { code, out } = runVerb(['verify', own]);
    expect(out).toContain('The chain does not hold: block 2 breaks the rule "hash": Hash should be ');
    expect(out).toMatch(/after it +2 blocks, not checked/);
    expect(code).toBe(1);
  });

  it('does not hold with a block that is missing, in the middle or at the end', async () => {
    const middle = await filledDirectory();
    await withLevel(middle, (level) => level.del('block/000000000002'));
    expect(runVerb(['verify', middle])).toMatchObject({
      code: 1,
      out: expect.stringContaining('block 2 breaks the rule "index": Index is 3, the block before has 1'),
    });
    const end = await filledDirectory();
    await withLevel(end, (level) => level.del(keyOfLast));
    expect(runVerb(['verify', end])).toMatchObject({
      code: 1,
      out: expect.stringContaining(`it had come to block ${height} before: its end is lost`),
    });
  });

  it('does not hold when its last block holds but is not the one that was announced', async () => {
    const own = await filledDirectory();
    const other = forgeChain([...pools.slice(0, -1), candidatesWith([1n, 2n])], 2).at(-1);
    await withLevel(own, async (level) => {
      await level.put(keyOfLast, JSON.stringify(other));
      await level.del(keyOfLast.replace('block', 'pool'));
    });
    expect(runVerb(['verify', own])).toMatchObject({
      code: 1,
      out: expect.stringContaining(`block ${height} is not the one that was announced`),
    });
  });

  it('does not hold with a pool that is another one or none, and says which pools are absent', async () => {
    const own = await filledDirectory();
    await withLevel(own, (level) => level.del('pool/000000000003'));
    expect(runVerb(['verify', own])).toMatchObject({
      code: 0,
      out: expect.stringContaining('1 of the pools, who else'),
    });
    await withLevel(own, async (level) => {
      await level.put('pool/000000000003', (await level.get('pool/000000000002')) ?? '');
    });
    expect(runVerb(['verify', own]).out).toContain('block 3 breaks the rule "pool-size"');
    await withLevel(own, (level) => level.put('pool/000000000001', '{'));
    expect(runVerb(['verify', own])).toMatchObject({
      code: 1,
      out: expect.stringContaining('block 1 breaks the rule "pool-form"'),
    });
  });

  it('says when it cannot know whether the end is missing', async () => {
    const own = await filledDirectory();
    rmSync(join(own, 'tip'));
    const { code, out } = runVerb(['verify', own]);
    expect(out).toContain('not checked  whether blocks are missing at the end');
    expect(code).toBe(0);
  });

  it('cannot read what is not there or has no chain, and makes nothing there', () => {
    const empty = temporaryDirectory();
    expect(runVerb(['verify', empty])).toEqual({
      code: 4,
      out: '',
      err: `sortition: there is no chain in ${empty}: name the DATA_DIR of a server, for example data.\n`,
    });
    expect(readdirSync(empty)).toEqual([]);
    expect(runVerb(['verify', `${empty}/x\u001b[2J`]).err).toContain('x\\x1b[2J');
    expect(directory).toBeDefined();
  });

  it('cannot read the directory of a running server, and says how to check what that sends', async () => {
    const server = await ServerProcess.start();
    const environment = { PORT: '9123', CHAIN_BROADCAST_INTERVAL_MS: '5000' };
    expect(runVerb(['verify', server.dataDir], { environment })).toEqual({
      code: 4,
      out: '',
      err: `sortition: ${server.dataDir} is in use by a running server, process ${server.child.pid}. Check what it sends: sleep 6 | nc -N localhost 9123 > chain.txt; npx sortition verify chain.txt.\n`,
    });
  });
});

describe('sortition verify, of a text', () => {
  it('holds for a chain as it is sent, and says that the pools are not in it', () => {
    const { code, out } = verify(`\n${whole}\n`);
    expect(out).toContain(`The chain holds: ${chain.length} blocks, 0 to ${height}, in standard input.`);
    expect(out).toContain('not checked  the pools');
    expect(code).toBe(0);
  });

  it('reads a file, also in the UTF-16 that PowerShell writes', () => {
    const file = join(temporaryDirectory(), 'chain.txt');
    for (const bytes of [Buffer.from(whole), Buffer.from(`\ufeff${whole}`), Buffer.from(`\ufeff${whole}`, 'utf16le')]) {
      writeFileSync(file, bytes);
      expect(runVerb(['verify', file])).toMatchObject({ code: 0, out: expect.stringContaining(`in ${file}.`) });
    }
    expect(verify(`\ufeff${textOf(lines)}`).code).toBe(0);
  });

  it('holds for a genesis alone', () => {
    const { code, out } = verify(JSON.stringify(chain.slice(0, 1)));
    expect(out).toContain('The chain holds: 1 block, in standard input.');
    expect(out).not.toContain('not checked');
    expect(code).toBe(0);
  });

  it('takes the last complete chain, and checks that those before it are its beginnings', () => {
    const text = `Enter token balance:${JSON.stringify(chain.slice(0, 3))}\n\nEnter token balance:\n${whole}\n${whole.slice(0, 500)}`;
    expect(verdict(text)).toMatchObject({ holds: true, blocks: chain.length, chains: 2, incomplete: 1 });

    const other = forgeChain([...pools.slice(0, 2), candidatesWith([1n, 2n])], 2);
    expect(verdict(`${whole}\n${JSON.stringify(other)}`)).toMatchObject({
      holds: false,
      fault: null,
      wrong: 'it was changed after it had been sent: block 3 is another one in chain 1 of those in it than in the next',
    });
    expect(verdict(`${whole}\n${JSON.stringify(chain.slice(0, 2))}`)['wrong']).toBe(
      `chain 1 of those in it has ${chain.length} blocks, the next only 2`,
    );
    const elsewhere = JSON.stringify(forgeChain(pools, 9));
    expect(verdict(`${whole}\n${elsewhere}`)['wrong']).toContain('another chain than the next, with another genesis');
    expect(verify(`${whole}\n${elsewhere}`).code).toBe(1);
  });

  it('does not hold when an earlier chain does not', () => {
    const tampered = JSON.stringify(chain.map((block) => (block.Index === 1 ? { ...block, BPM: 9 } : block)));
    expect(verdict(`${tampered}\n${whole}`)['wrong']).toContain(
      'chain 1 of those in it does not hold: block 1 breaks the rule "hash"',
    );
  });

  it('does the full audit of an export with pools, and holds for one without', () => {
    expect(verdict(textOf(lines))).toMatchObject({ holds: true, poolsChecked: height, poolsAbsent: 0, candidates });
    expect(verdict(textOf(chain))).toMatchObject({ holds: true, poolsChecked: 0, poolsAbsent: height });
  });

  it('finds a pool of an export that somebody was left out of', () => {
    const cut = lines.map((line, index) => (index === 3 ? { ...line, Pool: line.Pool.slice(1) } : line));
    expect(verdict(textOf(cut))).toMatchObject({ holds: false, holding: 3, fault: { index: 3, rule: 'pool-size' } });
  });

  it('does not take a text for a block that different readers could read differently', () => {
    for (const [from, to] of [
      ['"Index":2,', '"Index":2,"Index":2,'],
      ['"Index":2,', '"Index":2.0,'],
      ['"Index":2,', '"\\u0049ndex":2,'],
    ] as const) {
      expect(verdict(whole.replace(from, to))).toMatchObject({
        holds: false,
        fault: { index: 2, rule: 'form', following: 2 },
      });
    }
  });

  it('cannot read a text without a complete chain', () => {
    expect(verify('hello\n[1]\n')).toMatchObject({
      code: 4,
      err: 'sortition: there is no chain in standard input: nothing in it looks like one.\n',
    });
    expect(verify(whole.slice(0, -9))).toMatchObject({
      code: 4,
      err: `sortition: there is no chain in standard input: the only one is not complete: block ${height} breaks off.\n`,
    });
  });

  it('does not write to a reader who has gone away, and takes no offence', () => {
    const { status } = { status: runVerb(['verify', '-', '--json'], { input: whole }).code };
    expect(status).toBe(0);
  });
});

describe('sortition verify --validator', () => {
  const winner = chain.find((block) => block.Index === height && isDrawn(block))?.Validator ?? '';
  const address = pools.at(-1)?.find(({ validator }) => validator !== winner)?.validator ?? '';

  it('lists every draw of a validator with its tickets, its wins, and what could be expected', () => {
    const taken = pools.flatMap((pool) => pool.filter(({ validator }) => validator === address));
    const { code, out } = verify(textOf(lines), '--validator', address.slice(0, 8));
    expect(out).toContain(`\nValidator ${address}\n`);
    expect(out.match(/^ {2}block /gm)).toHaveLength(taken.length);
    expect(out).toMatch(
      new RegExp(`${taken.length} draws?, \\d won; by its share of the stakes \\d\\.\\d could be expected`),
    );
    expect(code).toBe(0);

    const json = JSON.parse(verify(textOf(lines), '--validator', address, '--json').out);
    expect(json.validator.address).toBe(address);
    expect(json.validator.rounds.at(-1)).toMatchObject({ index: height, won: false });
    const { first, last, ticket } = json.validator.rounds.at(-1);
    expect(BigInt(ticket) < BigInt(first) || BigInt(ticket) > BigInt(last)).toBe(true);
  });

  it('sees the wins alone where there are no pools', () => {
    expect(verify(whole, '--validator', winner).out).toMatch(
      /won\n {2}won \d draws?\. Those that it lost cannot be seen/,
    );
    expect(verify(whole, '--validator', '0'.repeat(64)).out).toContain('without the pools nobody else is seen');
    expect(verify(textOf(lines), '--validator', '0'.repeat(64)).out).toContain('took part in a draw');
  });

  it('takes digits of an address only, and enough of them', () => {
    for (const word of ['abc', 'ABCDEF01', 'x'.repeat(8), 'a'.repeat(65)]) {
      expect(verify(whole, '--validator', word)).toMatchObject({
        code: 2,
        err: expect.stringContaining('--validator is "'),
      });
    }
    const twin = `${address.slice(0, 63)}${address.endsWith('0') ? '1' : '0'}`;
    const twins = forgeChain([[address, twin].sort().map((validator) => ({ validator, stake: 1n, bpm: 1 }))], 4);
    const pool = [address, twin].sort().map((Validator) => ({ Validator, Stake: '1', BPM: 1 }));
    const input = textOf([
      { Block: twins[0], Pool: [] },
      { Block: twins[1], Pool: pool },
    ]);
    expect(verify(input, '--validator', address.slice(0, 8))).toMatchObject({
      code: 2,
      out: '',
      err: expect.stringContaining('is the beginning of several addresses'),
    });
    expect(verify(input, '--validator', address).code).toBe(0);
  });
});

describe('sortition verify, wrongly used', () => {
  it.each([
    [['a', 'b'], 'verify takes one directory or file, but got "b" as well'],
    [['--pools'], 'there is no option --pools'],
    [['--json=x'], '--json takes no value'],
  ])('%s', (words, why) => {
    expect(runVerb(['verify', ...words])).toMatchObject({ code: 2, err: expect.stringContaining(why) });
  });
});
