import { type ChildProcess, spawn } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { RpcClient } from '../rpc-client.ts';
import { limits } from './limits.ts';

/** Where one node of a network is. */
export interface NodePlace {
  readonly name: string;
  readonly port: number;
  readonly pagePort: number;
  readonly dataDir: string;
}

/** How far a node is, and with whom it is connected; undefined where it did not answer. */
export interface NodeReport {
  readonly height: number;
  readonly hash: string;
  readonly peers: number;
}

/** One node of a network on this machine: a server in a process of its own, with a directory, ports, and a file of what it says. */
export class NetworkNode {
  readonly place: NodePlace;
  /** Resolves with what it said last when it ends. */
  readonly ended: Promise<string>;
  readonly #child: ChildProcess;
  readonly #rpc: RpcClient;
  /** The address at which other nodes dial it; rejects when it ends before it is ready. */
  readonly #ready: Promise<string>;

  private constructor(place: NodePlace, child: ChildProcess) {
    this.place = place;
    this.#child = child;
    this.#rpc = new RpcClient({ url: `http://127.0.0.1:${place.pagePort}/rpc`, readCredentials: () => undefined });
    const log = createWriteStream(join(place.dataDir, '..', `${place.name}.log`));
    let said = '';
    let ready: (line: string) => void = () => undefined;
    this.#ready = new Promise((resolve) => {
      ready = resolve;
    });
    const hear = (text: string): void => {
      log.write(text);
      said = (said + text).slice(-limits.saidCharactersMax);
      const [, line] = /join with --peer (\S+)\n[\s\S]*\nnc \S+ \d+\n/.exec(said) ?? [];
      if (line !== undefined) ready(line);
    };
    child.stdout?.setEncoding('utf8').on('data', hear);
    child.stderr?.setEncoding('utf8').on('data', hear);
    this.ended = new Promise((resolve) => {
      child.once('close', () => {
        log.end();
        resolve(said);
      });
      child.once('error', (error) => resolve(error.message));
    });
  }

  /** Starts a node with the words of the server. */
  static start(place: NodePlace, words: readonly string[]): NetworkNode {
    const program = fileURLToPath(new URL('../../main.js', import.meta.url));
    const { port, pagePort, dataDir } = place;
    const own = ['--port', String(port), '--dashboard-port', String(pagePort), '--data-dir', dataDir];
    return new NetworkNode(
      place,
      spawn(process.execPath, [program, 'serve', ...own, '--peer-port', '0', '--miners', '1', ...words], {
        stdio: ['ignore', 'pipe', 'pipe'],
      }),
    );
  }

  /** The address at which other nodes dial it, as soon as it takes people; undefined when it ends before that. */
  async peerLine(): Promise<string | undefined> {
    return Promise.race([this.#ready, this.ended.then(() => undefined)]);
  }

  async report(): Promise<NodeReport | undefined> {
    const [info, peers] = await Promise.all([this.#rpc.call('getinfo', []), this.#rpc.call('getpeers', [])]);
    const { Height, Hash } = membersOf(info.kind === 'result' ? info.result : undefined);
    const { Peers } = membersOf(peers.kind === 'result' ? peers.result : undefined);
    if (typeof Height !== 'number' || typeof Hash !== 'string' || !Array.isArray(Peers)) return undefined;
    return { height: Height, hash: Hash, peers: Peers.length };
  }

  stop(signal: NodeJS.Signals): void {
    this.#child.kill(signal);
  }
}

function membersOf(json: unknown): Readonly<Record<string, unknown>> {
  return typeof json === 'object' && json !== null ? { ...json } : {};
}
