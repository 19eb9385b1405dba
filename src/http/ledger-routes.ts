import type { HttpBindings } from '@hono/node-server';
import type { Hono } from 'hono';
import { isHash } from '../core/hash.ts';
import { parseBlock } from '../core/parse-block.ts';
import { addressOf, parseAddress } from '../ledger/address.ts';
import { parseWholeNumber } from './api/query.ts';
import type {
  AccountAnswer,
  AccountHistoryAnswer,
  IdentifiedTransaction,
  MempoolAnswer,
  TransactionAnswer,
} from './api/types.ts';
import { limits } from './limits.ts';
import { quoted } from './quoted.ts';
import { type HttpContext, type Responder, refuse } from './responder.ts';
import { type LedgerReader, transactionStates } from './rpc/ledger-methods.ts';
import type { StoredTexts } from './stored-texts.ts';

/** The ledger as the page sees it. */
export interface PageLedger
  extends Pick<
    LedgerReader,
    'accountOf' | 'accountCount' | 'nextNonce' | 'proveAccount' | 'statusOf' | 'supply' | 'transactionIn' | 'waiting'
  > {
  readonly terms: { readonly chainId: string; readonly reward: bigint };
  /** How many transactions wait. */
  readonly waitingCount: number;
}

export interface LedgerRouteOptions {
  readonly store: Pick<StoredTexts, 'blockRange' | 'signedBodyText'>;
  /** The index of the last announced block. */
  height(): number;
  /** Undefined in a chain without a ledger. */
  ledger(): PageLedger | undefined;
  accountHistory(key: string): AccountHistoryAnswer;
}

type LedgerHandler = (c: HttpContext, ledger: PageLedger) => Response | Promise<Response>;

/** Serves what the API says of accounts and transactions. */
export function addLedgerRoutes(
  app: Hono<{ Bindings: HttpBindings }>,
  options: LedgerRouteOptions,
  respond: Responder,
): void {
  const { store } = options;
  const get = (path: string, handle: LedgerHandler): void => {
    app.get(path, (c) => {
      const ledger = options.ledger();
      return ledger === undefined ? refuse(c, 404, noLedgerWords) : handle(c, ledger);
    });
  };
  get('/api/accounts/:account', async (c, ledger) => {
    const parsed = parseAddress(c.req.param('account') ?? '');
    if ('why' in parsed) return refuse(c, 400, parsed.why);
    const key = parsed.value;
    const account = ledger.accountOf(key);
    const proof = ledger.proveAccount(key);
    if (account === undefined || proof === undefined) {
      return refuse(
        c,
        404,
        `there is no account ${addressOf(key)}: it comes into being with the first tokens that it gets`,
      );
    }
    const { balance, bonded, unbonding, release, since, nonce } = account;
    const nextNonce = ledger.nextNonce(key);
    const [text] = await store.blockRange(proof.Index, proof.Index);
    const block = parseBlock(JSON.parse(text ?? 'null'), proof.Index);
    if ('why' in block) throw new Error(`block ${proof.Index} cannot be read`);
    const answer: AccountAnswer = {
      key,
      address: addressOf(key),
      balance: String(balance),
      bonded: String(bonded),
      unbonding: String(unbonding),
      release,
      since,
      nonce,
      nextNonce,
      proof,
      block: block.value,
      history: options.accountHistory(key),
    };
    return respond.json(c, answer);
  });
  get('/api/blocks/:index/body', async (c) => {
    const index = parseWholeNumber(c.req.param('index') ?? '');
    if (index === undefined) return refuse(c, 400, `${quoted(c.req.param('index') ?? '')} is not the index of a block`);
    if (index > options.height()) return refuse(c, 404, `there is no block ${index}: the last is ${options.height()}`);
    const text = await store.signedBodyText(index);
    if (text !== undefined) return respond.text(c, text);
    return index === 0
      ? refuse(c, 404, 'block 0 has no transactions: it names the first accounts itself')
      : refuse(c, 404, `the transactions of block ${index} are lost: a repair of the data directory left them out`);
  });
  get('/api/mempool', (c, ledger) => respond.json(c, mempoolAnswer(ledger)));
  get('/api/transactions/:id', async (c, ledger) => {
    const id = c.req.param('id') ?? '';
    if (!isHash(id)) return refuse(c, 400, `${quoted(id)} is not the Id of a transaction: 64 lower-case hex digits`);
    const answer = await transactionAnswer(ledger, id);
    return answer === undefined
      ? refuse(c, 404, `no transaction with the Id ${id} is known here: it was never sent, or is long gone`)
      : respond.json(c, answer);
  });
}

const noLedgerWords = 'this chain has no ledger: whoever joins says what is at stake, and there are no accounts';

function mempoolAnswer(ledger: PageLedger): MempoolAnswer {
  const transactions = [...ledger.waiting()]
    .sort(({ transaction: one }, { transaction: other }) => compare(BigInt(other.Fee), BigInt(one.Fee)))
    .slice(0, limits.waitingPerAnswerMax)
    .map(({ id, transaction }): IdentifiedTransaction => ({ id, transaction }));
  return { count: ledger.waitingCount, transactions };
}

function compare(one: bigint, other: bigint): number {
  return one < other ? -1 : one > other ? 1 : 0;
}

async function transactionAnswer(ledger: PageLedger, id: string): Promise<TransactionAnswer | undefined> {
  const status = await ledger.statusOf(id);
  switch (status.kind) {
    case 'pending':
      return { id, state: status.kind, transaction: status.checked.transaction };
    case 'included': {
      const { kind: state, index } = status;
      const transaction = await ledger.transactionIn(index, id);
      return { id, state, index, ...(transaction === undefined ? {} : { transaction }) };
    }
    case 'gone':
      return { id, state: transactionStates[status.reason], index: status.index };
    case 'unknown':
      return undefined;
  }
}
