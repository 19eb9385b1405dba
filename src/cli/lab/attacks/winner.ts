import { hash } from 'node:crypto';
import type { Rule } from '../../../consensus/consensus.ts';
import { findFault } from '../../../consensus/verifier.ts';
import type { Block } from '../../../core/block.ts';
import { nativeVerifier } from '../../../platform/ed25519.ts';
import { coverUp } from '../tamper/cover-up.ts';
import { withValue } from '../tamper/field.ts';
import type { Attack, Measure } from './attack.ts';
import { ChainBuilder, candidateNamed } from './chain-builder.ts';

const rounds = 50;
const names = ['Alice', 'Bob', 'Carol'] as const;
const thief = candidateNamed('Mallory', 1n).validator;

/** A block whose hash leaves its winner out: put another one there. */
export const winner: Attack = {
  name: 'winner',
  title: 'the winner is missing from the hash: swap it unnoticed',
  flaw: 'The block of a well-known tutorial has a Validator, but its hash is made of Index, Timestamp, BPM and PrevHash only. The chain looks tamper-proof, every check is green, and the one thing that matters, who won, can be overwritten by anybody who holds the file.',
  cure: 'The Hash covers every field, the winner and the whole draw included. The winner is also a leaf of the sum tree: its address, stake and BPM must lead to the published PoolRoot. And every Hash is signed with a key that block 0 names, so a stranger ends there. The operator, who has the key and repairs all that can be computed, gets another chain, with another Hash at its end than the one that everybody has received.',
  run(seed) {
    return { flawed: swapInFlawed(), ours: swapInOurs(seed) };
  },
};

interface FlawedBlock {
  readonly index: number;
  readonly timestamp: string;
  readonly bpm: number;
  readonly hash: string;
  readonly prevHash: string;
  readonly validator: string;
}

function swapInFlawed(): readonly Measure[] {
  const chain: FlawedBlock[] = [];
  for (let index = 0; index <= rounds; index++) {
    const content = {
      index,
      timestamp: `2026-01-01 00:${String(index).padStart(2, '0')}`,
      bpm: 60 + index,
      prevHash: chain.at(-1)?.hash ?? '',
      validator: names[index % names.length] ?? '',
    };
    chain.push({ ...content, hash: flawedHash(content) });
  }
  const unnoticed = chain.slice(1).filter(({ index }) => {
    const swapped = chain.map((block) => (block.index === index ? { ...block, validator: thief } : block));
    return isFlawedChainValid(swapped);
  });
  return [{ what: 'another winner written in, unnoticed', value: `${unnoticed.length} of ${rounds} blocks` }];
}

function flawedHash({ index, timestamp, bpm, prevHash }: Omit<FlawedBlock, 'hash'>): string {
  return hash('sha256', `${index}${timestamp}${bpm}${prevHash}`);
}

function isFlawedChainValid(chain: readonly FlawedBlock[]): boolean {
  return chain.every((block, place) => {
    const before = chain[place - 1];
    const follows = before === undefined || (block.index === before.index + 1 && block.prevHash === before.hash);
    return follows && block.hash === flawedHash(block);
  });
}

function swapInOurs(seed: string): readonly Measure[] {
  const builder = new ChainBuilder(seed, rounds);
  const chain: Block[] = [builder.genesis];
  for (const { Index, Hash } of chain) {
    if (Index === rounds) break;
    chain.push(
      builder.draw(
        { Index, Hash },
        names.map((name) => candidateNamed(name, 100n)),
      ),
    );
  }
  const verifySignature = nativeVerifier();
  const trueHash = chain.at(-1)?.Hash;
  const caught: (Rule | undefined)[] = [];
  let unsigned = 0;
  let repaired = 0;
  let otherHash = 0;
  for (const { Index } of chain.slice(1)) {
    const swapped = chain.map((block) => (block.Index === Index ? withValue(block, 'Validator', thief) : block));
    caught.push(findFault(swapped, verifySignature)?.rule);
    const signature = coverUp(swapped, Index, 'Validator', verifySignature).end?.fault.rule === 'signature';
    if (signature) unsigned += 1;
    // As the operator could, who has the key and can sign anything.
    const coverUpResult = coverUp(swapped, Index, 'Validator', () => true);
    repaired += coverUpResult.repairs.length;
    if (coverUpResult.end !== undefined || !JSON.stringify(coverUpResult.chain.at(-1)).includes(`"Hash":"${trueHash}"`))
      otherHash += 1;
  }
  const unnoticed = caught.filter((rule) => rule === undefined).length;
  return [
    { what: 'another winner written in, unnoticed', value: `${unnoticed} of ${rounds} blocks` },
    { what: 'with every hash repaired, ended by the signature', value: `${unsigned} of ${rounds} blocks` },
    {
      what: 'fields repaired by an operator who signs it all anew',
      value: `${Math.round(repaired / rounds)} on average`,
    },
    { what: 'and then seen by whoever knows the last Hash', value: `${otherHash} of ${rounds}` },
  ];
}
