import { describe, expect, it } from 'vitest';
import { forgeBlock, forgeGenesis } from '../../src/core/block.ts';
import { linkBefore } from '../../src/core/links.ts';
import { finished } from '../../src/core/steps.ts';
import { SumTree } from '../../src/core/sum-tree.ts';
import { findFault } from '../../src/core/verify.ts';
import { readChain, readDrawn, readExample } from './example.ts';
import { frozen } from './forge.ts';

const { chain, pools } = readExample();
const [genesis] = readChain(chain);
if (genesis === undefined || !('Genesis' in genesis)) throw new Error('the example has no genesis');

describe('the worked chain of the specification', () => {
  it('holds', () => {
    expect(findFault(chain)).toBeUndefined();
  });

  it('has the genesis that is forged from its time, salt and commitment', () => {
    expect(JSON.stringify(forgeGenesis(genesis.Timestamp, genesis.Genesis))).toBe(JSON.stringify(chain[0]));
  });

  it.each(readDrawn(chain).map((block) => [block.Index, block] as const))(
    'has the block %i that is forged from its pool, in whatever order the candidates came',
    (index, block) => {
      const candidates = (pools[index - 1] ?? []).map(({ Validator, Stake, BPM }) => {
        return { validator: Validator, stake: BigInt(Stake), bpm: BPM };
      });
      for (const order of [candidates, [...candidates].reverse()]) {
        const pool = frozen(order);
        const forged = forgeBlock({
          index,
          timestamp: block.Timestamp,
          prevHash: block.PrevHash,
          genesisHash: genesis.Hash,
          reveal: block.Draw.Reveal,
          nextCommitment: block.NextCommitment,
          pool,
          tree: finished(SumTree.grow(pool.leaves)),
        });
        expect(JSON.stringify(forged)).toBe(JSON.stringify(chain[index]));
      }
    },
  );

  it('reveals, from its last link to its commitment, the links that are made from the last one', () => {
    let link = readDrawn(chain).at(-1)?.Draw.Reveal ?? '';
    for (let index = genesis.Genesis.Links; index > 0; index--) {
      expect(readDrawn(chain)[index - 1]?.Draw.Reveal).toBe(link);
      link = linkBefore(genesis.Genesis.Salt, index, link);
    }
    expect(link).toBe(genesis.Genesis.Commitment);
  });
});
