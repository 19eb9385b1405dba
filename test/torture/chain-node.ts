import { RpcClient } from '../../src/cli/rpc-client.ts';
import { type Banner, NodeProcess } from '../node-process.ts';

export interface ChainNodePlace {
  /** 0 for the first. */
  readonly number: number;
  readonly dataDir: string;
  readonly host: string;
  readonly ports: { readonly page: number; readonly peers: number };
  /** How a chain is made that it begins. */
  readonly rules: readonly string[];
  /** A command that becomes the one that follows it. */
  readonly through: readonly string[];
}

/** The last block of a node. */
export interface NodeTip {
  readonly height: number;
  readonly hash: string;
  /** How many candidates wait there. */
  readonly candidates: number;
}

/** One node of a chain, which is killed and started again in the same place. */
export class ChainNode {
  readonly #place: ChainNodePlace;
  readonly #rpc: RpcClient;
  #peers: readonly string[] = [];
  #process: NodeProcess | undefined;

  constructor(place: ChainNodePlace) {
    this.#place = place;
    const url = `http://${place.host}:${place.ports.page}/rpc`;
    this.#rpc = new RpcClient({ url, readCredentials: () => undefined });
  }

  get number(): number {
    return this.#place.number;
  }

  get host(): string {
    return this.#place.host;
  }

  get dataDir(): string {
    return this.#place.dataDir;
  }

  /** Which nodes it dials when it is started. */
  dials(lines: readonly string[]): void {
    this.#peers = lines;
  }

  /** Resolves when it takes people. */
  async start(): Promise<void> {
    const { host, dataDir, ports, rules, through } = this.#place;
    const words = ['--host', host, '--port', '0', '--dashboard-port', String(ports.page), '--data-dir', dataDir];
    const others = ['--peer-port', String(ports.peers)];
    const peers = this.#peers.flatMap((line) => ['--peer', line]);
    this.#process = new NodeProcess([...words, ...rules, ...others, ...peers], through);
    await this.#process.ready;
  }

  async kill(): Promise<void> {
    await this.#process?.kill();
  }

  async port(): Promise<number> {
    return (await this.#banner()).port;
  }

  async peerLine(): Promise<string> {
    const { peerLine } = await this.#banner();
    if (peerLine === undefined) throw new Error('a node says nothing of how others find it');
    return peerLine;
  }

  /** Its last block; undefined while it does not answer. */
  async tip(): Promise<NodeTip | undefined> {
    const answer = await this.#rpc.call('getinfo', []);
    if (answer.kind !== 'result' || typeof answer.result !== 'object' || answer.result === null) return undefined;
    const { Height, Hash, Candidates }: { Height?: unknown; Hash?: unknown; Candidates?: unknown } = answer.result;
    if (typeof Height !== 'number' || typeof Hash !== 'string' || typeof Candidates !== 'number') return undefined;
    return { height: Height, hash: Hash, candidates: Candidates };
  }

  async #banner(): Promise<Banner> {
    if (this.#process === undefined) throw new Error('a node was not started');
    return this.#process.ready;
  }
}
