import type { Draw, GenesisLedger, LedgerSummary } from '../../src/core/block.ts';
import type { LedgerBody } from '../../src/ledger/judge-block.ts';
import { type LedgerTerms, ledgerTerms } from '../../src/ledger/ledger-rules.ts';
import type { AccountProof } from '../../src/ledger/proof.ts';
import type { Transaction } from '../../src/ledger/transaction.ts';
import { readSharedText } from '../shared.ts';

interface WorkedGenesis {
  readonly Hash: string;
  readonly Genesis: {
    readonly Consensus: { readonly Kind: 'lottery' | 'work' | 'instant' };
    readonly Ledger: GenesisLedger;
  };
}

interface WorkedBlock {
  readonly Index: number;
  readonly Validator: string;
  readonly Ledger: LedgerSummary;
  readonly Draw?: Draw;
}

interface Wallet {
  readonly i: number;
  readonly name: string;
  readonly secret: string;
  readonly key: string;
}

/** A chain with a ledger, what lies beside its blocks, and what it was made from. */
export interface WorkedChain {
  readonly secrets: { readonly words: string; readonly wallets: readonly Wallet[] };
  readonly genesis: WorkedGenesis;
  readonly terms: LedgerTerms;
  /** The blocks behind the genesis. */
  readonly blocks: readonly WorkedBlock[];
  /** What lies beside each of them. */
  readonly bodies: readonly (LedgerBody & { readonly Transactions: readonly Transaction[] })[];
  readonly proofs: readonly AccountProof[];
}

/** Reads a chain of the folder of worked chains. */
export function readWorkedChain(name: string): WorkedChain {
  const { secrets, blocks, bodies, proofs = [] } = JSON.parse(readSharedText(`examples/${name}`));
  const [genesis, ...rest] = blocks;
  return { secrets, genesis, terms: termsOf(genesis), blocks: rest, bodies: bodies.slice(1), proofs };
}

export interface RefusedCase {
  readonly change: string;
  readonly from: string;
  readonly block: number;
  readonly rule: string;
  readonly genesis: WorkedGenesis;
  readonly terms: LedgerTerms;
  readonly blocks: readonly WorkedBlock[];
  readonly bodies: readonly LedgerBody[];
}

/** The chains of that folder whose last block breaks a rule of the ledger. */
export function readRefusedCases(): readonly RefusedCase[] {
  const { cases } = JSON.parse(readSharedText('examples/refused.json') || '{"cases":[]}');
  return cases
    .filter(({ rule }: RefusedCase) => rule === 'transactions' || rule === 'state')
    .map(({ blocks, bodies, ...rest }: { blocks: [WorkedGenesis, ...WorkedBlock[]]; bodies: LedgerBody[] }) => {
      const [genesis, ...behind] = blocks;
      return { ...rest, genesis, terms: termsOf(genesis), blocks: behind, bodies: bodies.slice(1) };
    });
}

function termsOf({ Hash, Genesis }: WorkedGenesis): LedgerTerms {
  return ledgerTerms(Hash, Genesis.Consensus.Kind, Genesis.Ledger);
}
