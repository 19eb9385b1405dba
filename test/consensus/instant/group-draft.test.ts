import { describe, expect, it } from 'vitest';
import { GroupDraft } from '../../../src/consensus/instant/group-draft.ts';
import type { GroupSigner } from '../../../src/core/keys.ts';
import { Chain } from '../../../src/node/chain.ts';
import { makeGenesis } from '../../../src/node/open-engine.ts';
import { MemoryStore } from '../../../src/storage/memory-store.ts';
import { hexOf, verifySignature } from '../../core/build-chain.ts';
import { SimulatedClock } from '../../sim/simulated-clock.ts';
import { SimulatedSecrets } from '../../sim/simulated-secrets.ts';

/** An empty instant chain, and what it had to verify since. */
async function open(change: Partial<GroupSigner> = {}) {
  const clock = new SimulatedClock();
  const secrets = new SimulatedSecrets(1, 1);
  const verified: string[] = [];
  const chain = await Chain.open({
    clock,
    store: new MemoryStore(),
    listener: { onEvent: () => undefined },
    verifySignature: (key, message, signature) => {
      verified.push(signature);
      return verifySignature(key, message, signature);
    },
  });
  const tip = await chain.found(await makeGenesis({ clock, secrets }, { kind: 'instant' }, 1));
  const authority = { ...secrets.authority(''), ...change };
  const draft = new GroupDraft(clock, authority, tip.chainId, tip);
  for (const payload of [70, 71, 72]) draft.add({ validator: hexOf('ada'), stake: 0n, payload });
  return { chain, draft, verified, clock };
}

const detail = () => ({ receipts: { size: 1, of: () => undefined } });

describe('a draft of a group of instant blocks', () => {
  it('becomes blocks that a stranger finds valid, in the order in which they were added', async () => {
    const { chain, draft, verified, clock } = await open();
    const stored = await draft.signed();
    const [fault] = await Promise.all([chain.acceptAll(stored, detail), clock.pass(0)]);
    expect(fault).toBeUndefined();
    expect(verified).toEqual(stored.map(({ block }) => block.Signature));
    expect(stored.map(({ block }) => [block.Index, block.BPM])).toEqual([
      [1, 70],
      [2, 71],
      [3, 72],
    ]);
    expect(draft.end).toEqual({ index: 3, hash: chain.tip?.hash, timestamp: chain.tip?.timestamp });
  });

  it('spares the verification of the very signatures that were made for it, and of no others', async () => {
    const { chain, draft, verified, clock } = await open();
    const stored = await draft.signed();
    const [own, changed, foreign] = stored;
    if (own === undefined || changed === undefined || foreign === undefined) throw new Error('three were added');
    const text = changed.text.replace(changed.block.Signature, foreign.block.Signature);
    const [fault] = await Promise.all([
      chain.acceptAll([own, { ...changed, text }], detail, (...signed) => draft.hasSigned(...signed)),
      clock.pass(0),
    ]);
    expect(fault).toMatchObject({ index: 2, rule: 'signature' });
    expect(verified).toEqual([foreign.block.Signature]);
    expect(chain.height).toBe(0);
    expect(draft.hasSigned(hexOf('another key'), '', own.block.Signature)).toBe(false);
  });

  it('gives no blocks when one of them could not be signed', async () => {
    const { draft } = await open({ signAll: () => Promise.reject(new Error('no thread')) });
    await expect(draft.signed()).rejects.toThrow('no thread');
  });
});
