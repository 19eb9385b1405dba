import { describe, expect, it } from 'vitest';
import { runToEnd } from '../../src/base/run-to-end.ts';
import type { BlockBody } from '../../src/consensus/consensus.ts';
import { ChainVerifier, findFault } from '../../src/consensus/verifier.ts';
import { WorkRules } from '../../src/consensus/work/work-rules.ts';
import { poolText, roundAfter, roundTimeMs, sealedPoolOf } from '../../src/core/beacon.ts';
import {
  type DrawnBlock,
  type GenesisBlock,
  isDrawn,
  isGenesis,
  isMined,
  type SealedBlock,
  type WorkBlock,
} from '../../src/core/block.ts';
import { buildBlock, buildGenesis, drawnTicket, minedBlock, signedBlock } from '../../src/core/build-block.ts';
import { drandVerifier } from '../../src/core/drand-signature.ts';
import { drawAttempts, drawSeed } from '../../src/core/draw.ts';
import { parseExact } from '../../src/core/exact-json.ts';
import { HashChain } from '../../src/core/hash-chain.ts';
import { parseBlock } from '../../src/core/parse-block.ts';
import { isUnreleased, parseGenesisBlock } from '../../src/core/parse-genesis.ts';
import { parsePool } from '../../src/core/parse-pool.ts';
import { SumTree } from '../../src/core/sum-tree.ts';
import { timestampMs } from '../../src/core/timestamp.ts';
import { BlockDraft } from '../../src/ledger/block-draft.ts';
import { LedgerRules, ledgerTerms } from '../../src/ledger/ledger-rules.ts';
import { LedgerState } from '../../src/ledger/ledger-state.ts';
import { signerOf } from '../../src/platform/ed25519.ts';
import { remembering } from '../core/build-beacon-chain.ts';
import { frozen, verifySignature } from '../core/build-chain.ts';
import { readSharedText, sharedFolder, sharedWord } from '../shared.ts';

interface Branch {
  readonly tip: string;
  readonly height: number;
  readonly weight: string;
  readonly blocks: readonly unknown[];
}

interface About {
  readonly Index: number;
  /** Of a draw. */
  readonly values: readonly string[];
  readonly winner: number;
  /** Of a draw with beacons. */
  readonly sealedBeforeQuicknetRoundMs: number;
  /** Of a chain of work. */
  readonly Difficulty: string;
  readonly unclamped: string;
}

interface Worked {
  readonly secrets: {
    readonly authority: { readonly secret: string; readonly key: string };
    readonly salt: string;
    readonly lastLinks: readonly string[];
  };
  readonly about: readonly About[];
  readonly blocks: readonly unknown[];
  readonly bodies: readonly BlockBody[];
  readonly fork: { readonly from: number; readonly branches: readonly Branch[] };
}

interface Refused {
  readonly from: string;
  readonly change: string;
  readonly block: number;
  readonly rule: string;
  readonly blocks?: readonly unknown[];
  readonly text?: string;
  readonly bodies?: readonly BlockBody[];
}

/** The cases have most of their blocks in common. */
const verifyBeacon = remembering(drandVerifier());

function readWorked(name: string): Worked {
  const none = { secrets: noSecrets, about: [], blocks: [], bodies: [], fork: { from: 0, branches: [] } };
  return sharedFolder === undefined ? none : JSON.parse(readSharedText(`examples/${name}`));
}

/** Stands where the folder is missing, and the tests are skipped. */
const noSecrets: Worked['secrets'] = { authority: { secret: '', key: '' }, salt: '', lastLinks: [] };

function readRefused(): readonly Refused[] {
  if (sharedFolder === undefined) return [];
  return JSON.parse(readSharedText('examples/refused.json')).cases;
}

function drawnOf(json: unknown, index: number): DrawnBlock {
  const form = parseBlock(json, index);
  if ('why' in form || !isDrawn(form.value)) throw new Error(`block ${index} is not a drawn one`);
  return form.value;
}

function genesisOf(blocks: readonly unknown[]): GenesisBlock {
  const parsed = parseGenesisBlock(blocks[0]);
  if ('why' in parsed) throw new Error(parsed.why);
  return parsed.value;
}

function sealedOf(json: unknown, index: number): SealedBlock {
  const parsed = parseBlock(json, index);
  if ('why' in parsed || isGenesis(parsed.value)) throw new Error(`block ${index} is none`);
  return parsed.value;
}

function minedOf(json: unknown, index: number): WorkBlock {
  const block = sealedOf(json, index);
  if (!isMined(block)) throw new Error(`block ${index} has no work`);
  return block;
}

/** The texts of the blocks of a case, whose writer may have used other texts than the one that a value has. */
function textsOf({ blocks, text }: Refused): readonly string[] {
  if (blocks !== undefined) return blocks.map((block) => JSON.stringify(block));
  const list = /"blocks":\[(.*)\]/s.exec(text ?? '')?.[1] ?? '';
  return list.split(/(?<=\}),(?=\{"Index")/);
}

describe.skipIf(sharedFolder === undefined)(`${sharedWord}the worked lottery of the specification`, () => {
  const { secrets, about, blocks, bodies } = readWorked('lottery.json');

  it('holds, block by block, with the pools beside it', () => {
    const verifier = new ChainVerifier(verifySignature);
    for (const [index, block] of blocks.entries()) {
      expect(verifier.nextText(JSON.stringify(block), bodies[index])).toMatchObject({ tip: { index } });
    }
    expect(findFault(blocks, verifySignature)).toBeUndefined();
  });

  it('comes out of its secrets and pools hash by hash and signature by signature', () => {
    const signer = signerOf(Buffer.from(secrets.authority.secret, 'hex'));
    expect(signer.key).toBe(secrets.authority.key);
    const series = secrets.lastLinks.map((last, number) => runToEnd(HashChain.make(secrets.salt, number, 4, last)));
    const first = parseBlock(blocks[0], 0);
    if ('why' in first) throw new Error(first.why);
    const Commitment = series[0]?.commitment ?? '';
    const genesis = buildGenesis(first.value.Timestamp, {
      Version: 2,
      Consensus: { Kind: 'lottery', Salt: secrets.salt, Commitment, Links: 4 },
      Authority: signer.key,
    });
    expect(JSON.stringify(genesis)).toBe(JSON.stringify(blocks[0]));
    let prevHash = genesis.Hash;
    for (let index = 1; index < blocks.length; index++) {
      const pool = frozen(parsePool(bodies[index]?.Candidates) ?? []);
      const number = Math.floor((index - 1) / 4);
      const block = buildBlock({
        index,
        timestamp: drawnOf(blocks[index], index).Timestamp,
        prevHash,
        chainId: genesis.Hash,
        authority: signer,
        reveal: series[number]?.at(index) ?? '',
        nextCommitment: index % 4 === 0 ? series[number + 1]?.commitment : undefined,
        pool,
        tree: runToEnd(SumTree.grow(pool.leaves)),
      });
      expect(JSON.stringify(block)).toBe(JSON.stringify(blocks[index]));
      prevHash = block.Hash;
    }
  });

  it('draws with the attempts that are told of it', () => {
    for (const { Index, values, winner } of about) {
      const { Draw, Validator } = drawnOf(blocks[Index], Index);
      const chainId = parseBlock(blocks[0], 0);
      const seed = drawSeed('value' in chainId ? chainId.value.Hash : '', Index, Draw.Reveal);
      expect([...drawAttempts(seed, BigInt(Draw.TotalStake))].map(({ value }) => String(value))).toEqual(values);
      expect(parsePool(bodies[Index]?.Candidates)?.[winner]?.validator).toBe(Validator);
    }
  });
});

describe.skipIf(sharedFolder === undefined).each(['beacon.json', 'beacons2.json'])(
  `${sharedWord}the worked lottery with beacons of the specification, %s`,
  (name) => {
    const { secrets, about, blocks, bodies } = readWorked(name);

    it('holds, block by block, with the pools and seals beside it', () => {
      const verifier = new ChainVerifier(verifySignature, { verifyBeacon });
      for (const [index, block] of blocks.entries()) {
        expect(verifier.nextText(JSON.stringify(block), bodies[index])).toMatchObject({ tip: { index } });
      }
      expect(bodies.slice(1).every(({ Seal }) => typeof Seal === 'string')).toBe(true);
    });

    it('is never taken for one that holds where the signatures of beacons are not verified', () => {
      expect(findFault(blocks, verifySignature)).toMatchObject({ index: 1, rule: 'beacon' });
    });

    it('comes out of its secrets, pools and rounds hash by hash and signature by signature', () => {
      const signer = signerOf(Buffer.from(secrets.authority.secret, 'hex'));
      const first = genesisOf(blocks);
      const { Consensus } = first.Genesis;
      if (Consensus.Kind !== 'lottery') throw new Error('no lottery');
      const { Links, Salt } = Consensus;
      expect(JSON.stringify(buildGenesis(first.Timestamp, first.Genesis))).toBe(JSON.stringify(blocks[0]));
      const series = secrets.lastLinks.map((last, number) => runToEnd(HashChain.make(Salt, number, Links, last)));
      expect(series[0]?.commitment).toBe(Consensus.Commitment);
      let prevHash = first.Hash;
      for (let index = 1; index < blocks.length; index++) {
        const pool = frozen(parsePool(bodies[index]?.Candidates) ?? []);
        const number = Math.floor((index - 1) / Links);
        const { Timestamp, Draw } = drawnOf(blocks[index], index);
        const block = buildBlock({
          index,
          timestamp: Timestamp,
          prevHash,
          chainId: first.Hash,
          authority: signer,
          reveal: series[number]?.at(index) ?? '',
          nextCommitment: index % Links === 0 ? series[number + 1]?.commitment : undefined,
          pool,
          tree: runToEnd(SumTree.grow(pool.leaves)),
          seal: { Sealed: Draw.Sealed ?? '', Beacons: Draw.Beacons ?? [] },
        });
        expect(JSON.stringify(block)).toBe(JSON.stringify(blocks[index]));
        const sealed = sealedPoolOf(block);
        expect(sealed && signer.sign(poolText(first.Hash, sealed))).toBe(bodies[index]?.Seal);
        prevHash = block.Hash;
      }
    });

    it('waits for the rounds of its beacons, to the millisecond', () => {
      const { Genesis } = genesisOf(blocks);
      const [quicknet] = 'Beacons' in Genesis ? (Genesis.Beacons ?? []) : [];
      for (const { Index, sealedBeforeQuicknetRoundMs } of about) {
        const { Sealed = '', Beacons: [round] = [] } = drawnOf(blocks[Index], Index).Draw;
        if (quicknet === undefined || round === undefined) throw new Error('no beacon');
        expect(roundAfter(quicknet, Sealed)).toBe(round.Round);
        expect(roundTimeMs(quicknet, round.Round) - BigInt(timestampMs(Sealed))).toBe(
          BigInt(sealedBeforeQuicknetRoundMs),
        );
      }
    });
  },
);

describe.skipIf(sharedFolder === undefined)(`${sharedWord}the worked instant chain of the specification`, () => {
  const { secrets, blocks } = readWorked('instant.json');

  it('holds', () => {
    expect(findFault(blocks, verifySignature)).toBeUndefined();
  });

  it('comes out of its key and BPMs hash by hash and signature by signature', () => {
    const signer = signerOf(Buffer.from(secrets.authority.secret, 'hex'));
    const first = genesisOf(blocks);
    const genesis = buildGenesis(first.Timestamp, {
      Version: 2,
      Consensus: { Kind: 'instant' },
      Authority: signer.key,
    });
    expect(JSON.stringify(genesis)).toBe(JSON.stringify(blocks[0]));
    let PrevHash = genesis.Hash;
    for (const [place, json] of blocks.slice(1).entries()) {
      const { Timestamp, BPM, Validator } = sealedOf(json, place + 1);
      const content = { Index: place + 1, Timestamp, BPM, PrevHash, Validator };
      const block = signedBlock(content, genesis.Hash, signer);
      expect(JSON.stringify(block)).toBe(JSON.stringify(json));
      PrevHash = block.Hash;
    }
  });
});

describe.skipIf(sharedFolder === undefined)(
  `${sharedWord}the worked lottery with a ledger of the specification`,
  () => {
    const { secrets, blocks, bodies } = readWorked('ledger.json');

    it('holds, with all that lies beside its blocks and, as far as they prove it, without', () => {
      expect(findFault(blocks, verifySignature)).toBeUndefined();
      const verifier = new ChainVerifier(verifySignature);
      for (const [index, block] of blocks.entries()) {
        expect(verifier.nextText(JSON.stringify(block), bodies[index])).toMatchObject({ tip: { index } });
        if (index > 0) expect(verifier.state?.root.hash).toBe(sealedOf(block, index).Ledger?.StateRoot);
      }
    });

    it('knows no balances any more behind a block that came alone', () => {
      const verifier = new ChainVerifier(verifySignature);
      for (const [index, block] of blocks.entries()) verifier.next(block, index === 3 ? {} : bodies[index]);
      expect(verifier.tip?.index).toBe(blocks.length - 1);
      expect(verifier.state).toBeUndefined();
    });

    it('comes out of its secrets and bodies hash by hash and signature by signature', () => {
      const signer = signerOf(Buffer.from(secrets.authority.secret, 'hex'));
      const genesis = genesisOf(blocks);
      const { Consensus, Ledger } = genesis.Genesis;
      if (Consensus.Kind !== 'lottery' || Ledger === undefined) throw new Error('no lottery with a ledger');
      const { Links, Salt } = Consensus;
      const terms = ledgerTerms(genesis.Hash, 'lottery', Ledger);
      const rules = new LedgerRules(terms, verifySignature);
      const state = runToEnd(LedgerState.ofGenesis(Ledger));
      const series = secrets.lastLinks.map((last, number) => runToEnd(HashChain.make(Salt, number, Links, last)));
      let prevHash = genesis.Hash;
      for (let index = 1; index < blocks.length; index++) {
        const { Transactions, Candidates } = bodies[index] ?? {};
        if (!Array.isArray(Transactions) || !Array.isArray(Candidates)) throw new Error(`block ${index} has no body`);
        const draft = new BlockDraft(state, terms);
        for (const json of Transactions) {
          const checked = rules.checkTransaction(json);
          expect('value' in checked && draft.add(checked.value)).toBeUndefined();
        }
        const pool = frozen(
          Candidates.map(({ Validator, BPM }) => ({
            validator: Validator,
            stake: draft.stakeOf(Validator),
            payload: BPM,
          })),
        );
        const number = Math.floor((index - 1) / Links);
        const parts = {
          index,
          timestamp: sealedOf(blocks[index], index).Timestamp,
          prevHash,
          chainId: genesis.Hash,
          authority: signer,
          reveal: series[number]?.at(index) ?? '',
          nextCommitment: index % Links === 0 ? series[number + 1]?.commitment : undefined,
          pool,
          tree: runToEnd(SumTree.grow(pool.leaves)),
        };
        const { summary, change } = runToEnd(draft.finish(drawnTicket(parts).winner.validator));
        state.swap(change);
        const block = buildBlock(parts, summary);
        expect(JSON.stringify(block)).toBe(JSON.stringify(blocks[index]));
        prevHash = block.Hash;
      }
    });
  },
);

describe.skipIf(sharedFolder === undefined)(`${sharedWord}the worked chain of work of the specification`, () => {
  const { about, blocks, bodies, fork } = readWorked('work.json');

  it('holds, with all that lies beside its blocks', () => {
    const verifier = new ChainVerifier(verifySignature);
    for (const [index, block] of blocks.entries()) {
      expect(verifier.nextText(JSON.stringify(block), bodies[index])).toMatchObject({ tip: { index } });
    }
    expect(verifier.state?.index).toBe(blocks.length - 1);
  });

  it('holds, and so does each branch of its fork, with the weight that is told of it', () => {
    expect(findFault(blocks, verifySignature)).toBeUndefined();
    expect(fork.branches).toHaveLength(2);
    for (const { blocks: branch, tip, height, weight } of fork.branches) {
      const verifier = new ChainVerifier(verifySignature);
      for (const block of [...blocks.slice(0, fork.from + 1), ...branch]) verifier.next(block);
      expect(verifier.tip).toMatchObject({ hash: tip, index: height, weight: BigInt(weight) });
    }
  });

  it('comes out of its nonces hash by hash', () => {
    const first = genesisOf(blocks);
    expect(JSON.stringify(buildGenesis(first.Timestamp, first.Genesis))).toBe(JSON.stringify(blocks[0]));
    for (const [place, json] of blocks.slice(1).entries()) {
      const { Hash, Work, ...block } = minedOf(json, place + 1);
      const content = { ...block, Work: { Difficulty: Work.Difficulty } };
      const mined = minedBlock(content, Work.Nonce);
      expect(mined.Hash).toBe(Hash);
      expect(JSON.stringify(mined)).toBe(JSON.stringify(json));
    }
  });

  it('has the difficulties that are told of it, before and after they are kept within a step', () => {
    const verifier = new ChainVerifier(verifySignature);
    verifier.next(blocks[0]);
    for (const { Index, Difficulty, unclamped } of about) {
      const seal = verifier.tip?.seal;
      if (!(seal instanceof WorkRules)) throw new Error('no chain of work');
      expect(seal.next).toMatchObject({ difficulty: BigInt(Difficulty), unbounded: BigInt(unclamped) });
      verifier.next(blocks[Index]);
    }
  });
});

describe.skipIf(sharedFolder === undefined)(`${sharedWord}what the specification refuses`, () => {
  const cases = readRefused();

  it('has all cases of every chain', () => {
    const count = (name: string): number => cases.filter(({ from }) => from === name).length;
    const names = ['lottery', 'instant', 'work', 'ledger', 'beacon', 'beacons2'].map((name) => `${name}.json`);
    expect(names.map(count)).toEqual([61, 5, 16, 41, 6, 12]);
  });

  it.each(cases.map((refused) => [refused.change, refused] as const))(
    'is refused at its block, by its rule: %s',
    (_, refused) => {
      const verifier = new ChainVerifier(verifySignature, { verifyBeacon });
      const verdicts = textsOf(refused).map((text, index) => {
        const checked = verifier.next(parseExact(text), refused.bodies?.[index]);
        return 'fault' in checked ? checked.fault : undefined;
      });
      expect(verdicts.slice(0, -1).every((fault) => fault === undefined)).toBe(true);
      expect(verdicts.at(-1)).toMatchObject({ index: refused.block, rule: refused.rule });
    },
  );

  it('is never taken for a chain of an unreleased version', () => {
    for (const { blocks } of cases) expect(isUnreleased(blocks?.[0])).toBe(false);
  });
});
