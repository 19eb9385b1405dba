import { meets, type Retarget, retarget, slide, type TimedBlock } from '../../src/consensus/work/difficulty.ts';
import type { Block, GenesisLedger } from '../../src/core/block.ts';
import { contentHash, type WorkContent, workHash } from '../../src/core/block-hash.ts';
import { buildGenesis, minedBlock, signedBlock } from '../../src/core/build-block.ts';
import { timestampMs } from '../../src/core/timestamp.ts';
import { authority, hexOf } from './build-chain.ts';

const startMs = Date.UTC(2026, 0, 1);

function timeAfter(ms: number): string {
  return new Date(startMs + ms).toISOString();
}

/** An instant chain: a block for each BPM, a second apart. */
export function buildInstantChain(bpms: readonly number[]): readonly Block[] {
  const genesis = buildGenesis(timeAfter(0), {
    Version: 2,
    Consensus: { Kind: 'instant' },
    Authority: authority.key,
  });
  const chain: Block[] = [genesis];
  for (const [place, BPM] of bpms.entries()) {
    const PrevHash = chain[place]?.Hash ?? '';
    const content = {
      Index: place + 1,
      Timestamp: timeAfter((place + 1) * 1000),
      BPM,
      PrevHash,
      Validator: hexOf(place),
    };
    chain.push(signedBlock(content, genesis.Hash, authority));
  }
  return chain;
}

/** A chain of work whose blocks take so many milliseconds each. The difficulties stay small enough for a test. */
export function buildWorkChain(spansMs: readonly number[], difficulty: bigint, intervalMs: number): readonly Block[] {
  const genesis = buildGenesis(timeAfter(0), {
    Version: 2,
    Consensus: { Kind: 'work', Difficulty: String(difficulty), IntervalMs: intervalMs },
  });
  const chain: Block[] = [genesis];
  let window: readonly TimedBlock[] = [{ timeMs: timestampMs(genesis.Timestamp), difficulty }];
  let sinceMs = 0;
  for (const [place, spanMs] of spansMs.entries()) {
    const next: Retarget = retarget(window, intervalMs);
    sinceMs += spanMs;
    const block = minedBlock(
      ...found({
        Index: place + 1,
        Timestamp: timeAfter(sinceMs),
        BPM: place,
        PrevHash: chain[place]?.Hash ?? '',
        Validator: hexOf(place),
        Work: { Difficulty: String(next.difficulty) },
      }),
    );
    chain.push(block);
    window = slide(window, { timeMs: timestampMs(block.Timestamp), difficulty: next.difficulty });
  }
  return chain;
}

/** The content of a block and the first nonce that makes it hold. */
function found(content: WorkContent): [WorkContent, number] {
  const hash = contentHash(content);
  let nonce = 0;
  while (!meets(workHash(hash, nonce), BigInt(content.Work.Difficulty))) nonce += 1;
  return [content, nonce];
}

/** A ledger with one account, for a genesis. */
export const smallLedger: GenesisLedger = {
  Reward: '50',
  MinFee: '0',
  Unbonding: 10,
  Accounts: [[hexOf('faucet'), '1000', '1']],
};
