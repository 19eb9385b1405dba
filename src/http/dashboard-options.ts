import type { Turns } from '../base/run-to-end.ts';
import type { ChainText } from '../node/chain-text.ts';
import type { PageLedger } from './ledger-routes.ts';
import type { Readings } from './metrics.ts';
import type { LedgerBlockStore } from './older-ledger-blocks.ts';
import type { RoundStore } from './older-rounds.ts';
import type { ShownPeers } from './peers-report.ts';
import type { PlaySocket } from './play-socket.ts';
import type { RpcServer } from './rpc/methods.ts';
import type { SeatRules } from './seats.ts';
import type { LotteryStatus } from './status-report.ts';
import type { StoredTexts } from './stored-texts.ts';
import type { ConnectionLimiter } from './web-server.ts';

/** The values of the metrics that the dashboard reads from the TCP side. */
type Traffic = Pick<Readings, 'endings' | 'bytes' | 'chainsSkipped'>;

export interface DashboardOptions {
  readonly version: string;
  readonly intervalMs: number;
  readonly clock: Turns & { monotonicMs(): number };
  readonly store: StoredTexts & RoundStore & LedgerBlockStore;
  readonly chain: () => ChainText;
  readonly connectionsMax: number;
  readonly connectionLimiter: ConnectionLimiter;
  readonly lottery: () => DashboardLottery;
  /** The other nodes; left out where the server has nothing to do with any. */
  readonly peers?: (() => ShownPeers) | undefined;
  /** The server is one of several doors. */
  readonly isDoor?: boolean;
  readonly rpc: RpcBounds;
  readonly seatRules: SeatRules;
  readonly writeBounds: WriteBounds;
  /** Serves a person in a browser like one who has connected at nc. */
  readonly play: (socket: PlaySocket, address: string) => void;
  /** Participants connected, with or without a stake. */
  readonly connections: () => number;
  readonly traffic: () => Traffic;
  /** Called with errors of the dashboard itself. The lottery goes on. */
  readonly failed: (error: unknown) => void;
}

/** What is shown of the lottery, and what its operator does over HTTP. */
interface DashboardLottery extends Pick<RpcServer, 'validators' | 'sealNow' | 'pause' | 'resume'> {
  /** Candidates are those that wait, and the tokens that they stake. */
  /** What miners elsewhere ask for and bring; not there where nothing is searched for. */
  readonly work?: ReturnType<RpcServer['work']>;
  readonly ledger?: (ReturnType<RpcServer['ledger']> & PageLedger) | undefined;
  readonly sandbox?: ReturnType<RpcServer['sandbox']>;
  readonly ownWallets?: ReturnType<RpcServer['wallets']>;
  status(): LotteryStatus & { readonly candidates: number; readonly totalStake: bigint };
}

/** What POST /rpc needs besides. */
interface RpcBounds {
  /** See RpcOptions. */
  readonly cookie: () => string | undefined;
  /** How long the body of a call may take, ms. */
  readonly bodyMs: number;
  /** Stops the server. */
  readonly stop: () => void;
}

/** How fast writes may come. */
interface WriteBounds {
  /** Why no writes are taken at all; undefined where they are. */
  readonly refusal?: () => string | undefined;
  /** Writes that are taken from one seat or connection; 0 is no limit. */
  readonly perSecond: number;
  /** How long the body of one may take, ms. */
  readonly bodyMs: number;
  /** How long one may wait for the block that is searched for with it, ms. */
  readonly searchMs: number;
}

/** Where the page is served, and what it says about how to join. */
export interface ListenOptions {
  readonly addresses: readonly string[];
  /** 0 takes any that is free. */
  readonly port: number;
  readonly join: readonly string[];
  /** The names and addresses under which other machines reach this one. */
  readonly hosts: readonly string[];
}
