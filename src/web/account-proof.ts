import { runToEnd } from '../base/run-to-end.ts';
import { type Block, isGenesis, type LedgerSummary } from '../core/block.ts';
import { authorityText, blockHash, genesisHash } from '../core/block-hash.ts';
import type { VerifySignature } from '../core/keys.ts';
import { parseGenesisBlock } from '../core/parse-genesis.ts';
import { hashUp } from '../core/sum-tree.ts';
import { accountLeaf, parseAccount } from '../ledger/account.ts';
import { LedgerState } from '../ledger/ledger-state.ts';
import { type AccountProof, findAccountProofFault } from '../ledger/proof.ts';
import type { BlockStep } from './block-steps.ts';

/** The proof of an account, the block that it leads to, and the genesis, which names whose signature that block needs. None of it is trusted. */
export interface AccountEvidence {
  readonly proof: AccountProof;
  readonly block: Block;
  readonly genesis: unknown;
}

/** What of an account does not hold. */
export interface AccountFault {
  readonly rule: BlockStep['rule'];
  readonly why: string;
}

/** The first step of a proof that does not hold; undefined where the account is proved, as far as its block can be believed. */
export function findAccountFault(
  { proof, block, genesis }: AccountEvidence,
  verifySignature: VerifySignature,
): AccountFault | undefined {
  const ledger = ledgerBehind(block);
  if (ledger === undefined) return { rule: 'form', why: 'the block tells of no ledger' };
  if (block.Index !== proof.Index) return { rule: 'index', why: `the proof is of block ${proof.Index}` };
  const fault = findAccountProofFault(proof, ledger);
  if (fault !== undefined) return { rule: 'state', why: fault };
  if (block.Hash !== hashOf(block)) return { rule: 'hash', why: 'the hash of the block is not that of what it holds' };
  const signed = signedBy(genesis, block);
  if (signed !== undefined && !verifySignature(signed.key, signed.text, signed.signature)) {
    return { rule: 'signature', why: 'the key of the authority has not signed this block' };
  }
  return undefined;
}

/** The steps of a proof with their numbers, from the leaf of the account to the signature of the block. */
export function explainAccount({ proof, block, genesis }: AccountEvidence): readonly BlockStep[] {
  const parsed = parseAccount(proof.Account);
  const ledger = ledgerBehind(block);
  if ('why' in parsed || ledger === undefined) return [];
  let node = accountLeaf(parsed.value);
  const path: (readonly [string, string])[] = [[`its leaf, ${node.sum} tokens, of all that it says`, node.hash]];
  for (const step of proof.Path) {
    node = hashUp(node, step);
    path.push([`with ${step.Stake} tokens on its ${step.Side}, ${node.sum}`, node.hash]);
  }
  const signed = signedBy(genesis, block);
  return [
    {
      rule: 'state',
      title: `It is account ${proof.Number} of the ${ledger.Accounts} behind block ${block.Index}`,
      numbers: [
        ['key, balance, bonded, unbonding, release, since, nonce', proof.Account.join(', ')],
        ...path,
        ['StateRoot, as the block says', ledger.StateRoot],
        ['tokens of all accounts, as the block says', ledger.Supply],
      ],
    },
    {
      rule: 'hash',
      title: 'StateRoot is part of what the block holds',
      numbers: [
        ['hash, recomputed', hashOf(block)],
        ['hash, as it says', block.Hash],
      ],
    },
    ...(signed === undefined
      ? []
      : [
          {
            rule: 'signature' as const,
            title: 'The server that began this chain has signed the block',
            numbers: [
              ['what was signed', signed.text],
              ['key of the authority, from block 0', signed.key],
              ['signature', signed.signature],
            ] as const,
          },
        ]),
  ];
}

/** Accounts, tokens and StateRoot behind a block; undefined in a chain without a ledger. Block 0 names the accounts themselves. */
function ledgerBehind(block: Block): Pick<LedgerSummary, 'Accounts' | 'Supply' | 'StateRoot'> | undefined {
  if (!isGenesis(block)) return block.Ledger;
  const { Ledger } = block.Genesis;
  if (Ledger === undefined) return undefined;
  const { accountCount, root } = runToEnd(LedgerState.ofGenesis(Ledger));
  return { Accounts: accountCount, Supply: String(root.sum), StateRoot: root.hash };
}

function hashOf(block: Block): string {
  return isGenesis(block) ? genesisHash(block.Timestamp, block.Genesis) : blockHash(block);
}

/** What the authority has signed of a block; undefined where blocks need no signature. */
function signedBy(
  genesis: unknown,
  block: Block,
): { readonly key: string; readonly text: string; readonly signature: string } | undefined {
  const parsed = parseGenesisBlock(genesis);
  if ('why' in parsed || !('Signature' in block) || !('Authority' in parsed.value.Genesis)) return undefined;
  const { Hash, Genesis } = parsed.value;
  return { key: Genesis.Authority, text: authorityText(Hash, block.Index, block.Hash), signature: block.Signature };
}
