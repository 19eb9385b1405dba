import type { PeersReport } from '../api/rpc-types.ts';
import { type ChainReader, chainMethods, readStoredBlock } from './chain-methods.ts';
import { type ControlledServer, controlMethods } from './control-methods.ts';
import { describingMethods } from './describing-methods.ts';
import { type LedgerReader, ledgerMethods } from './ledger-methods.ts';
import type { Method } from './method.ts';
import { peerMethods } from './peer-methods.ts';
import { type SandboxControl, sandboxMethods } from './sandbox-methods.ts';
import { type OwnWallets, walletMethods } from './wallet-methods.ts';
import { type WorkSource, workMethods } from './work-methods.ts';

/** What the methods read and do. */
export interface RpcServer extends ChainReader, ControlledServer {
  status(): ReturnType<ChainReader['status']>;
  /** Undefined where nothing is searched for. */
  work(): WorkSource | undefined;
  /** Undefined in a chain without one. */
  ledger(): LedgerReader | undefined;
  /** Undefined in a chain that is no sandbox. */
  sandbox(): SandboxControl | undefined;
  /** The other nodes; undefined where the server has nothing to do with any. */
  peers(): (() => PeersReport) | undefined;
  /** False where the blocks come from elsewhere. */
  makesBlocks(): boolean;
  /** The operator's wallets; undefined in a chain without a ledger. */
  wallets(): OwnWallets | undefined;
}

const workMethodNames: readonly string[] = ['getwork', 'submitwork'];
const makingMethodNames: readonly string[] = ['draw', 'pause', 'resume'];
const sandboxMethodNames: readonly string[] = ['faucet', 'increasetime', 'settime', 'snapshot', 'revert'];
const ledgerMethodNames: readonly string[] = [
  ...['getaccount', 'getbalance', 'getnonce', 'getproof', 'getsupply', 'getrawmempool', 'gettransaction'],
  ...['testmempoolaccept', 'sendrawtransaction', 'createwallet', 'listwallets', 'send', 'bond', 'unbond'],
];

/** The table of all methods, by name: dispatcher, OpenRPC document and help are made from it. */
export function makeMethods(server: RpcServer): ReadonlyMap<string, Method> {
  const work = server.work();
  const ledger = server.ledger();
  const wallets = server.wallets();
  const sandbox = server.sandbox();
  const peers = server.peers();
  const { stop, ...making } = controlMethods(server);
  const methods: ReadonlyMap<string, Method> = new Map(
    Object.entries<Method>({
      ...chainMethods(server),
      ...(work === undefined ? {} : workMethods(work)),
      ...(ledger === undefined ? {} : ledgerMethods(ledger, (index) => readStoredBlock(server, index))),
      ...(wallets === undefined ? {} : walletMethods(wallets)),
      ...(sandbox === undefined ? {} : sandboxMethods(sandbox)),
      ...(peers === undefined ? {} : peerMethods(peers)),
      ...(server.makesBlocks() ? making : {}),
      stop,
      ...describingMethods(server.status().version, () => methods),
    }),
  );
  return methods;
}

/** Why a method that servers of other chains have is not there. */
export function explainMissing(method: string): string | undefined {
  if (ledgerMethodNames.includes(method)) {
    return `${method} is for chains with a ledger: in this chain stakes are what people type. --ledger begins one that has it`;
  }
  if (sandboxMethodNames.includes(method)) {
    return `${method} is for sandboxes: this chain does not say that it is one. --ledger --dev begins one`;
  }
  if (makingMethodNames.includes(method))
    return `${method} is for the server that makes the blocks: this one follows its chain`;
  if (method === 'getpeers') return 'getpeers is for servers with other nodes: --peer-port and --peer begin that';
  if (!workMethodNames.includes(method)) return undefined;
  return `${method} is for chains of work: in this chain nothing is searched for`;
}
