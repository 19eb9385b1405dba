import type { GenesisBlock } from '../core/block.ts';
import type { SealRules } from './consensus.ts';
import { InstantRules } from './instant/instant-rules.ts';
import { LotteryRules } from './lottery/lottery-rules.ts';
import { WorkRules } from './work/work-rules.ts';

/** The rules that the seal of block 1 must satisfy, by what the genesis says of how the chain is made. */
export function sealRulesOf(genesis: GenesisBlock): SealRules {
  const { Consensus } = genesis.Genesis;
  switch (Consensus.Kind) {
    case 'lottery':
      return LotteryRules.afterGenesis(genesis, Consensus);
    case 'work':
      return WorkRules.afterGenesis(Consensus, genesis.Timestamp);
    case 'instant':
      return new InstantRules();
  }
}
