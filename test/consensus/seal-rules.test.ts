import { describe, expect, it } from 'vitest';
import { runToEnd } from '../../src/base/run-to-end.ts';
import type { BrokenRule, SealRules } from '../../src/consensus/consensus.ts';
import { sealRulesOf } from '../../src/consensus/seal-rules.ts';
import { ChainVerifier, findFault } from '../../src/consensus/verifier.ts';
import { type Block, type GenesisBlock, isGenesis, isMined, type SealedBlock } from '../../src/core/block.ts';
import { blockHash } from '../../src/core/block-hash.ts';
import { buildChain, candidatesWith, verifySignature } from '../core/build-chain.ts';
import { buildInstantChain, buildWorkChain } from '../core/build-kinds.ts';

const stakes = [[3n], [5n, 7n], [1n, 1n, 2n], [4n]];

const kinds: readonly { readonly kind: string; readonly chain: readonly Block[]; readonly weight: bigint }[] = [
  { kind: 'lottery', chain: buildChain(stakes.map(candidatesWith), 3), weight: 4n },
  // 16, then four times as much, and at last a quarter of that.
  { kind: 'work', chain: buildWorkChain([1, 1, 10_000_000, 1], 16n, 1000), weight: 16n + 64n + 256n + 64n },
  { kind: 'instant', chain: buildInstantChain([72, 0, 2_147_483_647, 99]), weight: 4n },
];

function genesisOf([genesis]: readonly Block[]): GenesisBlock {
  if (genesis === undefined || !isGenesis(genesis)) throw new Error('no genesis');
  return genesis;
}

function sealFaultOf(rules: SealRules, block: SealedBlock): BrokenRule | undefined {
  return runToEnd(rules.findSealFault(block, { pool: undefined }, { verifySignature }));
}

function sealedOf(chain: readonly Block[]): readonly SealedBlock[] {
  return chain.flatMap((block) => (isGenesis(block) ? [] : [block]));
}

describe.each(kinds)('the rules of a seal, kind $kind', ({ kind, chain, weight }) => {
  it('hold for each block of its chain, in its place', () => {
    let rules: SealRules = sealRulesOf(genesisOf(chain));
    for (const block of sealedOf(chain)) {
      expect(sealFaultOf(rules, block)).toBeUndefined();
      expect(rules.findFinalFault(block)).toBeUndefined();
      rules = rules.after(block);
    }
    expect(findFault(chain, verifySignature)).toBeUndefined();
  });

  it('do not change when they are asked, nor when there are rules for the next place', () => {
    const rules = sealRulesOf(genesisOf(chain));
    const [first, second] = sealedOf(chain);
    if (first === undefined || second === undefined) throw new Error('too short a chain');
    const before = JSON.stringify(rules, (_, value) => (typeof value === 'bigint' ? `${value}n` : value));
    sealFaultOf(rules, first);
    sealFaultOf(rules, second);
    rules.after(first).after(second);
    expect(JSON.stringify(rules, (_, value) => (typeof value === 'bigint' ? `${value}n` : value))).toBe(before);
    expect(sealFaultOf(rules, first)).toBeUndefined();
  });

  it('give every block a weight, so that a longer chain that holds is never the lighter one', () => {
    let rules: SealRules = sealRulesOf(genesisOf(chain));
    let sum = 0n;
    for (const block of sealedOf(chain)) {
      expect(rules.weightOf(block)).toBeGreaterThan(0n);
      sum += rules.weightOf(block);
      rules = rules.after(block);
    }
    const verifier = new ChainVerifier(verifySignature);
    for (const block of chain) verifier.next(block);
    expect(verifier.tip?.weight).toBe(sum);
    expect(sum).toBe(weight);
  });

  it('are chosen by the genesis, and the form of the blocks with them', () => {
    const verifier = new ChainVerifier(verifySignature);
    verifier.next(chain[0]);
    expect(verifier.tip?.form.kind).toBe(kind);
    for (const other of kinds.filter((each) => each.kind !== kind)) {
      expect(verifier.check(other.chain[1])).toMatchObject({ fault: { index: 1, rule: 'form' } });
    }
  });

  it('leave no block any other BPM, even with its hash recomputed', () => {
    for (const block of sealedOf(chain)) {
      const verifier = new ChainVerifier(verifySignature);
      for (const before of chain.slice(0, block.Index)) verifier.next(before);
      const changed = { ...block, BPM: block.BPM === 5 ? 6 : 5 };
      expect(verifier.check(changed)).toMatchObject({ fault: { rule: 'hash' } });
      // Of the nonces that are tried at a difficulty of 16, one in sixteen holds by chance.
      if (isMined(block)) continue;
      const rehashed = { ...changed, Hash: blockHash(changed) };
      expect(verifier.check(rehashed)).toMatchObject({ fault: { rule: 'signature' } });
    }
  });

  it('throw for a block of another kind, which the form keeps away from them', () => {
    const rules = sealRulesOf(genesisOf(chain));
    for (const other of kinds.filter((each) => each.kind !== kind && kind !== 'instant')) {
      const [block] = sealedOf(other.chain);
      if (block !== undefined) expect(() => rules.after(block)).toThrow(`block 1 of a `);
    }
  });

  it('take no pool beside a block that was not drawn', () => {
    if (kind === 'lottery') return;
    const verifier = new ChainVerifier(verifySignature);
    verifier.next(chain[0]);
    const Candidates = [{ Validator: 'a'.repeat(64), Stake: '1', BPM: 5 }];
    expect(verifier.check(chain[1], { Candidates: [] })).toMatchObject({ tip: { index: 1 } });
    expect(verifier.check(chain[1], { Candidates })).toMatchObject({ fault: { rule: 'path' } });
  });
});
