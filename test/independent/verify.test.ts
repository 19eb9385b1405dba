import { describe, expect, it } from 'vitest';
import { sealedPoolOf } from '../../src/core/beacon.ts';
import { isDrawn } from '../../src/core/block.ts';
import { signedBlock } from '../../src/core/build-block.ts';
import { evidenceText, judgeEvidence, parseEvidence } from '../../src/core/evidence.ts';
import type { PoolStatement, Statement } from '../../src/core/statement.ts';
import { nativeVerifier, signerOf } from '../../src/platform/ed25519.ts';
import { runCommand } from '../cli/run-command.ts';
import { buildBeaconChain, sealOf, TestBeacon } from '../core/build-beacon-chain.ts';
import { authority as authorityOfChains, buildChain, candidatesWith } from '../core/build-chain.ts';
import { type Ed25519Case, readOwnVectors, readSharedVectors } from '../core/ed25519-vectors.ts';
import { readChain, readExample } from '../core/example.ts';
import { LocalServer } from '../e2e/local-server.ts';
import { sharedFolder, sharedWord } from '../shared.ts';
import {
  hasPython,
  verifyAllInPython,
  verifyEvidenceInPython,
  verifyInPython,
  verifySignaturesInPython,
} from './python-process.ts';

/** What ours says of a chain. */
async function verifyHere(
  input: string | Buffer,
): Promise<{ fault: { rule: string; index: number } | null; poolsChecked: number }> {
  return JSON.parse((await runCommand(['verify', '-', '--json'], { input })).out);
}

const { chain: json, pools, secrets } = readExample();
const authority = signerOf(Buffer.from(secrets.authority, 'hex'));
const chain = readChain(json);
const lines = json.map((Block, index) => ({ Block, Pool: index === 0 ? [] : (pools[index - 1] ?? []) }));

function textOf(entries: readonly unknown[]): string {
  return entries.map((entry) => `${JSON.stringify(entry)}\n`).join('');
}

const withPools = textOf(lines);

function signatureOf(index: number): string {
  const block = chain[index];
  return block !== undefined && isDrawn(block) ? block.Signature : '';
}

/** An export whose second line has its pool first. */
const turned = lines.map(({ Block, Pool }, index) => (index === 1 ? { Pool, Block } : { Block, Pool }));

/** The chain with a block changed by the authority itself, which can make its hash and its signature right again. */
function forged(index: number, change: (block: Record<string, unknown>) => Record<string, unknown>): string {
  return JSON.stringify(
    chain.map((block, place) => {
      if (place !== index || !isDrawn(block)) return block;
      const { Hash, Signature, NextCommitment, ...content } = block;
      const next = NextCommitment === undefined ? {} : { NextCommitment };
      return signedBlock(Object.assign(content, next, change({ ...block })), chain[0]?.Hash ?? '', authority);
    }),
  );
}

/** The rules, each with a chain that breaks it. */
const brokenRules: readonly (readonly [rule: string, input: string])[] = [
  ['form', forged(1, () => ({ Validator: 'X' }))],
  ['index', JSON.stringify(json.filter((_, index) => index !== 1))],
  ['prev-hash', forged(2, () => ({ PrevHash: 'a'.repeat(64) }))],
  ['hash', JSON.stringify(chain.map((block, index) => (index === 1 ? { ...block, BPM: 1 } : block)))],
  [
    'signature',
    JSON.stringify(chain.map((block, index) => (index === 1 ? { ...block, Signature: signatureOf(2) } : block))),
  ],
  ['link', forged(1, ({ Draw }) => ({ Draw: Object.assign({}, Draw, { Reveal: 'a'.repeat(64) }) }))],
  ['ticket', forged(1, ({ Draw }) => ({ Draw: Object.assign({}, Draw, { Ticket: '0' }) }))],
  ['path', forged(1, ({ Draw }) => ({ Draw: Object.assign({}, Draw, { PoolSize: 4 }) }))],
  ['path', forged(1, () => ({ BPM: 1 }))],
  ['timestamp', forged(1, () => ({ Timestamp: '2020-01-01T00:00:00.000Z' }))],
  ['next-commitment', forged(1, () => ({ NextCommitment: 'a'.repeat(64) }))],
];

/** Exports, each with what was done to it and the rule that it breaks. */
const oddTexts: readonly (readonly [what: string, input: string | Buffer, rule: string | undefined])[] = [
  ['nothing is damaged', withPools, undefined],
  ['a mark of UTF-8 stands before it', `\ufeff${withPools}`, undefined],
  ['Windows wrote it', Buffer.from(`\ufeff${withPools.replaceAll('\n', '\r\n')}`, 'utf16le'), undefined],
  ['empty lines stand between', `\n${withPools.replaceAll('\n', '\n\n')}`, undefined],
  ['it is one array', `[${withPools.trim().replaceAll('\n', ',')}]`, undefined],
  ['a line has no pool', withPools.replace(/,"Pool":[^\n]*(?=\}\n$)/, ''), 'path'],
  ['a pool has another name', withPools.replace('"Pool":[{', '"pool":[{'), 'form'],
  ['a line has one key more', withPools.replace('{"Block":', '{"By":"me","Block":'), 'form'],
  ['a line has its keys in another order', JSON.stringify(turned), 'form'],
  ['a candidate has one key more', withPools.replace('"Pool":[{', '"Pool":[{"By":"me",'), 'path'],
  ['a candidate has no stake', withPools.replace(/("Pool":\[\{.*?),"Stake":"\d+"/, '$1'), 'path'],
  ['a stake is a number', withPools.replace(/("Pool":\[\{.*?"Stake":)"(\d+)"/, '$1$2'), 'path'],
  ['a BPM is broken', withPools.replace(/("Pool":\[\{.*?"BPM":\d+)/, '$1.5'), 'path'],
  ['a pool is an object', withPools.replace(/"Pool":\[\{[^\n]*/, '"Pool":{}}'), 'path'],
  ['a pool is null', withPools.replace(/"Pool":\[\{[^\n]*/, '"Pool":null}'), 'path'],
  [
    'the genesis has a pool',
    withPools.replace('"Pool":[]', `"Pool":[{"Validator":"${'a'.repeat(64)}","Stake":"1","BPM":1}]`),
    'path',
  ],
  ['a candidate has a key twice', withPools.replace(/("Pool":\[\{.*?"BPM":\d+)/, '$1,"BPM":1'), 'form'],
  ['a block has a key twice', withPools.replace('"Index":2,', '"Index":2,"Index":2,'), 'form'],
  ['a block has one key more', withPools.replace('"Index":2,', '"By":"me","Index":2,'), 'form'],
  ['an index is written otherwise', withPools.replace('"Index":2,', '"Index":2.0,'), 'form'],
  ['a zero has a sign', withPools.replace('"Index":0,', '"Index":-0,'), 'form'],
  ['a key is written otherwise', withPools.replace('"Index":2,', '"\\u0049ndex":2,'), 'form'],
  [
    'there is no block in a line',
    withPools.replace(/\{"Block":\{"Index":2,.*\n/, '{"Block":null,"Pool":[]}\n'),
    'form',
  ],
  ['a line is missing', withPools.replace(/\{"Block":\{"Index":2,.*\n/, ''), 'index'],
];

/** The signatures of which the check in Python says something else than the rule does. */
function wrongVerdicts(cases: readonly Ed25519Case[]): readonly string[] {
  const said = verifySignaturesInPython(cases);
  return cases.filter(({ holds }, place) => holds !== said[place]).map(({ source }) => source);
}

describe.skipIf(!hasPython)(
  'a verifier in another language, which shares no code with ours (skipped: no python3)',
  () => {
    it('holds what a real server exports, with and without pools', async () => {
      const server = await LocalServer.start({ words: ['--lottery-interval-ms', '100'] });
      const clients = [server.connect(), server.connect(), server.connect()];
      for (const [place, client] of clients.entries()) await client.stakes(10 ** (place + 1));
      for (const index of [1, 2, 3]) {
        await Promise.all(clients.map((client) => client.says('72', `Candidate for block ${index}`)));
        await Promise.all(clients.map((client) => client.sees(new RegExp(`(winning validator[^]*){${index}}`))));
      }
      await server.stop();
      const exported = (await runCommand(['export', server.dataDir])).out;
      const count = JSON.parse(exported).length;
      const withPools = (await runCommand(['export', server.dataDir, '--pools'])).out;
      const [whole, audited, changed, changedPool] = verifyAllInPython([
        exported,
        withPools,
        exported.replace(/"BPM":72/, '"BPM":73'),
        withPools.replace(/("Pool":\[.*?)"BPM":72/, '$1"BPM":73'),
      ]);
      expect(whole).toBe(`${count} blocks hold, and 0 pools\n`);
      expect(audited).toBe(`${count} blocks hold, and ${count - 1} pools\n`);
      expect(changed).toBe('block 1 does not hold: hash\n');
      expect(changedPool).toMatch(/^block 1 does not hold: path \(the pool's/);
    });

    it('has the one rule of signatures, by the cases kept here', () => {
      expect(wrongVerdicts(readOwnVectors())).toEqual([]);
    });

    it.skipIf(sharedFolder === undefined)(`${sharedWord}has the one rule of signatures, by the public vectors`, () => {
      // Of the ordinary ones, which take longest, a few are enough.
      const cases = readSharedVectors().filter(({ source }) => !/^djb .*[^7]$/.test(source));
      expect(cases.length).toBeGreaterThan(1300);
      expect(wrongVerdicts(cases)).toEqual([]);
    });

    it('holds the worked chain, and chains of secrets that end', () => {
      expect(verifyInPython(JSON.stringify(json))).toBe(`${json.length} blocks hold, and 0 pools\n`);
      expect(verifyInPython(textOf(lines))).toBe(`${json.length} blocks hold, and ${pools.length} pools\n`);
      const long = buildChain(
        Array.from({ length: 7 }, (_, place) => candidatesWith([1n, 2n, 3n].slice(place % 3))),
        3,
      );
      expect(verifyInPython(JSON.stringify(long))).toBe('8 blocks hold, and 0 pools\n');
    });

    it('checks all of a chain with beacons, with a pairing of its own', async () => {
      const beacons = [
        new TestBeacon('fast', { GenesisTime: 1_767_225_600, Period: 3 }),
        new TestBeacon('slow', { GenesisTime: 1_767_225_595, Period: 10 }),
      ];
      const { genesis, blocks, bodies } = buildBeaconChain([candidatesWith([3n, 4n]), candidatesWith([5n])], beacons);
      const whole = [genesis, ...blocks];
      const linesWith = (seals: readonly (string | undefined)[]): string =>
        textOf(
          whole.map((Block, index) => ({
            Block,
            Pool: index === 0 ? [] : bodies[index - 1]?.Candidates,
            Seal: index === 0 ? undefined : seals[index - 1],
          })),
        );
      const seals = bodies.map(({ Seal }) => Seal);
      /** Block 2 as the authority itself could have made it. */
      const forgedTo = (draw: object, time = blocks[1]?.Timestamp): string => {
        const [first, second] = blocks;
        if (first === undefined || second === undefined || time === undefined) throw new Error('too short a chain');
        const { Hash, Signature, ...content } = second;
        const Draw = { ...content.Draw, ...draw };
        return JSON.stringify([
          genesis,
          first,
          signedBlock({ ...content, Timestamp: time, Draw }, genesis.Hash, authorityOfChains),
        ]);
      };
      const [fast, slow] = blocks[1]?.Draw.Beacons ?? [];
      if (fast === undefined || slow === undefined) throw new Error('no rounds');
      const spoken = ', and 4 signatures of beacons';
      const said = verifyAllInPython([
        JSON.stringify(whole),
        linesWith([]),
        linesWith(seals),
        linesWith([...seals].reverse()),
        forgedTo({ Beacons: [{ ...fast, Round: fast.Round + 1 }, slow] }),
        forgedTo({ Beacons: [fast, { ...slow, Round: slow.Round - 1 }] }),
        forgedTo({ Sealed: blocks[0]?.Draw.Sealed, Beacons: blocks[0]?.Draw.Beacons }),
        forgedTo({}, new Date(Date.parse(blocks[1]?.Timestamp ?? '') - 1).toISOString()),
        forgedTo({ Beacons: [fast] }),
        forgedTo({ Beacons: [slow, fast].map(({ Signature }, place) => ({ ...[fast, slow][place], Signature })) }),
      ]);
      expect(said).toEqual([
        `3 blocks hold, and 0 pools${spoken}\n`,
        `3 blocks hold, and 2 pools${spoken}\n`,
        `3 blocks hold, and 2 pools${spoken}\n`,
        'block 1 does not hold: beacon\n',
        ...Array.from({ length: 4 }, () => 'block 2 does not hold: beacon\n'),
        'block 2 does not hold: form\n',
        'block 2 does not hold: beacon\n',
      ]);
    });

    it('says the same as ours of evidence against an authority', async () => {
      const beacons = [new TestBeacon('own', { GenesisTime: 1_767_225_600, Period: 3 })];
      const { genesis, blocks } = buildBeaconChain([candidatesWith([3n, 4n])], beacons);
      const [[block], [other]] = [blocks, buildBeaconChain([candidatesWith([5n])], beacons).blocks];
      if (block === undefined || other === undefined) throw new Error('nothing was drawn');
      const [seal, otherSeal] = [block, other].map((drawn): PoolStatement => {
        const Pool = sealedPoolOf(drawn);
        if (Pool === undefined) throw new Error('it was not sealed');
        return { Pool, Signature: sealOf(genesis, drawn) };
      });
      if (seal === undefined || otherSeal === undefined) throw new Error('nothing was sealed');
      const unsigned = { ...otherSeal, Signature: seal.Signature };
      const convicts =
        /^the evidence convicts [0-9a-f]{64}, the authority of chain [0-9a-f]{64}, of two statements on block 1\n$/;
      const cases: readonly (readonly [Statement, Statement, RegExp])[] = [
        [seal, otherSeal, convicts],
        [seal, { Block: other }, convicts],
        [{ Block: block }, { Block: other }, convicts],
        [seal, { Block: block }, /^the evidence convicts nobody: both statements can be true\n$/],
        [seal, unsigned, /^the evidence convicts nobody: signature\n$/],
      ];
      for (const [first, second, said] of cases) {
        const text = evidenceText(genesis, first, second);
        expect(verifyEvidenceInPython(text)).toMatch(said);
        const evidence = parseEvidence(JSON.parse(text));
        const judged = 'value' in evidence ? judgeEvidence(evidence.value, nativeVerifier()) : evidence;
        expect('value' in judged).toBe(said === convicts);
      }
    });

    it('finds every rule that is broken, as ours does', async () => {
      const said = verifyAllInPython(brokenRules.map(([, input]) => input));
      for (const [place, [rule, input]] of brokenRules.entries()) {
        expect(said[place]).toMatch(new RegExp(`^block \\d does not hold: ${rule}\\b`));
        expect((await verifyHere(input)).fault?.rule).toBe(rule);
      }
    });

    it('says the same as ours of what is damaged or written otherwise', async () => {
      const said = verifyAllInPython(oddTexts.map(([, input]) => input));
      for (const [place, [what, input, rule]] of oddTexts.entries()) {
        const { fault, poolsChecked } = await verifyHere(input);
        if (rule === undefined)
          expect(said[place], what).toBe(`${json.length} blocks hold, and ${poolsChecked} pools\n`);
        else expect(said[place], what).toMatch(new RegExp(`^block ${fault?.index} does not hold: ${rule}\\b(?!-)`));
        expect(fault?.rule, what).toBe(rule);
      }
    });
  },
);
