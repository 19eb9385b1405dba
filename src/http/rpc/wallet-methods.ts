import { addressOf } from '../../ledger/address.ts';
import type { WalletCalls } from '../api/rpc-types.ts';
import type { CallError } from './json-rpc.ts';
import { transactionRefused } from './ledger-methods.ts';
import { type MethodTable, method, notFound } from './method.ts';
import { accountName, tokens } from './param-forms.ts';
import { amount, count, exactly, hash } from './schemas.ts';

interface OwnWallet {
  readonly number: number;
  readonly key: string;
}

/** What the operator wants done with a wallet. */
type Order =
  | { readonly kind: 'send'; readonly to: string; readonly amount: bigint; readonly fee: bigint }
  | { readonly kind: 'bond' | 'unbond'; readonly amount: bigint; readonly fee: bigint };

/** The operator's wallets, which the server keeps. */
export interface OwnWallets {
  /** Makes one, with a grant; or says why there is none now. */
  create(): Promise<OwnWallet | { readonly why: string }>;
  own(): readonly OwnWallet[];
  statusOf(key: string): { readonly account: { readonly balance: bigint; readonly bonded: bigint } | undefined };
  order(
    key: string,
    order: Order,
  ):
    | { readonly kind: 'sent'; readonly id: string; readonly stored: Promise<void> }
    | { readonly kind: 'refused'; readonly why: string };
}

const fee = tokens('the fee', { min: 0n, initial: 0n });
const walletFields = { Number: count, Key: hash, Address: { type: 'string' } };

/** The methods that make wallets in the server and move their tokens. */
export function walletMethods(wallets: OwnWallets): MethodTable<WalletCalls> {
  const carryOut = async (
    from: string,
    order: Order,
  ): Promise<{ readonly result: string } | { readonly error: CallError }> => {
    if (!wallets.own().some(({ key }) => key === from))
      return notFound(`${addressOf(from)} is no wallet of this server: listwallets lists them`);
    const ordered = wallets.order(from, order);
    if (ordered.kind === 'refused') return transactionRefused(ordered.why);
    await ordered.stored;
    return { result: ordered.id };
  };
  const from = { ...accountName, summary: 'a wallet of the server, by its address or its key' };
  const staking = (kind: 'bond' | 'unbond', summary: string): ReturnType<typeof method<WalletCalls['bond']>> =>
    method<WalletCalls['bond']>({
      summary,
      access: 'wallet',
      params: { from, amount: tokens('how many tokens', { min: 1n }), fee },
      result: { name: 'id', schema: hash },
      run: (params) => carryOut(params.from, { kind, amount: params.amount, fee: params.fee }),
    });
  return {
    createwallet: method<WalletCalls['createwallet']>({
      summary: 'make a wallet whose key the server keeps; its grant comes with the next block',
      access: 'wallet',
      params: {},
      result: { name: 'wallet', schema: exactly(walletFields) },
      async run() {
        const created = await wallets.create();
        if ('why' in created) return transactionRefused(`the faucet cannot grant tokens now: ${created.why}`);
        return { result: shown(created) };
      },
    }),
    listwallets: method<WalletCalls['listwallets']>({
      summary: 'the wallets that were made by createwallet, with what they have behind the last block',
      access: 'wallet',
      params: {},
      result: {
        name: 'wallets',
        schema: { type: 'array', items: exactly({ ...walletFields, Balance: amount, Bonded: amount }) },
      },
      run() {
        const result = wallets.own().map((wallet) => {
          const { account } = wallets.statusOf(wallet.key);
          const [balance, bonded] = [account?.balance ?? 0n, account?.bonded ?? 0n];
          return { ...shown(wallet), Balance: String(balance), Bonded: String(bonded) };
        });
        return { result };
      },
    }),
    send: method<WalletCalls['send']>({
      summary: 'send tokens of a wallet of the server to an account; the Id of the transaction, once it is stored',
      access: 'wallet',
      params: {
        from,
        to: { ...accountName, summary: `to ${accountName.summary}` },
        amount: tokens('how many tokens', { min: 1n }),
        fee,
      },
      result: { name: 'id', schema: hash },
      run: (params) => carryOut(params.from, { kind: 'send', to: params.to, amount: params.amount, fee: params.fee }),
    }),
    bond: staking('bond', 'put tokens of a wallet of the server at stake'),
    unbond: staking('unbond', 'take tokens of a wallet of the server back from its stake'),
  };
}

function shown({ number, key }: OwnWallet): {
  readonly Number: number;
  readonly Key: string;
  readonly Address: string;
} {
  return { Number: number, Key: key, Address: addressOf(key) };
}
