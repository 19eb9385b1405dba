import { cpSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { Chalk } from 'chalk';
import { ClassicLevel } from 'classic-level';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { withThousands } from '../../../src/base/formatting.ts';
import { ChainAudit } from '../../../src/cli/chain/chain-audit.ts';
import { openSource } from '../../../src/cli/chain/open-source.ts';
import { Participation } from '../../../src/cli/chain/participation.ts';
import { checkSource, holds } from '../../../src/cli/chain/verification.ts';
import { UnreadableError } from '../../../src/cli/command-error.ts';
import { participationText, verificationJson, verificationText } from '../../../src/cli/verify/verification-text.ts';
import { isDrawn } from '../../../src/core/block.ts';
import { LevelStore } from '../../../src/storage/level-store.ts';
import { buildChain, candidatesWith } from '../../core/build-chain.ts';
import { cases, effort } from '../../effort.ts';
import { Dice } from '../../sim/dice.ts';
import { chain, pools } from '../../storage/contract.ts';
import { filledDirectory } from '../../storage/filled-directory.ts';
import { temporaryDirectory } from '../../temporary.ts';
import { type Finished, runCommand } from '../run-command.ts';

const height = chain.length - 1;
const candidates = pools.reduce((sum, pool) => sum + pool.length, 0);
const whole = JSON.stringify(chain);

/** The lines of `export --pools`. */
const lines = chain.map((Block, index) => {
  const pool = index === 0 ? [] : (pools[index - 1] ?? []);
  return {
    Block,
    Pool: pool.map(({ validator, stake, payload }) => ({ Validator: validator, Stake: String(stake), BPM: payload })),
  };
});

function textOf(entries: readonly unknown[]): string {
  return entries.map((entry) => `${JSON.stringify(entry)}\n`).join('');
}

interface Judged {
  readonly code: number;
  readonly out: string;
  readonly json: Record<string, unknown>;
}

/** What `sortition verify` makes of a directory, a file or, with `-`, of a text. */
async function judgedSource(word: string, text: string = '', prefix?: string): Promise<Judged> {
  const source = await openSource(word, Readable.from([Buffer.from(text)]));
  try {
    const verdict = await checkSource(source, prefix, () => undefined);
    const { audit, participation } = verdict;
    const plain = new Chalk({ level: 0 });
    const rounds = participation === undefined ? '' : participationText(participation, audit, plain);
    return {
      code: holds(verdict) ? 0 : 1,
      out: verificationText(verdict, plain) + rounds,
      json: JSON.parse(verificationJson(verdict)),
    };
  } finally {
    await source.close();
  }
}

function judged(text: string, prefix?: string): Promise<Judged> {
  return judgedSource('-', text, prefix);
}

async function verdict(text: string): Promise<Record<string, unknown>> {
  return (await judged(text)).json;
}

function verify(input: string | Buffer, ...words: readonly string[]): Promise<Finished> {
  return runCommand(['verify', '-', ...words], { input });
}

async function withLevel(directory: string, change: (level: ClassicLevel) => Promise<void>): Promise<void> {
  const level = new ClassicLevel(join(directory, 'chain'));
  await change(level);
  await level.close();
}

const keyOfLast = `block/${String(height).padStart(12, '0')}`;

describe('sortition verify, of a data directory', () => {
  it('holds with everything checked, pools and all', async () => {
    const own = await filledDirectory();
    const { code, out, err } = await runCommand(['verify', own]);
    expect(out).toContain(`The chain holds: ${chain.length} blocks, 0 to ${height}, in ${own}.\n`);
    expect(out).toContain(`${height} pools with ${candidates} candidates`);
    expect(out).not.toContain('not checked');
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(await runCommand(['verify', '--data-dir', own])).toEqual({ code, out, err });
  });

  it('takes the DATA_DIR of .env or of the environment where none is named', async () => {
    const own = await filledDirectory();
    expect((await runCommand(['verify'], { environment: { DATA_DIR: own } })).out).toContain(`in ${own}.`);
    const place = temporaryDirectory();
    writeFileSync(join(place, '.env'), `DATA_DIR=${own}\n`);
    expect((await runCommand(['verify'], { directory: place })).out).toContain(`in ${own}.`);
    expect((await runCommand(['verify'])).err).toBe(
      'sortition: there is no data: name a data directory, a file, or -.\n',
    );
  });

  it('does not hold with a block that was changed, and says how many follow', async () => {
    const own = await filledDirectory();
    await withLevel(own, async (level) => {
      const key = 'block/000000000002';
      await level.put(key, ((await level.get(key)) ?? '').replace(/"BPM":\d+/, '"BPM":99'));
    });
    const { code, out } = await judgedSource(own);
    expect(out).toContain('The chain does not hold: block 2 breaks the rule "hash": Hash should be ');
    expect(out).toMatch(/after it +2 blocks; each on the word of the one before it, none breaks a rule of its own/);
    expect(code).toBe(1);
  });

  it('does not hold with a block that is missing, in the middle or at the end', async () => {
    const middle = await filledDirectory();
    await withLevel(middle, (level) => level.del('block/000000000002'));
    expect(await judgedSource(middle)).toMatchObject({
      code: 1,
      out: expect.stringContaining('block 2 breaks the rule "index": Index is 3, the block before has 1'),
    });
    const end = await filledDirectory();
    await withLevel(end, (level) => level.del(keyOfLast));
    expect(await judgedSource(end)).toMatchObject({
      code: 1,
      out: expect.stringContaining(`it had come to block ${height} before: its end is lost`),
    });
  });

  it('does not hold when its last block holds but is not the one that was announced', async () => {
    const own = await filledDirectory();
    const other = buildChain([...pools.slice(0, -1), candidatesWith([1n, 2n])], 2).at(-1);
    await withLevel(own, async (level) => {
      await level.put(keyOfLast, JSON.stringify(other));
      await level.del(keyOfLast.replace('block', 'pool'));
    });
    expect(await judgedSource(own)).toMatchObject({
      code: 1,
      out: expect.stringContaining(`block ${height} is not the one that was announced`),
    });
  });

  it('does not hold with a pool that is another one or none, and says which pools are gone', async () => {
    const own = await filledDirectory();
    await withLevel(own, (level) => level.del('pool/000000000003'));
    expect(await judgedSource(own)).toMatchObject({
      code: 1,
      out: expect.stringContaining('the pool of block 3 is not there, though it was stored together with its block'),
    });
    await withLevel(own, async (level) => {
      await level.put('pool/000000000003', (await level.get('pool/000000000002')) ?? '');
    });
    expect((await judgedSource(own)).out).toContain('block 3 breaks the rule "path"');
    await withLevel(own, (level) => level.put('pool/000000000001', '{'));
    expect(await judgedSource(own)).toMatchObject({
      code: 1,
      out: expect.stringContaining('block 1 breaks the rule "path"'),
    });
  });

  it('says when it cannot know whether the end is missing', async () => {
    const own = await filledDirectory();
    rmSync(join(own, 'tip'));
    const { code, out } = await judgedSource(own);
    expect(out).toContain('not checked  whether blocks are missing at the end');
    expect(code).toBe(0);
  });

  it('cannot read what is not there or has no chain, and makes nothing there', async () => {
    const empty = temporaryDirectory();
    expect(await runCommand(['verify', empty])).toEqual({
      code: 4,
      out: '',
      err: `sortition: there is no chain in ${empty}: name the DATA_DIR of a server, for example data.\n`,
    });
    expect(readdirSync(empty)).toEqual([]);
    expect((await runCommand(['verify', `${empty}/x\u001b[2J`])).err).toContain('x\\x1b[2J');
  });
});

describe('sortition verify, of a text', () => {
  it('holds for a chain as it is sent, and says that the pools are not in it', async () => {
    const { code, out } = await verify(`\n${whole}\n`);
    expect(out).toContain(`The chain holds: ${chain.length} blocks, 0 to ${height}, in standard input.`);
    expect(out).toContain('not checked  the pools');
    expect(code).toBe(0);
  });

  it('reads a file, also in the UTF-16 that PowerShell writes', async () => {
    const file = join(temporaryDirectory(), 'chain.txt');
    for (const bytes of [Buffer.from(whole), Buffer.from(`\ufeff${whole}`), Buffer.from(`\ufeff${whole}`, 'utf16le')]) {
      writeFileSync(file, bytes);
      expect(await judgedSource(file)).toMatchObject({ code: 0, out: expect.stringContaining(`in ${file}.`) });
    }
    expect((await judged(`\ufeff${textOf(lines)}`)).code).toBe(0);
  });

  it('holds for a genesis alone', async () => {
    const { code, out } = await judged(JSON.stringify(chain.slice(0, 1)));
    expect(out).toContain('The chain holds: 1 block, in standard input.');
    expect(out).not.toContain('not checked');
    expect(code).toBe(0);
  });

  it('takes the last complete chain, and checks that those before it are its beginnings', async () => {
    const text = `Enter token balance:${JSON.stringify(chain.slice(0, 3))}\n\nEnter token balance:\n${whole}\n${whole.slice(0, 500)}`;
    expect(await verdict(text)).toMatchObject({ holds: true, blocks: chain.length, chains: 2, incomplete: 1 });

    const other = buildChain([...pools.slice(0, 2), candidatesWith([1n, 2n])], 2);
    expect(await verdict(`${whole}\n${JSON.stringify(other)}`)).toMatchObject({
      holds: false,
      fault: null,
      wrong: 'it was changed after it had been sent: block 3 is another one in chain 1 of those in it than in the next',
    });
    expect((await verdict(`${whole}\n${JSON.stringify(chain.slice(0, 2))}`))['wrong']).toBe(
      `chain 1 of those in it has ${chain.length} blocks, the next only 2`,
    );
    const elsewhere = JSON.stringify(buildChain(pools, 9));
    expect((await verdict(`${whole}\n${elsewhere}`))['wrong']).toContain(
      'another chain than the next, with another genesis',
    );
    expect((await judged(`${whole}\n${elsewhere}`)).code).toBe(1);
  });

  it('does not hold when an earlier chain does not', async () => {
    const tampered = JSON.stringify(chain.map((block) => (block.Index === 1 ? { ...block, BPM: 9 } : block)));
    expect((await verdict(`${tampered}\n${whole}`))['wrong']).toContain(
      'chain 1 of those in it does not hold: block 1 breaks the rule "hash"',
    );
  });

  it('does the full audit of an export with pools, and holds for one without', async () => {
    expect(await verdict(textOf(lines))).toMatchObject({
      holds: true,
      poolsChecked: height,
      poolsAbsent: 0,
      candidates,
    });
    expect(await verdict(textOf(chain))).toMatchObject({ holds: true, poolsChecked: 0, poolsAbsent: height });
  });

  it('finds a pool of an export that somebody was left out of', async () => {
    const cut = lines.map((line, index) => (index === 3 ? { ...line, Pool: line.Pool.slice(1) } : line));
    expect(await verdict(textOf(cut))).toMatchObject({
      holds: false,
      holding: 3,
      fault: { index: 3, rule: 'path' },
    });
  });

  it('does not take a text for a block that different readers could read differently', async () => {
    for (const [from, to] of [
      ['"Index":2,', '"Index":2,"Index":2,'],
      ['"Index":2,', '"Index":2.0,'],
      ['"Index":2,', '"\\u0049ndex":2,'],
    ] as const) {
      expect(await verdict(whole.replace(from, to))).toMatchObject({
        holds: false,
        fault: { index: 2, rule: 'form', following: 2, followingBroken: 0 },
      });
    }
  });

  it('counts the blocks behind the first fault that break a rule, too, and no block for what stands before it', async () => {
    const forged = (...changes: readonly (readonly [index: number, field: string, value: unknown])[]) =>
      verdict(
        JSON.stringify(
          chain.map((block, place) =>
            Object.assign(
              {},
              block,
              ...changes.flatMap(([index, field, value]) => (index === place ? { [field]: value } : [])),
            ),
          ),
        ),
      );
    const other = 'a'.repeat(64);
    for (const [changes, index, rule, followingBroken] of [
      [[[2, 'BPM', 99]], 2, 'hash', 0],
      [[[2, 'Hash', other]], 2, 'hash', 1],
      [
        [
          [1, 'BPM', 99],
          [3, 'BPM', 99],
          [4, 'BPM', 99],
        ],
        1,
        'hash',
        2,
      ],
      [
        [
          [0, 'Genesis', 'x'],
          [3, 'Validator', 'x'],
        ],
        0,
        'form',
        1,
      ],
      [[[1, 'Validator', 'x']], 1, 'form', 0],
      [
        [
          [1, 'Validator', 'x'],
          [2, 'BPM', 99],
          [3, 'BPM', 99],
        ],
        1,
        'form',
        1,
      ],
      [[[height, 'BPM', 99]], height, 'hash', 0],
    ] as const) {
      expect((await forged(...changes))['fault']).toMatchObject({
        index,
        rule,
        following: height - index,
        followingBroken,
      });
    }
    const missing = chain.filter(({ Index }) => Index !== 2);
    expect((await verdict(JSON.stringify(missing)))['fault']).toMatchObject({ rule: 'index', followingBroken: 0 });
    const pooled = lines.map((line, place) =>
      place === 2 || place === 4 ? { ...line, Pool: line.Pool.slice(1) } : line,
    );
    expect((await verdict(textOf(pooled)))['fault']).toMatchObject({ rule: 'path', followingBroken: 1 });
    expect((await judged(textOf(pooled))).out).toContain(
      '2 blocks; each on the word of the one before it, 1 breaks a rule, too\n',
    );
  });

  it('cannot read an export with something between its lines, nor one that breaks off, but one that comes after it', async () => {
    const [first = '', ...rest] = textOf(lines).split(/^/m);
    const why = (text: string): Promise<string> => judged(text).then(() => 'read', String);
    const stray = `${first}# mine\n${rest.join('')}`;
    expect(await why(stray)).toContain('the only one is not complete: something else stands behind line 1 of it');
    expect(await why(textOf(lines).slice(0, -9))).toContain('not complete: a line of it breaks off');
    expect(await verdict(`${stray}\n${textOf(lines)}`)).toMatchObject({ holds: true, chains: 1, incomplete: 1 });
    expect(await verdict(textOf(lines) + textOf(lines))).toMatchObject({ holds: true, chains: 2, incomplete: 0 });
    expect(await verdict(rest.join(''))).toMatchObject({ holds: false, fault: { index: 0, rule: 'form' } });
  });

  it('cannot read what the system does not let it, and says so on one printable line', async () => {
    const directory = join(temporaryDirectory(), 'x\u001b[2J\n');
    cpSync(await filledDirectory(), directory, { recursive: true });
    writeFileSync(join(directory, 'chain', 'CURRENT'), 'x');
    const { code, err } = await runCommand(['verify', directory]);
    expect(err).toMatch(/^sortition: [ -~]* cannot be opened: [ -~]*\.\n$/);
    expect(code).toBe(4);
  });

  it('cannot read a text without a complete chain', async () => {
    expect(await verify('hello\n[1]\n')).toMatchObject({
      code: 4,
      err: 'sortition: there is no chain in standard input: nothing in it looks like one.\n',
    });
    expect(await verify(whole.slice(0, -9))).toMatchObject({
      code: 4,
      err: `sortition: there is no chain in standard input: the only one is not complete: block ${height} breaks off.\n`,
    });
  });
});

/** What comes of a source: a verdict that holds or not, or a refusal to read. Anything else that is thrown is a fault of ours. */
async function outcomeOf(work: Promise<Judged>): Promise<'holds' | 'broken' | 'unreadable'> {
  try {
    return (await work).code === 0 ? 'holds' : 'broken';
  } catch (error) {
    if (error instanceof UnreadableError) return 'unreadable';
    throw error;
  }
}

describe('sortition verify, of something damaged', () => {
  it('never lets a text hold in which one character was changed', async () => {
    const text = textOf(lines);
    const change = fc.tuple(fc.nat(text.length - 2), fc.constantFrom(...'0aZ"{}[]:,\\ \n'));
    await fc.assert(
      fc.asyncProperty(change, async ([place, character]) => {
        fc.pre(text[place] !== character);
        const changed = text.slice(0, place) + character + text.slice(place + 1);
        expect(await outcomeOf(judged(changed))).not.toBe('holds');
      }),
      { numRuns: cases(100) },
    );
  });

  it('never says of a directory in which one bit was flipped that more holds than does, and never breaks down', async () => {
    const origin = await filledDirectory();
    await (await LevelStore.open(origin)).close();
    const files = readdirSync(join(origin, 'chain')).filter((name) => statSync(join(origin, 'chain', name)).size > 0);
    const dice = new Dice(1);
    for (let time = 0; time < cases(20); time++) {
      const directory = temporaryDirectory();
      cpSync(origin, directory, { recursive: true });
      const file = join(directory, 'chain', dice.pick(files));
      const bytes = readFileSync(file);
      const place = dice.roll(bytes.length);
      bytes[place] = (bytes[place] ?? 0) ^ (1 << dice.roll(8));
      writeFileSync(file, bytes);
      const outcome = await outcomeOf(judgedSource(directory));
      if (outcome !== 'holds') continue;
      expect((await judgedSource(directory)).json).toMatchObject({ tip: { index: height, hash: chain.at(-1)?.Hash } });
    }
  });
});

describe('sortition verify --validator', () => {
  const winner = chain.find((block) => block.Index === height && isDrawn(block))?.Validator ?? '';
  const address = pools.at(-1)?.find(({ validator }) => validator !== winner)?.validator ?? '';

  it('lists every draw of a validator with its tickets, its wins, and what could be expected', async () => {
    const taken = pools.flatMap((pool) => pool.filter(({ validator }) => validator === address));
    const { code, out } = await verify(textOf(lines), '--validator', address.slice(0, 8));
    expect(out).toContain(`\nValidator ${address}\n`);
    expect(out.match(/^ {2}block /gm)).toHaveLength(taken.length);
    expect(out).toMatch(
      new RegExp(`${taken.length} draws?, \\d won; by its share of the stakes \\d\\.\\d could be expected`),
    );
    expect(code).toBe(0);

    const json = JSON.parse((await verify(textOf(lines), '--validator', address, '--json')).out);
    expect(json.validator.address).toBe(address);
    expect(json.validator.rounds.at(-1)).toMatchObject({ index: height, won: false });
    const { first, last, ticket } = json.validator.rounds.at(-1);
    expect(BigInt(ticket) < BigInt(first) || BigInt(ticket) > BigInt(last)).toBe(true);
  });

  it('sees the wins alone where there are no pools', async () => {
    expect((await judged(whole, winner)).out).toMatch(/won\n {2}won \d draws?\. Those that it lost cannot be seen/);
    expect((await judged(whole, '0'.repeat(64))).out).toContain('without the pools nobody else is seen');
    expect((await judged(textOf(lines), '0'.repeat(64))).out).toContain('took part in a draw');
  });

  it('takes digits of an address only, and enough of them', async () => {
    for (const word of ['abc', 'ABCDEF01', 'x'.repeat(8), 'a'.repeat(65)]) {
      expect(await verify(whole, '--validator', word)).toMatchObject({
        code: 2,
        err: expect.stringContaining('--validator is "'),
      });
    }
    const twin = `${address.slice(0, 63)}${address.endsWith('0') ? '1' : '0'}`;
    const twins = buildChain([[address, twin].sort().map((validator) => ({ validator, stake: 1n, payload: 1 }))], 4);
    const pool = [address, twin].sort().map((Validator) => ({ Validator, Stake: '1', BPM: 1 }));
    const input = textOf([
      { Block: twins[0], Pool: [] },
      { Block: twins[1], Pool: pool },
    ]);
    expect(await verify(input, '--validator', address.slice(0, 8))).toMatchObject({
      code: 2,
      out: '',
      err: expect.stringContaining('is the beginning of several addresses'),
    });
    expect((await verify(input, '--validator', address)).code).toBe(0);
  });
});

describe('sortition verify, of a long chain', () => {
  it('writes counts with commas, and indexes as they stand in the chain', async () => {
    const long = buildChain(
      Array.from({ length: 1000 }, () => candidatesWith([1n])),
      1000,
    );
    expect((await verify(JSON.stringify(long))).out).toMatch(
      /^The chain holds: 1,001 blocks, 0 to 1000, in standard input\.\n/,
    );
  });
});

describe('the draws of a validator', () => {
  it('are listed, however many they are', () => {
    const [, block] = buildChain([candidatesWith([1n])], 1);
    if (block === undefined) throw new Error('no chain was forged');
    // More than a call may have arguments.
    const participation = new Participation('');
    const draws = effort > 1 ? 200_000 : 130_000;
    for (let round = 0; round < draws; round++) participation.add({ block, pool: undefined });
    const text = participationText(participation, new ChainAudit(), new Chalk({ level: 0 }));
    expect(text.match(/^ {2}block 1 {2}tickets 0 to 0 {2}drawn 0 of 1 {2}BPM/gm)).toHaveLength(draws);
    expect(text).toContain(`won ${withThousands(draws)} draws.`);
  });
});

describe('sortition verify, wrongly used', () => {
  it.each([
    [['a', '--data-dir', 'b'], 'verify takes one directory or file, and "a" is one more'],
    [['a', 'b'], 'verify takes one directory or file, and "b" is one more'],
    [['--pools'], 'there is no option --pools'],
    [['--json=x'], '--json takes no value'],
  ])('%s', async (words, why) => {
    expect(await runCommand(['verify', ...words])).toMatchObject({ code: 2, err: expect.stringContaining(why) });
  });
});
