import { runToEnd } from '../../../base/run-to-end.ts';
import type { Signer, VerifySignature } from '../../../core/keys.ts';
import { BlockDraft } from '../../../ledger/block-draft.ts';
import type { SignedCandidate } from '../../../ledger/candidate.ts';
import { LedgerRules, ledgerTerms } from '../../../ledger/ledger-rules.ts';
import { LedgerState } from '../../../ledger/ledger-state.ts';
import { signTransaction, type TransactionRequest } from '../../../ledger/transaction.ts';

/** This program's own ledger in memory, without rewards, so that only what burns changes the supply. */
export class ReportedLedger {
  readonly chainId: string;
  readonly #rules: LedgerRules;
  readonly #state: LedgerState;
  #draft: BlockDraft;

  /** Every one of the signers has the same stake. */
  constructor(chainId: string, signers: readonly Signer[], stake: bigint, unbonding: number, verify: VerifySignature) {
    const Accounts = signers.map(({ key }) => [key, '0', String(stake)] as const);
    const terms = ledgerTerms(chainId, 'lottery', { Reward: '0', MinFee: '0', Unbonding: unbonding });
    this.chainId = chainId;
    this.#rules = new LedgerRules(terms, verify);
    this.#state = runToEnd(LedgerState.ofGenesis({ Accounts }));
    this.#draft = new BlockDraft(this.#state, terms);
  }

  get nextIndex(): number {
    return this.#draft.index;
  }

  /** All tokens behind the last block. */
  get supply(): bigint {
    return this.#state.root.sum;
  }

  /** The tickets of a validator in the next block. */
  stakeOf(key: string): bigint {
    return this.#draft.stakeOf(key);
  }

  /** Whether the next block takes a report with this evidence. */
  report(reporter: Signer, evidence: readonly SignedCandidate[]): boolean {
    return this.#submit(reporter, { Kind: 'report', Evidence: evidence, ...this.#common(reporter) });
  }

  unbond(validator: Signer, amount: bigint): void {
    const request = { Kind: 'unbond', Amount: String(amount), ...this.#common(validator) } as const;
    if (!this.#submit(validator, request)) throw new Error('what is bonded can be unbonded');
  }

  /** Puts what was taken into a block. Whose it is does not matter without rewards and fees. */
  makeBlock(): void {
    const [first] = this.#state.accounts();
    if (first === undefined) throw new Error('a ledger has accounts');
    this.#state.swap(runToEnd(this.#draft.finish(first.key)).change);
    this.#draft = new BlockDraft(this.#state, this.#rules.terms);
  }

  #common({ key }: Signer): Pick<TransactionRequest, 'Fee' | 'Nonce' | 'Until'> {
    return { Fee: '0', Nonce: this.#draft.accountOf(key)?.nonce ?? 0, Until: this.nextIndex };
  }

  #submit(sender: Signer, request: TransactionRequest): boolean {
    const checked = this.#rules.checkTransaction(signTransaction(this.chainId, request, sender));
    return !('why' in checked) && this.#draft.add(checked.value) === undefined;
  }
}
