import { isHash } from '../../core/hash.ts';
import { addressOf, parseAddress } from '../../ledger/address.ts';
import type { Keystore } from '../../platform/keystore.ts';
import { UsageError } from '../command-error.ts';
import { parsePeerAddress } from '../config/peer-address.ts';
import { exitCodes } from '../exit-codes.ts';
import { readWallet, walletLine } from '../open-wallet.ts';
import type { OptionForm, Options } from '../options.ts';
import { followedJson, followedText } from './follow-text.ts';
import type { WalletAction } from './wallet-action.ts';

const peerForm: OptionForm = { name: 'peer', example: '/ip4/192.0.2.1/tcp/9002', isList: true };
const chainForm: OptionForm = { name: 'chain', example: 'ab'.repeat(32) };

const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** An account that is followed, as the person named it. */
interface FollowedName {
  readonly name: string;
  readonly key: string;
}

export const follow: WalletAction = {
  name: 'follow',
  usage: 'NAME...',
  summary:
    'show what wallets or addresses have as it changes, proved by the nodes of a chain, of which only headers are kept',
  forms: [peerForm, chainForm, { name: 'once' }],
  async run(keystore, options, io) {
    const accounts = readAccounts(keystore, options);
    const addresses = readPeers(options);
    const chainId = readChain(options);
    const isJson = options.values.has('json');
    const isOnce = options.values.has('once');
    // Loaded here, because every other action would wait for the network.
    const { followAccounts } = await import('./followed-chain.ts');
    const waiting = new Set(accounts.map(({ key }) => key));
    const stopping = new AbortController();
    const stop = (): void => stopping.abort();
    for (const signal of signals) process.once(signal, stop);
    await followAccounts({
      ...{ addresses, chainId, stopping, directory: keystore.directory },
      keys: [...waiting],
      note: (line) => io.errors.write(line),
      told: (account) => {
        const { name = '' } = accounts.find(({ key }) => key === account.key) ?? {};
        io.output.write(isJson ? `${JSON.stringify(followedJson(name, account))}\n` : followedText(name, account));
        waiting.delete(account.key);
        if (isOnce && waiting.size === 0) stopping.abort();
      },
    }).finally(() => {
      for (const signal of signals) process.off(signal, stop);
    });
    return exitCodes.fine;
  },
};

/** The accounts that are named: by an address or a key, or by the wallet that holds one. */
function readAccounts(keystore: Keystore, options: Options): readonly FollowedName[] {
  if (options.positionals.length === 0)
    throw new UsageError(
      `wallet follow needs the NAME of a wallet, or an address: ${walletLine(options, 'follow', 'alice', '--peer', 'ADDRESS')}`,
    );
  return options.positionals.map((text) => {
    if (!/^sort1/i.test(text) && !isHash(text)) return { name: text, key: readWallet(keystore, text, options).Key };
    const parsed = parseAddress(Buffer.from(text).toString('latin1'));
    if ('why' in parsed) throw new UsageError(parsed.why);
    return { name: addressOf(parsed.value), key: parsed.value };
  });
}

function readPeers(options: Options): readonly string[] {
  const example = `what the banner of a node with --peer-port prints, or HOST:PORT`;
  const texts = options.values.get(peerForm.name)?.split(',') ?? [];
  if (texts.length === 0) throw new UsageError(`wallet follow needs a node to ask, with --peer: ${example}`);
  return texts.map((text) => {
    const address = parsePeerAddress(text);
    if (address === undefined)
      throw new UsageError(`--peer is ${JSON.stringify(text)}, but must be the address of a node: ${example}`);
    return address;
  });
}

function readChain(options: Options): string | undefined {
  const text = options.values.get(chainForm.name);
  if (text === undefined || isHash(text)) return text;
  throw new UsageError(
    `--chain is ${JSON.stringify(text)}, but must be a ChainId: the Hash of block 0, 64 lower-case hex digits`,
  );
}
