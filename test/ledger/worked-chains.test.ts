import { describe, expect, it } from 'vitest';
import { runToEnd } from '../../src/base/run-to-end.ts';
import { BlockDraft } from '../../src/ledger/block-draft.ts';
import { signCandidate } from '../../src/ledger/candidate.ts';
import { findSummaryFault } from '../../src/ledger/find-summary-fault.ts';
import { judgeBlock } from '../../src/ledger/judge-block.ts';
import { LedgerRules } from '../../src/ledger/ledger-rules.ts';
import { type LedgerChange, LedgerState } from '../../src/ledger/ledger-state.ts';
import {
  findAccountProofFault,
  findTransactionProofFault,
  parseAccountProof,
  parseTransactionProof,
  proveAccount,
  proveTransaction,
} from '../../src/ledger/proof.ts';
import { signTransaction } from '../../src/ledger/transaction.ts';
import { nativeVerifier, signerOf } from '../../src/platform/ed25519.ts';
import { sharedFolder, sharedWord } from '../shared.ts';
import { readRefusedCases, readWorkedChain, type WorkedChain } from './worked-chain.ts';

const verify = nativeVerifier();

/** Judges the blocks of a chain one after another. Returns the fault of the first that has one. */
function judgeChain(
  {
    genesis,
    terms,
    blocks,
    bodies,
  }: Pick<WorkedChain, 'genesis' | 'terms' | 'blocks'> & { readonly bodies: readonly unknown[] },
  onBlock?: (state: LedgerState, undo: LedgerChange) => void,
): string | undefined {
  const rules = new LedgerRules(terms, verify);
  const state = runToEnd(LedgerState.ofGenesis(genesis.Genesis.Ledger));
  for (const [place, block] of blocks.entries()) {
    const judged = runToEnd(judgeBlock(state, rules, block, bodies[place] ?? {}));
    if ('fault' in judged) return `block ${block.Index}, ${judged.fault.rule}`;
    const undo = state.swap(judged.change);
    onBlock?.(state, undo);
  }
  return undefined;
}

describe.skipIf(sharedFolder === undefined).each(['ledger.json', 'work.json'])(
  `${sharedWord}the worked chain %s`,
  (name) => {
    const chain = sharedFolder === undefined ? undefined : readWorkedChain(name);
    if (chain === undefined) return;
    const { genesis, terms, blocks, bodies } = chain;

    it('holds, transaction by transaction and account by account', () => {
      expect(judgeChain(chain)).toBeUndefined();
    });

    it('holds as far as its blocks alone prove', () => {
      let before = {
        Accounts: genesis.Genesis.Ledger.Accounts.length,
        Supply: String(runToEnd(LedgerState.ofGenesis(genesis.Genesis.Ledger)).root.sum),
      };
      for (const { Ledger } of blocks) {
        expect(findSummaryFault(terms, before, Ledger)).toBeUndefined();
        before = Ledger;
      }
    });

    it('is taken back block by block to the genesis, and leads to the same roots again', () => {
      const undos: LedgerChange[] = [];
      let state: LedgerState | undefined;
      judgeChain(chain, (behind, undo) => {
        state = behind;
        undos.push(undo);
      });
      if (state === undefined) throw new Error('the chain has no block');
      const redos = undos.toReversed().map((undo) => state?.swap(undo));
      expect(state.root).toEqual(runToEnd(LedgerState.ofGenesis(genesis.Genesis.Ledger)).root);
      for (const [place, redo] of redos.toReversed().entries()) {
        if (redo !== undefined) state.swap(redo);
        expect(state.root.hash).toBe(blocks[place]?.Ledger.StateRoot);
        expect(String(state.root.sum)).toBe(blocks[place]?.Ledger.Supply);
      }
    });

    it('has the transactions and candidates that are signed with its secrets', () => {
      const signers = new Map(
        chain.secrets.wallets.map(({ secret, key }) => [key, signerOf(Buffer.from(secret, 'hex'))]),
      );
      for (const { Transactions } of bodies) {
        for (const transaction of Transactions) {
          const { From, Signature, ...request } = transaction;
          const signer = signers.get(From);
          if (signer === undefined) throw new Error(`no wallet of ${From}`);
          expect(JSON.stringify(signTransaction(terms.chainId, request, signer))).toBe(JSON.stringify(transaction));
          if (transaction.Kind !== 'report') continue;
          for (const candidate of transaction.Evidence) {
            const validator = signers.get(candidate.Validator);
            if (validator === undefined) throw new Error(`no wallet of ${candidate.Validator}`);
            expect(JSON.stringify(signCandidate(terms.chainId, candidate.Index, candidate.BPM, validator))).toBe(
              JSON.stringify(candidate),
            );
          }
        }
      }
    });

    it('proves each of its transactions, and no other in its place', () => {
      for (const [place, { Transactions }] of bodies.entries()) {
        const summary = blocks[place]?.Ledger;
        if (summary === undefined) throw new Error('more bodies than blocks');
        for (const number of Transactions.keys()) {
          const proof = proveTransaction(terms.chainId, place + 1, Transactions, number);
          expect(findTransactionProofFault(terms.chainId, proof, summary)).toBeUndefined();
          expect(parseTransactionProof(JSON.parse(JSON.stringify(proof)))).toEqual({ value: proof });
          const { Transaction } = proof;
          const forged = { ...proof, Transaction: { ...Transaction, Fee: `${Transaction.Fee}0` } };
          expect(findTransactionProofFault(terms.chainId, forged, summary)).toBeDefined();
          expect(findTransactionProofFault(terms.chainId, { ...proof, Number: number + 1 }, summary)).toBeDefined();
        }
      }
    });

    it('has the account proofs that its states give, which hold', () => {
      const proofs = new Map(chain.proofs.map((proof) => [`${proof.Index} ${proof.Account[0]}`, proof]));
      let count = 0;
      judgeChain(chain, (state) => {
        const summary = blocks[state.index - 1]?.Ledger;
        if (summary === undefined) throw new Error('a state behind no block');
        for (const { key } of state.accounts()) {
          const proof = proveAccount(state, key);
          if (proof === undefined) throw new Error('an account without a proof');
          expect(findAccountProofFault(proof, summary)).toBeUndefined();
          const worked = proofs.get(`${state.index} ${key}`);
          if (worked === undefined) continue;
          expect(proof).toEqual(worked);
          expect(parseAccountProof(JSON.parse(JSON.stringify(worked)))).toEqual({ value: worked });
          count += 1;
        }
      });
      expect(count).toBe(proofs.size);
    });

    it('is made again from its transactions: the same summary, block by block', () => {
      const rules = new LedgerRules(terms, verify);
      const state = runToEnd(LedgerState.ofGenesis(genesis.Genesis.Ledger));
      for (const [place, block] of blocks.entries()) {
        const draft = new BlockDraft(state, terms);
        for (const transaction of bodies[place]?.Transactions ?? []) {
          const checked = rules.checkTransaction(transaction);
          if ('why' in checked) throw new Error(checked.why);
          expect(draft.add(checked.value)).toBeUndefined();
        }
        const { summary, change } = runToEnd(draft.finish(block.Validator));
        expect(JSON.stringify(summary)).toBe(JSON.stringify(block.Ledger));
        state.swap(change);
      }
    });
  },
);

describe('a chain whose last block breaks a rule of the ledger', () => {
  const cases = readRefusedCases();

  it.skipIf(sharedFolder === undefined)(`${sharedWord}is one of many`, () => {
    expect(cases.length).toBeGreaterThanOrEqual(38);
  });

  it.each(cases.map((refused) => [refused.change, refused.rule, refused] as const))(
    'is refused: %s (%s)',
    (_, rule, refused) => {
      expect(judgeChain(refused)).toBe(`block ${refused.block}, ${rule}`);
    },
  );
});
