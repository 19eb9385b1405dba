import { createServer, type ServerResponse } from 'node:http';
import { onTestFinished } from 'vitest';
import { type BeaconInfo, publishedRound } from '../src/core/beacon-info.ts';
import { Change } from './change.ts';
import { readSharedText } from './shared.ts';
import type { AtEnd } from './temporary.ts';

/** The rounds of drand's quicknet that were recorded, and what it says of itself; only where there is a folder shared beside this clone. */
export function recordedQuicknet(): { readonly info: BeaconInfo; readonly signatures: ReadonlyMap<number, string> } {
  const { chain_info, rounds }: { chain_info: BeaconInfo; rounds: readonly { round: number; signature: string }[] } =
    JSON.parse(readSharedText('vectors/drand-quicknet.json'));
  return { info: chain_info, signatures: new Map(rounds.map(({ round, signature }) => [round, signature])) };
}

/** How a relay behaves: `silent` takes requests and never answers, `slow` answers them when `release` is called, `lying` gives another signature. */
export type RelayMood = 'honest' | 'silent' | 'slow' | 'lying' | 'failing';

/** A relay of a beacon: an HTTP server that passes on what the beacon has published, or does what else a relay may do. */
export class BeaconRelay {
  mood: RelayMood = 'honest';
  /** The round that it has at /public/latest; none where it is left out. */
  latest: number | undefined;
  /** The paths that it was asked for, in order. */
  readonly asked: string[] = [];
  readonly #info: BeaconInfo;
  readonly #signatureOf: (round: number) => string | undefined;
  readonly #held: (() => void)[] = [];
  readonly #change = new Change();
  #base = '';

  private constructor(info: BeaconInfo, signatureOf: (round: number) => string | undefined) {
    this.#info = info;
    this.#signatureOf = signatureOf;
  }

  /** Serves the rounds for which there is a signature, on a free port of this machine. Any other has not come yet. */
  static async open(
    info: BeaconInfo,
    signatureOf: (round: number) => string | undefined,
    atEnd: AtEnd = onTestFinished,
  ): Promise<BeaconRelay> {
    const relay = new BeaconRelay(info, signatureOf);
    const server = createServer((request, response) => relay.#receive(request.url ?? '', response));
    atEnd(() => {
      server.close();
      server.closeAllConnections();
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const bound = server.address();
    if (typeof bound !== 'object' || bound === null) throw new Error('it listens nowhere');
    relay.#base = `http://127.0.0.1:${bound.port}`;
    return relay;
  }

  /** What a server is given: without a slash at its end. */
  get url(): string {
    return this.#base;
  }

  /** Answers all requests that a slow relay has kept waiting. */
  release(): void {
    for (const answer of this.#held.splice(0)) answer();
  }

  /** Resolves when it has been asked so often, in all. */
  async isAsked(times: number): Promise<void> {
    while (this.asked.length < times) await this.#change.next();
  }

  #receive(path: string, response: ServerResponse): void {
    this.asked.push(path);
    this.#change.tell();
    if (this.mood === 'silent') return;
    if (this.mood === 'slow') this.#held.push(() => this.#answer(path, response));
    else this.#answer(path, response);
  }

  #answer(path: string, response: ServerResponse): void {
    const { status, json } = this.mood === 'failing' ? { status: 500, json: { error: 'broken' } } : this.#find(path);
    response.writeHead(status, { 'Content-Type': 'application/json' }).end(JSON.stringify(json));
  }

  #find(path: string): { readonly status: number; readonly json: unknown } {
    const place = path.startsWith(`/${this.#info.hash}/`) ? path.slice(this.#info.hash.length + 1) : path;
    if (place === '/info') return { status: 200, json: this.#info };
    const [, named] = /^\/public\/(\d+|latest)$/.exec(place) ?? [];
    const digits = named === 'latest' ? this.latest : named;
    if (digits === undefined) return { status: 404, json: { error: 'no such page' } };
    const signature = this.#signatureOf(Number(digits));
    if (signature === undefined) return { status: 425, json: { error: 'this round has not come yet' } };
    return {
      status: 200,
      json: publishedRound(Number(digits), this.mood === 'lying' ? another(signature) : signature),
    };
  }
}

/** A signature of the right form that is not this one: that of the same point, mirrored. */
function another(signature: string): string {
  const [first = '', ...rest] = signature;
  return (Number.parseInt(first, 16) ^ 2).toString(16) + rest.join('');
}
