import { describe, expect, it } from 'vitest';
import { runToEnd } from '../../src/base/run-to-end.ts';
import { ChainVerifier, findFault } from '../../src/consensus/verifier.ts';
import { buildBlock, buildGenesis, type DrawnBlock, isDrawn } from '../../src/core/block.ts';
import { drawAttempts, drawSeed } from '../../src/core/draw.ts';
import { HashChain } from '../../src/core/hash-chain.ts';
import { isUnreleased, parseBlock, parseExact } from '../../src/core/parse-block.ts';
import { parsePool } from '../../src/core/parse-pool.ts';
import { SumTree } from '../../src/core/sum-tree.ts';
import { signerOf } from '../../src/platform/ed25519.ts';
import { frozen, verifySignature } from '../core/build-chain.ts';
import { readSharedText, sharedFolder, sharedWord } from '../shared.ts';

interface Body {
  readonly Candidates?: unknown;
}

interface Worked {
  readonly secrets: {
    readonly authority: { readonly secret: string; readonly key: string };
    readonly salt: string;
    readonly lastLinks: readonly string[];
  };
  readonly about: readonly { readonly Index: number; readonly values: readonly string[]; readonly winner: number }[];
  readonly blocks: readonly unknown[];
  readonly bodies: readonly Body[];
}

interface Refused {
  readonly from: string;
  readonly change: string;
  readonly block: number;
  readonly rule: string;
  readonly blocks?: readonly unknown[];
  readonly text?: string;
  readonly bodies?: readonly Body[];
}

function readWorked(): Worked {
  if (sharedFolder === undefined) return { secrets: noSecrets, about: [], blocks: [], bodies: [] };
  return JSON.parse(readSharedText('examples/lottery.json'));
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

/** The texts of the blocks of a case, whose writer may have used other texts than the one that a value has. */
function textsOf({ blocks, text }: Refused): readonly string[] {
  if (blocks !== undefined) return blocks.map((block) => JSON.stringify(block));
  const list = /"blocks":\[(.*)\]/s.exec(text ?? '')?.[1] ?? '';
  return list.split(/(?<=\}),(?=\{"Index")/);
}

describe.skipIf(sharedFolder === undefined)(`${sharedWord}the worked lottery of the specification`, () => {
  const { secrets, about, blocks, bodies } = readWorked();

  it('holds, block by block, with the pools beside it', () => {
    const verifier = new ChainVerifier(verifySignature);
    for (const [index, block] of blocks.entries()) {
      const pool = index === 0 ? undefined : parsePool(bodies[index]?.Candidates);
      expect(verifier.nextText(JSON.stringify(block), pool)).toMatchObject({ tip: { index } });
    }
    expect(findFault(blocks, verifySignature)).toBeUndefined();
  });

  it('comes out of its secrets and pools hash by hash and signature by signature', () => {
    const signer = signerOf(Buffer.from(secrets.authority.secret, 'hex'));
    expect(signer.key).toBe(secrets.authority.key);
    const series = secrets.lastLinks.map((last, number) => runToEnd(HashChain.make(secrets.salt, number, 4, last)));
    const first = parseBlock(blocks[0], 0);
    if ('why' in first) throw new Error(first.why);
    const parts = { Salt: secrets.salt, Commitment: series[0]?.commitment ?? '', Links: 4, Authority: signer.key };
    const genesis = buildGenesis(first.value.Timestamp, parts);
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

describe.skipIf(sharedFolder === undefined)(`${sharedWord}what the specification refuses`, () => {
  const cases = readRefused();
  const ofLottery = cases.filter(({ from }) => from === 'lottery.json');

  it('has all cases of a lottery with typed stakes', () => {
    expect(ofLottery).toHaveLength(61);
  });

  it.each(ofLottery.map((refused) => [refused.change, refused] as const))(
    'is refused at its block, by its rule: %s',
    (_, refused) => {
      const verifier = new ChainVerifier(verifySignature);
      const verdicts = textsOf(refused).map((text, index) => {
        const pool = refused.bodies?.[index]?.Candidates;
        const checked = verifier.next(parseExact(text), pool === undefined ? undefined : parsePool(pool));
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
