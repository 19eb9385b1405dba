import { isDeepStrictEqual } from 'node:util';
import { runToEnd } from '../../src/base/run-to-end.ts';
import { parseSignedBody } from '../../src/consensus/signed-body.ts';
import { ChainVerifier, type CheckedBlock, type Tip } from '../../src/consensus/verifier.ts';
import { type GenesisLedger, isGenesis } from '../../src/core/block.ts';
import { parseExact } from '../../src/core/exact-json.ts';
import type { VerifySignature } from '../../src/core/keys.ts';
import type { LedgerTerms } from '../../src/ledger/ledger-rules.ts';
import { type LedgerChange, LedgerState } from '../../src/ledger/ledger-state.ts';
import { type Transaction, transactionId } from '../../src/ledger/transaction.ts';
import type { BlockStore } from '../../src/node/ports.ts';
import { NaiveLedger } from '../ledger/naive-ledger.ts';

/**
 * What must hold of a stored chain with a ledger: it is valid by all that lies beside it, a ledger without any haste agrees with every block, no
 * transaction is in it twice, tokens come by rewards and go by burns only, and undoing its blocks one by one leads back to the genesis.
 */
export async function findBrokenLedger(
  store: BlockStore,
  verifySignature: VerifySignature,
): Promise<readonly string[]> {
  const verifier = new ChainVerifier(verifySignature);
  let history: History | undefined;
  for (let index = 0; index <= store.height; index++) {
    const body = await bodyOf(store, index);
    const checked = verifier.nextText((await store.block(index)) ?? '', body);
    if ('fault' in checked) return [`block ${index} breaks ${checked.fault.rule}: ${checked.fault.why}`];
    const { terms } = checked.tip.ledger ?? {};
    if (terms === undefined) return ['there is no ledger'];
    const { block } = checked;
    if (isGenesis(block)) history = new History(terms, block.Genesis.Ledger?.Accounts ?? []);
    else history?.add(checked, parseSignedBody(body)?.Transactions ?? []);
  }
  if (history === undefined) return ['there is no genesis'];
  for (const [id, index] of history.places) {
    const found = await store.blockOfTransaction(id);
    if (found !== index) history.broken.push(`transaction ${id} of block ${index} is looked for in block ${found}`);
  }
  if (!isDeepStrictEqual(await store.accounts(), [...(verifier.state?.accounts() ?? [])])) {
    history.broken.push('the stored accounts are not those behind the last block');
  }
  history.undo();
  return history.broken;
}

/** Where a branch begins, and what of the chain it would replace. */
export interface BranchPoint {
  readonly tip: Tip;
  readonly state: LedgerState | undefined;
  /** The transactions of the blocks behind it. */
  readonly removed: readonly Transaction[];
}

/** What is needed to begin a branch behind block `fork`. */
export async function readBranch(
  store: BlockStore,
  fork: number,
  verifySignature: VerifySignature,
): Promise<BranchPoint> {
  const verifier = new ChainVerifier(verifySignature);
  const removed: Transaction[] = [];
  for (let index = 0; index <= store.height; index++) {
    const body = await bodyOf(store, index);
    if (index <= fork) verifier.nextText((await store.block(index)) ?? '', body);
    else removed.push(...(parseSignedBody(body)?.Transactions ?? []));
  }
  const { tip, state } = verifier;
  if (tip?.index !== fork) throw new Error(`block ${fork} does not hold`);
  return { tip, state, removed };
}

/** What lies beside a block of a ledger. */
async function bodyOf(store: BlockStore, index: number): Promise<object> {
  const json = parseExact((await store.signedBodyText(index)) ?? '{}');
  return typeof json === 'object' && json !== null ? json : {};
}

/** The blocks of a chain one after the other, and all the way back. */
class History {
  readonly broken: string[] = [];
  /** The blocks of all transactions. */
  readonly places = new Map<string, number>();
  readonly #terms: LedgerTerms;
  readonly #naive: NaiveLedger;
  readonly #state: LedgerState;
  /** What leads from behind each block to behind the one before. */
  readonly #undos: LedgerChange[] = [];
  #supply: bigint;

  constructor(terms: LedgerTerms, Accounts: GenesisLedger['Accounts']) {
    this.#terms = terms;
    this.#naive = new NaiveLedger(terms, Accounts);
    this.#state = runToEnd(LedgerState.ofGenesis({ Accounts }));
    this.#supply = this.#naive.supply;
  }

  add({ block, change }: CheckedBlock, transactions: readonly Transaction[]): void {
    const { Index } = block;
    if (isGenesis(block) || change === undefined) throw new Error(`block ${Index} changes no ledger`);
    this.#undos.push(this.#state.swap(change));
    let fees = 0n;
    for (const transaction of transactions) {
      const id = transactionId(this.#terms.chainId, transaction);
      if (this.places.has(id)) this.broken.push(`transaction ${id} is in two blocks`);
      this.places.set(id, Index);
      const burned = this.#naive.apply(Index, transaction);
      if (burned === undefined) this.broken.push(`block ${Index} has a transaction that is not valid`);
      this.#supply -= burned ?? 0n;
      fees += BigInt(transaction.Fee);
    }
    this.#naive.reward(Index, block.Validator, fees);
    this.#supply += this.#terms.reward;
    const { StateRoot, Supply } = block.Ledger ?? {};
    if (this.#naive.root !== StateRoot) this.broken.push(`block ${Index} has another state than a naive ledger`);
    if (String(this.#supply) !== Supply) this.broken.push(`block ${Index} has ${Supply} tokens, not ${this.#supply}`);
    const isNegative = this.#naive.accounts.some(
      ({ balance, bonded, unbonding }) => balance < 0n || bonded < 0n || unbonding < 0n,
    );
    if (isNegative) this.broken.push(`an account has less than nothing behind block ${Index}`);
  }

  /** Goes back to the genesis, looking behind each block whether its tree is that of its accounts. */
  undo(): void {
    for (const undo of this.#undos.toReversed()) {
      this.#state.swap(undo);
      const { index } = this.#state;
      const anew = runToEnd(LedgerState.restore(index, this.#state.accounts()));
      const isSame = isDeepStrictEqual(treeOf(this.#state), treeOf(anew));
      if (!isSame) this.broken.push(`undoing block ${index + 1} leads to another tree than that of its accounts`);
    }
  }
}

/** The root, and all that proofs are made of. */
function treeOf(state: LedgerState): readonly unknown[] {
  return [state.root, ...Array.from({ length: state.accountCount }, (_, number) => state.inclusionProof(number))];
}
