import { createPublicKey, type KeyObject, verify as nativeVerify } from 'node:crypto';
import { withThousands } from '../../src/base/formatting.ts';
import { runToEnd } from '../../src/base/run-to-end.ts';
import type { Signer } from '../../src/core/keys.ts';
import { parentNode, type SumNode } from '../../src/core/sum-tree.ts';
import { accountLeaf, newAccount } from '../../src/ledger/account.ts';
import { BlockDraft } from '../../src/ledger/block-draft.ts';
import { type CheckedTransaction, LedgerRules, type LedgerTerms } from '../../src/ledger/ledger-rules.ts';
import { LedgerState } from '../../src/ledger/ledger-state.ts';
import { signTransaction, type Transaction, transactionText } from '../../src/ledger/transaction.ts';
import { Mempool } from '../../src/node/mempool.ts';
import { nativeVerifier, signerOf } from '../../src/platform/ed25519.ts';
import { hexOf } from '../core/build-chain.ts';
import { fullBlocks } from './full-blocks.ts';
import { compare, type Finding, type Group, timed } from './measure.ts';

const accountCount = 100_000;
const changedCount = 1000;
const terms: LedgerTerms = { chainId: hexOf('chain'), reward: 1000n, minFee: 0n, unbonding: 10, transfersOnly: false };

/** The leaves that change, spread over all of them: every 100th. */
function changedNumbers(): readonly number[] {
  return Array.from({ length: changedCount }, (_, place) => place * (accountCount / changedCount));
}

/** How many leaves and nodes above them have to be hashed. */
function neededHashes(numbers: readonly number[]): number {
  let needed = numbers.length;
  let level = new Set(numbers);
  for (let length = accountCount; length > 1; length = Math.ceil(length / 2)) {
    level = new Set([...level].map((place) => Math.floor(place / 2)));
    needed += level.size;
  }
  return needed;
}

/** As many leaves and nodes as these, made one after another from others, and kept. */
function nodesOf(count: number, nodes: readonly SumNode[]): readonly SumNode[] {
  const made: SumNode[] = [];
  for (let place = 0; place < count; place++) {
    const left = nodes[place % nodes.length];
    const right = nodes[(place + 1) % nodes.length];
    if (left === undefined || right === undefined) throw new Error('there are nodes');
    made.push(parentNode(left, right));
  }
  return made;
}

async function* stateRoot(): AsyncGenerator<Finding> {
  const accounts = Array.from({ length: accountCount }, (_, place) => newAccount(hexOf(place), 1_000_000n));
  const state = runToEnd(LedgerState.restore(0, accounts));
  const numbers = changedNumbers();
  const needed = neededHashes(numbers);
  const nodes = accounts.map(accountLeaf);
  const keys = numbers.map(hexOf);
  const change = (run: number): void => {
    const changed = new Map(numbers.map((place, at) => [place, newAccount(keys[at] ?? '', BigInt(run))]));
    state.swap(runToEnd(state.change(state.index + 1, changed, accountCount)));
  };
  const { ratio, spread, ours } = await compare(
    { ours: () => timed(() => change(state.index)), bare: () => timed(() => nodesOf(needed, nodes)) },
    15,
  );
  yield {
    what: `the state root after ${changedCount} of ${accountCount} accounts have changed`,
    against: 'as many nodes as it needs to be others, hashed one after another',
    ratio,
    spread,
    goal: { bound: 'at most', value: 1.5 },
    note: `${ours.toPrecision(2)} ms`,
  };
}

function publicKeyOf(key: string): KeyObject {
  const der = Buffer.concat([Buffer.from('302a300506032b6570032100', 'hex'), Buffer.from(key, 'hex')]);
  return createPublicKey({ key: der, format: 'der', type: 'spki' });
}

async function* verification(): AsyncGenerator<Finding> {
  const senders = Array.from({ length: 100 }, (_, place) => signerOf(Buffer.from(hexOf(place), 'hex')));
  const Accounts = senders.map(({ key }) => [key, '1000000', '1'] as const);
  const state = runToEnd(LedgerState.ofGenesis({ Accounts }));
  const transactions = Array.from({ length: 1000 }, (_, place) => {
    const sender = senders[place % senders.length];
    const receiver = senders[(place * 7 + 1) % senders.length];
    if (sender === undefined || receiver === undefined) throw new Error('there are a hundred people');
    const Nonce = Math.floor(place / senders.length);
    const request = { Kind: 'transfer', To: receiver.key, Amount: '5', Fee: '1', Nonce, Until: 10 } as const;
    return signTransaction(terms.chainId, request, sender);
  });
  const rules = new LedgerRules(terms, nativeVerifier());
  const block = (): void => {
    const draft = new BlockDraft(state, terms);
    for (const transaction of transactions) {
      const checked = rules.checkTransaction(transaction);
      if ('why' in checked || draft.add(checked.value) !== undefined) throw new Error('a transaction does not hold');
    }
    runToEnd(draft.finish(Accounts[0]?.[0] ?? ''));
  };
  const keys = new Map(senders.map(({ key }) => [key, publicKeyOf(key)]));
  const signed = transactions.map((transaction) => ({
    key: keys.get(transaction.From) ?? publicKeyOf(transaction.From),
    text: Buffer.from(transactionText(terms.chainId, transaction)),
    signature: Buffer.from(transaction.Signature, 'hex'),
  }));
  const bare = (): void => {
    for (const { key, text, signature } of signed) {
      if (!nativeVerify(null, text, key, signature)) throw new Error('a signature does not hold');
    }
  };
  // As rates: how many a second.
  const { ratio, spread, ours } = await compare(
    { ours: () => 1000 / timed(block), bare: () => 1000 / timed(bare) },
    15,
  );
  yield {
    what: 'transactions a second: form, signature, accounts, both roots',
    against: 'Ed25519 of Node alone, of as many',
    ratio,
    spread,
    goal: { bound: 'at least', value: 0.8 },
    note: `${Math.round(ours * 1000)} a second`,
  };
}

/** Admissions into full pools of one size or the other, each of which gives up the cheapest. */
async function* admission(): AsyncGenerator<Finding> {
  const count = 2000;
  const senders = Array.from({ length: 5000 + count }, (_, place) => hexOf(`sender ${place}`));
  const accounts = new Map(senders.map((key) => [key, newAccount(key, 1_000_000n)]));
  const transactions = senders.map((From, place): CheckedTransaction => {
    const fee = BigInt(place + 1);
    const common = { Fee: String(fee), Nonce: 0, Until: 10, Signature: '' };
    const transaction = { Kind: 'bond', From, Amount: '1', ...common } as const;
    return { id: From, transaction, fee, amount: 1n, offence: undefined, bytes: 400 };
  });
  const poolOf = (sizeMax: number): Mempool => {
    const view = { terms, nextIndex: 1, accountOf: (key: string) => accounts.get(key) };
    const pool = new Mempool(view, { sizeMax, perAccountMax: 64 });
    for (const transaction of transactions.slice(0, sizeMax)) pool.add(transaction);
    return pool;
  };
  const admit = (sizeMax: number): number => {
    const pool = poolOf(sizeMax);
    return timed(() => {
      for (const transaction of transactions.slice(sizeMax, sizeMax + count)) pool.add(transaction);
    });
  };
  const { ratio, spread, ours } = await compare({ ours: () => admit(5000), bare: () => admit(50) }, 15);
  yield {
    what: 'an admission into a full mempool of 5,000',
    against: 'one into a full mempool of 50: a hundred times as many, twice as many levels',
    ratio,
    spread,
    goal: { bound: 'at most', value: 3 },
    note: `${((ours / count) * 1000).toPrecision(2)} µs each`,
  };
}

/** What is sent to a pool where so many wait: read, tried, verified, taken; in a full one each gives up another one. */
async function* admissionOfSent(): AsyncGenerator<Finding> {
  const [fillers, newcomers, each] = [100, 10, 50];
  const senders = Array.from({ length: fillers + newcomers }, (_, place) => signerOf(Buffer.from(hexOf(place), 'hex')));
  const accounts = new Map(senders.map(({ key }) => [key, newAccount(key, 1_000_000n)]));
  const rules = new LedgerRules(terms, nativeVerifier());
  const sentBy = (signers: readonly Signer[], fee: number): readonly Transaction[] =>
    signers.flatMap((signer) =>
      Array.from({ length: each }, (_, Nonce) => {
        const request = { Kind: 'transfer', To: signer.key, Amount: '5', Fee: String(fee), Nonce, Until: 10 } as const;
        return signTransaction(terms.chainId, request, signer);
      }),
    );
  const waiting = sentBy(senders.slice(0, fillers), 1).map((transaction) => {
    const read = rules.readTransaction(transaction);
    if ('why' in read) throw new Error(read.why);
    return read.value;
  });
  const sent = sentBy(senders.slice(fillers), 2);
  const keys = new Map(senders.map(({ key }) => [key, publicKeyOf(key)]));
  const signed = sent.map((transaction) => ({
    key: keys.get(transaction.From) ?? publicKeyOf(transaction.From),
    text: Buffer.from(transactionText(terms.chainId, transaction)),
    signature: Buffer.from(transaction.Signature, 'hex'),
    transaction,
  }));
  const admit = (count: number): number => {
    const view = { terms, nextIndex: 1, accountOf: (key: string) => accounts.get(key) };
    const pool = new Mempool(view);
    for (const checked of waiting.slice(0, count)) pool.add(checked);
    return timed(() => {
      for (const transaction of sent) {
        const read = rules.readTransaction(transaction);
        if ('why' in read || pool.findRefusal(read.value) !== undefined) throw new Error('a transaction is refused');
        const checked = rules.verifyTransaction(read.value);
        if ('why' in checked || pool.add(checked.value).kind !== 'accepted') throw new Error('it does not hold');
      }
    });
  };
  const bare = (): number => {
    const all = new Map<string, Transaction>();
    return timed(() => {
      for (const { key, text, signature, transaction } of signed) {
        if (nativeVerify(null, text, key, signature)) all.set(transaction.Signature, transaction);
      }
    });
  };
  for (const count of [1000, 5000]) {
    const { ratio, spread, ours } = await compare({ ours: () => admit(count), bare }, 15);
    yield {
      what: `a transaction that is sent where ${withThousands(count)} wait: read, tried, verified, taken`,
      against: "Node's verdict on its signature, and its place in a Map",
      ratio,
      spread,
      goal: { bound: 'at most', value: 1.5 },
      note: `${Math.round((ours / sent.length) * 1000)} µs each`,
    };
  }
}

export const ledger: Group = {
  name: 'ledger',
  async *run(): AsyncGenerator<Finding> {
    yield* stateRoot();
    yield* verification();
    yield* admission();
    yield* admissionOfSent();
    yield* fullBlocks();
  },
};
