import { describe, expect, it } from 'vitest';
import { runToEnd } from '../../src/base/run-to-end.ts';
import { findFault } from '../../src/consensus/verifier.ts';
import { isGenesis } from '../../src/core/block.ts';
import { buildBlock, buildGenesis } from '../../src/core/build-block.ts';
import { previousLink } from '../../src/core/hash-chain.ts';
import { SumTree } from '../../src/core/sum-tree.ts';
import { signerOf } from '../../src/platform/ed25519.ts';
import { frozen, verifySignature } from './build-chain.ts';
import { readChain, readDrawn, readExample } from './example.ts';

const { chain, pools, secrets } = readExample();
const authority = signerOf(Buffer.from(secrets.authority, 'hex'));
const [genesis] = readChain(chain);
if (genesis === undefined || !isGenesis(genesis)) throw new Error('the example has no genesis');
const { Consensus } = genesis.Genesis;
if (Consensus.Kind !== 'lottery') throw new Error('the example is no lottery');

describe('the worked chain of this repository', () => {
  it('holds', () => {
    expect(findFault(chain, verifySignature)).toBeUndefined();
  });

  it('has the genesis that is built from its time, salt, commitment and key', () => {
    const content = { Version: 2, Consensus, Authority: authority.key } as const;
    expect(JSON.stringify(buildGenesis(genesis.Timestamp, content))).toBe(JSON.stringify(chain[0]));
  });

  it.each(readDrawn(chain).map((block) => [block.Index, block] as const))(
    'has the block %i that is built from its pool, in whatever order the candidates came',
    (index, block) => {
      const candidates = (pools[index - 1] ?? []).map(({ Validator, Stake, BPM }) => {
        return { validator: Validator, stake: BigInt(Stake), payload: BPM };
      });
      for (const order of [candidates, [...candidates].reverse()]) {
        const pool = frozen(order);
        const forged = buildBlock({
          index,
          timestamp: block.Timestamp,
          prevHash: block.PrevHash,
          chainId: genesis.Hash,
          authority,
          reveal: block.Draw.Reveal,
          nextCommitment: block.NextCommitment,
          pool,
          tree: runToEnd(SumTree.grow(pool.leaves)),
        });
        expect(JSON.stringify(forged)).toBe(JSON.stringify(chain[index]));
      }
    },
  );

  it('reveals, from its last link to its commitment, the links that are made from the last one', () => {
    const { Salt, Commitment, Links } = Consensus;
    let link = secrets.lastLink;
    for (let index = Links; index > 0; index--) {
      expect(readDrawn(chain)[index - 1]?.Draw.Reveal).toBe(link);
      link = previousLink(Salt, index, link);
    }
    expect(link).toBe(Commitment);
  });
});
