import { escapeForDisplay } from '../../base/escape-for-display.ts';
import { meets } from '../../consensus/work/difficulty.ts';
import type { Block, GenesisBlock, SealedBlock } from '../../core/block.ts';
import { authorityText, blockHash, genesisHash } from '../../core/block-hash.ts';
import { formOf, parseBlock } from '../../core/parse-block.ts';
import { parseGenesisBlock } from '../../core/parse-genesis.ts';
import { addressOf } from '../../ledger/address.ts';
import { type AccountProof, findAccountProofFault, parseAccountProof } from '../../ledger/proof.ts';
import { nativeVerifier } from '../../platform/ed25519.ts';
import { memberOf } from '../answer-reader.ts';
import { FailedError } from '../command-error.ts';
import type { NodeConnection } from '../node-connection.ts';

/** A proof of an account that was checked: for programs, and in words. */
export interface CheckedProof {
  readonly json: { readonly Genesis: GenesisBlock; readonly Block: Block; readonly Proof: AccountProof };
  readonly words: string;
}

/** Asks a server for the proof of an account and checks it. Throws a FailedError where it proves nothing. */
export async function readProof(node: NodeConnection, key: string): Promise<CheckedProof> {
  const answer = await node.call('getproof', [key]);
  const genesis = parseGenesisBlock(await node.call('getblock', [0]));
  if ('why' in genesis) throw unproven(`what it calls block 0 is none: ${genesis.why}`);
  const { Timestamp, Genesis, Hash } = genesis.value;
  if (genesisHash(Timestamp, Genesis) !== Hash) throw unproven('the hash of block 0 is not that of what it says');
  const { Block: blockJson, ...proofJson } = members(answer);
  const proof = parseAccountProof(proofJson);
  if ('why' in proof) throw unproven(proof.why);
  if (proof.value.Account[0] !== key) throw unproven(`it is that of another account, ${proof.value.Account[0]}`);
  const block = parseBlock(blockJson, proof.value.Index);
  if ('why' in block) throw unproven(`the block that it names is none: ${block.why}`);
  if ('Genesis' in block.value) throw unproven('block 0 has no StateRoot: ask again when there is another block');
  const fault = findBlockFault(genesis.value, block.value) ?? findProofFault(proof.value, block.value);
  if (fault !== undefined) throw unproven(fault);
  return {
    json: { Genesis: genesis.value, Block: block.value, Proof: proof.value },
    words: proofText(genesis.value, block.value, proof.value),
  };
}

function findProofFault(proof: AccountProof, { Index, Ledger }: SealedBlock): string | undefined {
  if (Ledger === undefined) return `block ${Index} has no ledger`;
  return proof.Index === Index ? findAccountProofFault(proof, Ledger) : `it is against another block than ${Index}`;
}

/** What of a block can be seen to be wrong without those before it; undefined where nothing can. */
function findBlockFault({ Hash: chainId, Genesis }: GenesisBlock, block: SealedBlock): string | undefined {
  const { Index, Hash } = block;
  if (formOf(Genesis).kind !== kindOf(block)) return `block ${Index} is of another kind than its chain`;
  if (blockHash(block) !== Hash) return `the hash of block ${Index} is not that of what it says`;
  if ('Work' in block) {
    return meets(Hash, BigInt(block.Work.Difficulty)) ? undefined : `the hash of block ${Index} shows too little work`;
  }
  const authority = 'Authority' in Genesis ? Genesis.Authority : '';
  const isSigned = nativeVerifier()(authority, authorityText(chainId, Index, Hash), block.Signature);
  return isSigned ? undefined : `block ${Index} is not signed by the Authority of block 0`;
}

function kindOf(block: SealedBlock): string {
  if ('Work' in block) return 'work';
  return 'Draw' in block ? 'lottery' : 'instant';
}

function proofText(genesis: GenesisBlock, block: SealedBlock, { Account, Number: place, Path }: AccountProof): string {
  const [key, balance, bonded, unbonding] = Account;
  const sealedBy =
    'Work' in block ? `shows work of difficulty ${block.Work.Difficulty}` : 'is signed by the Authority of block 0';
  return `${addressOf(key)}
  balance  ${balance}, at stake ${bonded}, unbonding ${unbonding}
  proved   ${Path.length} hashes lead from account number ${place} to StateRoot and to the supply of ${block.Ledger?.Supply}
  block    ${block.Index} ${sealedBy}, and its hash is ${block.Hash}
  chain    ${genesis.Hash}
`;
}

function members(json: unknown): Readonly<Record<string, unknown>> {
  const Block = memberOf(json, 'Block');
  return typeof json === 'object' && json !== null ? { ...json, Block } : { Block };
}

function unproven(why: string): FailedError {
  return new FailedError(
    `what the server sent proves nothing: ${escapeForDisplay(Buffer.from(why).toString('latin1'))}`,
  );
}
