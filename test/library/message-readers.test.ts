import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Candidate } from '../../src/core/pool.ts';
import { drawnSegments, TicketBar } from '../../src/http/api/ticket-bar.ts';
import type { Drawn, FairnessAnswer, Snapshot, Status, ValidatorHistory } from '../../src/http/api/types.ts';
import { FairnessHistory } from '../../src/http/fairness-history.ts';
import {
  readDrawn,
  readFairness,
  readHistory,
  readNewBlocks,
  readPoolChange,
  readRefusal,
  readReorganised,
  readSnapshot,
  readStatus,
  readStopped,
} from '../../src/library/message-readers.ts';
import { readPeers } from '../../src/library/peers-readers.ts';
import { SystemTurns } from '../../src/platform/system-turns.ts';
import { fieldsOf, pathName, replaceField } from '../../src/web/tampering.ts';
import { buildChain, candidatesWith, frozen, hexOf } from '../core/build-chain.ts';
import { buildWorkChain } from '../core/build-kinds.ts';
import { cases } from '../effort.ts';

const status: Status = {
  version: '0.1.0',
  consensus: 'lottery',
  height: 4,
  phase: 'open',
  intervalMs: 30_000,
  remainingMs: 28_921,
  candidates: 0,
  totalStake: '0',
  validators: 0,
  connections: 2,
  watchers: 1,
  join: ['nc localhost 9000'],
  pages: ['http://192.0.2.7:9001/'],
};

const candidates = candidatesWith([10n, 20n, 30n]);
const [genesis, first] = buildChain([candidates], 64);
if (genesis === undefined || first === undefined || !('Draw' in first)) throw new Error('no block');

const segments = drawnSegments(frozen(candidates).candidates, first.Validator);
const snapshot: Snapshot = {
  status,
  segments,
  newest: [first, genesis],
  profiles: [{ validator: first.Validator, order: 2 }],
};
const drawn: Drawn = { block: first, segments };
const history: ValidatorHistory = {
  validator: hexOf('ada'),
  isConnected: true,
  firstBlock: 1,
  parts: [{ index: 1, stake: '10', totalStake: '60', isWinner: false }],
};
const fairness: FairnessAnswer = {
  firstBlock: 1,
  lastBlock: 1,
  rounds: 1,
  roundsLeftOut: 0,
  validators: [
    {
      validator: hexOf('ada'),
      stake: '10',
      isConnected: true,
      rounds: 1,
      wins: 0,
      expectedWins: 0.25,
      low: 0,
      high: 1,
      pValue: 1,
    },
  ],
  validatorsLeftOut: 0,
  pValue: 1,
};

/** What comes out at the other end of the line. */
function sent(message: unknown): unknown {
  return JSON.parse(JSON.stringify(message));
}

const searching: Status = {
  ...status,
  consensus: 'work',
  blocksPerMinute: 6,
  search: { index: 5, difficulty: '1048576', validator: hexOf('ada'), bpm: 72, tried: 1000, elapsedMs: 10 },
};

const pool: fc.Arbitrary<readonly Candidate[]> = fc
  .array(fc.bigInt({ min: 1n, max: 10n ** 76n }), { minLength: 1, maxLength: 100 })
  .map((stakes) => frozen(candidatesWith(stakes)).candidates);

describe('the readers of messages', () => {
  it('read every pool as the server made it', () => {
    fc.assert(
      fc.property(pool, (some) => {
        const bar = new TicketBar();
        for (const candidate of some) bar.add(candidate);
        const change = { status: { ...status, totalStake: String(bar.totalStake) }, segments: bar.segments() };
        expect(readPoolChange(sent(change))).toEqual(change);
      }),
    );
  });

  it('read every draw and every beginning as the server made it', () => {
    fc.assert(
      fc.property(fc.array(pool, { minLength: 1, maxLength: 3 }), (pools) => {
        const chain = buildChain(pools, 2);
        const message = { status, segments: [], newest: [...chain].reverse(), profiles: [] };
        expect(readSnapshot(sent(message))).toEqual(message);
        for (const [place, some] of pools.entries()) {
          const block = chain[place + 1];
          if (block === undefined || !('Draw' in block)) throw new Error('no block');
          const message = { block, segments: drawnSegments(some, block.Validator) };
          expect(readDrawn(sent(message))).toEqual(message);
        }
      }),
      { numRuns: cases(20) },
    );
  });

  it('read how everybody fared as the server counted it', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(pool, fc.nat()), { maxLength: 5 }), async (rounds) => {
        const history = new FairnessHistory({
          turns: new SystemTurns(),
          isConnected: (validator) => validator < '8',
          profileOf: () => ({ order: 3 }),
        });
        for (const [place, [some, lucky]] of rounds.entries()) {
          const winner = some[lucky % some.length]?.validator ?? '';
          const totalStake = some.reduce((total, { stake }) => total + stake, 0n);
          history.add({ index: place + 1, winner, totalStake, candidates: some });
        }
        const counted = await history.fairness(undefined);
        expect(readFairness(sent(counted))).toEqual(counted);
        const validator = rounds[0]?.[0][0]?.validator ?? hexOf('nobody');
        expect(readHistory(sent(history.history(validator)))).toEqual(history.history(validator));
      }),
      { numRuns: cases(20) },
    );
  });

  it.each<[string, (json: unknown) => unknown, unknown]>([
    ['status', readStatus, status],
    ['status', readStatus, searching],
    ['status', readStatus, { ...status, sandbox: true }],
    [
      'blocks',
      readNewBlocks,
      {
        status: searching,
        newest: buildWorkChain([1000, 1000], 4n, 1000).slice(1),
        profiles: [{ validator: first.Validator }],
      },
    ],
    ['status', readStatus, { ...status, network: { peers: 2, sync: { height: 3, target: 7, remainingMs: 1500 } } }],
    ['status', readStatus, { ...status, log: { leader: 'a1', isLeader: false, term: 7, waiting: 0, failovers: 1 } }],
    ['status', readStatus, { ...status, network: { peers: 0, authority: 'out-of-reach' } }],
    [
      'peers',
      readPeers,
      {
        Peers: [{ Peer: '12D3', Host: '::1', Direction: 'in', Roles: ['full'], Height: 7, LatencyMs: 12 }],
        Cuts: [{ Peer: '12D4', Host: '::1', Reason: 'flood', AgoMs: 3000 }],
      },
    ],
    [
      'reorganised',
      readReorganised,
      { fork: 1, removed: buildWorkChain([1000, 1000], 4n, 1000).slice(2), removedCount: 1, addedCount: 2 },
    ],
    ['snapshot', readSnapshot, snapshot],
    ['pool', readPoolChange, { status, segments }],
    ['drawn', readDrawn, drawn],
    ['fairness', readFairness, fairness],
    ['history', readHistory, history],
  ])('refuse a %s in which any value is missing or of another kind, and say which', (name, read, message) => {
    expect(read(message)).toEqual(message);
    for (const { path } of fieldsOf(message)) {
      for (const wrong of [undefined, null, [], {}, true]) {
        const json = replaceField(message, path, wrong);
        // The block before the first draw is null, and a block is refused as a whole.
        if (wrong === null && /Block$/.test(pathName(path))) expect(read(json)).toEqual(json);
        else expect(() => read(json), pathName(path)).toThrow(/^The server's answer cannot be read: [\w.[\]]+ is not /);
      }
      const [top = ''] = path;
      expect(() => read(replaceField(message, [top], {}))).toThrow(`cannot be read: ${name}.${top}`);
    }
    for (const nothing of [undefined, null, 7, 'text', [message]]) {
      expect(() => read(nothing)).toThrow(`${name} is not an object`);
    }
  });

  it('refuse flags that are none', () => {
    expect(() => readHistory({ ...history, isConnected: 'yes' })).toThrow('history.isConnected is not true or false');
    const [winner] = segments.filter(({ isWinner }) => isWinner);
    expect(() => readDrawn({ ...drawn, segments: [{ ...winner, isWinner: false }] })).toThrow('isWinner is not true');
  });

  it.each(['', '-1', '01', '1e5', '1.5', ' 1', 'x'])('refuse the amount "%s"', (totalStake) => {
    expect(() => readStatus({ ...status, totalStake })).toThrow('status.totalStake is not an amount');
  });

  it('refuse a phase that they do not know, and the genesis as the winner of a draw', () => {
    expect(() => readStatus({ ...status, phase: 'closed' })).toThrow('one of open, paused, drawing, disk-full');
    expect(() => readDrawn({ ...drawn, block: genesis })).toThrow('drawn.block is not a drawn block');
  });

  it('refuse a reason for a stop that they do not know', () => {
    expect(readStopped({ why: 'disk-refused' })).toEqual({ why: 'disk-refused' });
    expect(() => readStopped({ why: 'bored' })).toThrow('one of asked, disk-refused, chain-gone');
  });

  it('tell why the server refuses', () => {
    expect(readRefusal({ error: 'there is no block 7' })).toBe('there is no block 7');
    expect(() => readRefusal({})).toThrow('refusal.error is not a text');
  });
});
