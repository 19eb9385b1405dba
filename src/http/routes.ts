import type { HttpBindings } from '@hono/node-server';
import { RESPONSE_ALREADY_SENT } from '@hono/node-server/utils/response';
import { type Context, Hono } from 'hono';
import { escapeForDisplay } from '../base/escape-for-display.ts';
import { isHash } from '../core/hash.ts';
import { type BlockStore, DamageError } from '../node/ports.ts';
import { limits as apiLimits } from './api/limits.ts';
import { isPrefix, lookbacks, readWhole } from './api/query.ts';
import type { FairnessAnswer, Status, ValidatorHistory } from './api/types.ts';
import { streamBlocks } from './block-stream.ts';
import { type ChainBytes, type PieceStream, streamChain } from './chain-stream.ts';
import type { Gate } from './gate.ts';
import { limits } from './limits.ts';
import { type AnswerHead, sendBytes, sendPieces } from './send-answer.ts';
import type { SseStream } from './sse-stream.ts';
import type { StaticFile, StaticFiles } from './static-files.ts';
import type { UntakenAnswers } from './untaken-answers.ts';
import type { WebCounts } from './web-counts.ts';

/** The texts that are stored. */
export type StoredTexts = Pick<BlockStore, 'blockRange' | 'poolText'>;

export interface AppOptions {
  readonly files: StaticFiles;
  readonly feed: SseStream;
  readonly chain: ChainBytes;
  readonly store: StoredTexts;
  /** The Host header must name this machine: a page elsewhere whose name was made to point here (DNS rebinding) gets nothing. */
  readonly isLoopback: boolean;
  /** The last block that everybody may know of. */
  height(): number;
  status(): Status;
  snapshot(): string;
  /** How people fared in the last rounds, or in all. */
  fortunes(last: number | undefined): Promise<FairnessAnswer>;
  history(validator: string): ValidatorHistory;
  /** Those who are known and whose address begins so. */
  validators(prefix: string): readonly string[];
  metrics(): Promise<{ readonly type: string; readonly text: string }>;
  /** Where requests wait until they may be answered. */
  readonly gate: Gate;
  /** Resolves when one more answer, or piece of an answer, may be made. */
  next(): Promise<void>;
  readonly untaken: UntakenAnswers;
  readonly counts: WebCounts;
  failed(error: unknown): void;
}

type Request = Context<{ Bindings: HttpBindings }>;

/** The page and its API. Everything is read-only. */
export function makeApp(options: AppOptions): Hono<{ Bindings: HttpBindings }> {
  const { files, feed, store } = options;
  const headers = securityHeaders(files.policy);
  const app = new Hono<{ Bindings: HttpBindings }>();

  app.use(async (c, next) => {
    for (const [name, value] of Object.entries(headers)) c.header(name, value);
    if (c.req.method !== 'GET' && c.req.method !== 'HEAD') {
      c.header('Allow', 'GET, HEAD');
      return refuse(c, 405, 'this can only be read: use GET');
    }
    if (options.isLoopback && !isThisMachine(c.req.header('Host'))) {
      return refuse(c, 421, 'this page is for this machine only: ask for localhost');
    }
    const leave = await options.gate.enter();
    if (leave === undefined) {
      options.counts.add('busy');
      c.header('Retry-After', String(limits.requestsBusyMs / 1000));
      return refuse(c, 503, 'too many requests wait here already: ask again in a moment');
    }
    try {
      await options.next();
      // Whoever left meanwhile needs no answer.
      if (c.env.outgoing.destroyed) return RESPONSE_ALREADY_SENT;
      return await next();
    } finally {
      leave();
    }
  });

  const send = (c: Request, head: Partial<AnswerHead>, bytes: Uint8Array): Response => {
    const { status = 200 } = head;
    sendBytes(c.env.outgoing, { status, headers: { ...headers, ...head.headers } }, bytes);
    return RESPONSE_ALREADY_SENT;
  };
  // Asked for anew each time, answered in no bytes when nothing changed: no page is ever older than its server.
  const sendFile = (c: Request, { type, bytes, etag }: StaticFile): Response => {
    const validators = { 'Content-Type': type, ETag: etag, 'Cache-Control': 'no-cache' };
    if (c.req.header('If-None-Match') === etag) return c.body(null, 304, validators);
    return send(c, { headers: validators }, bytes);
  };
  const sendText = (c: Request, text: string, type = 'application/json'): Response => {
    const bytes = Buffer.from(text);
    options.untaken.add(c.env.outgoing, bytes.length);
    return send(c, { headers: { 'Content-Type': type } }, bytes);
  };
  const sendJson = (c: Request, value: unknown): Response => sendText(c, JSON.stringify(value));
  const stream = (c: Request, { bytes, pieces }: PieceStream): Response => {
    const length = bytes === undefined ? {} : { 'Content-Length': String(bytes) };
    const head = { status: 200, headers: { ...headers, 'Content-Type': 'application/json', ...length } };
    sendPieces(c.env.outgoing, head, pieces).catch(options.failed);
    return RESPONSE_ALREADY_SENT;
  };

  for (const path of ['/', '/fairness', '/chain', '/blocks/:index', '/validators/:address']) {
    app.get(path, (c) => sendFile(c, files.document));
  }
  app.get('/assets/*', (c) => {
    const file = files.assets.get(c.req.path);
    return file === undefined ? refuse(c, 404, 'there is no such file') : sendFile(c, file);
  });

  app.get('/healthz', (c) => {
    return options.status().phase === 'disk-full' ? c.text('a draw waits: the disk is full\n', 503) : c.text('ok\n');
  });
  app.get('/metrics', async (c) => {
    const { type, text } = await options.metrics();
    return sendText(c, text, type);
  });

  app.get('/api/openapi.json', (c) => sendFile(c, files.description));
  app.get('/api/status', (c) => sendJson(c, options.status()));
  app.get('/api/chain', (c) =>
    stream(
      c,
      streamChain(options.chain, () => options.next()),
    ),
  );
  app.get('/api/blocks', async (c) => {
    const from = readWhole(c.req.query('from') ?? '0');
    const limit = readWhole(c.req.query('limit') ?? '100');
    if (from === undefined) return refuse(c, 400, `from must be the index of a block, ${example('from=0')}`);
    if (limit === undefined || limit < 1 || limit > apiLimits.blocksPerAnswerMax) {
      return refuse(c, 400, `limit must be from 1 to ${apiLimits.blocksPerAnswerMax}, ${example('limit=100')}`);
    }
    const last = Math.min(options.height(), from + limit - 1);
    const pieces = await streamBlocks((first, end) => store.blockRange(first, end), from, last);
    return stream(c, { pieces });
  });
  app.get('/api/blocks/:index', async (c) => {
    const index = readWhole(c.req.param('index'));
    if (index === undefined) return refuse(c, 400, `${quoted(c.req.param('index'))} is not the index of a block`);
    if (index > options.height()) return refuse(c, 404, `there is no block ${index}: the last is ${options.height()}`);
    const [text] = await store.blockRange(index, index);
    return text === undefined ? refuse(c, 404, `there is no block ${index}`) : sendText(c, text);
  });
  app.get('/api/rounds/:index/pool', async (c) => {
    const index = readWhole(c.req.param('index'));
    if (index === undefined) return refuse(c, 400, `${quoted(c.req.param('index'))} is not the index of a block`);
    if (index > options.height()) return refuse(c, 404, `no pool was drawn for block ${index} yet`);
    const text = await store.poolText(index);
    return text === undefined
      ? refuse(c, 404, `the pool of block ${index} is lost: a repair of the data directory left it out`)
      : sendText(c, text);
  });
  app.get('/api/validators', async (c) => {
    const last = c.req.query('last') ?? 'all';
    if (!lookbacks.some((name) => name === last)) {
      return refuse(c, 400, `last must be ${lookbacks.join(', ')}, ${example('last=100')}`);
    }
    return sendJson(c, await options.fortunes(last === 'all' ? undefined : Number(last)));
  });
  app.get('/api/validators/:address', (c) => {
    const prefix = c.req.param('address');
    if (!isPrefix(prefix))
      return refuse(c, 400, `${quoted(prefix)} is not 8 to 64 lower-case hex digits of an address`);
    const [address, other] = isHash(prefix) ? [prefix] : options.validators(prefix);
    if (address === undefined) return refuse(c, 404, `no validator is known whose address begins with ${prefix}`);
    if (other !== undefined) return refuse(c, 409, `${address} and ${other} begin with ${prefix}: give more digits`);
    return sendJson(c, options.history(address));
  });
  app.get('/api/events', (c) => {
    if (c.req.method === 'HEAD') return c.body(null, 200, { 'Content-Type': 'text/event-stream' });
    if (feed.isFull) {
      c.header('Retry-After', String(apiLimits.watcherRefusedMs / 1000));
      return refuse(c, 503, `${feed.watchers} pages watch already: ask for /api/status now and then`);
    }
    const { incoming, outgoing } = c.env;
    outgoing.writeHead(200, { ...headers, 'Content-Type': 'text/event-stream', 'X-Accel-Buffering': 'no' });
    incoming.socket.once('close', () => feed.remove(outgoing));
    const cutPipelined = (): void => {
      if (incoming.socket.readableLength > 0) options.counts.cut(outgoing, 'behind-events');
    };
    // What comes behind these events would never be answered, and while it waits, the end of the connection is not seen.
    incoming.socket.on('readable', cutPipelined);
    cutPipelined();
    feed.add(outgoing, c.req.header('Last-Event-ID'), () => options.snapshot());
    return RESPONSE_ALREADY_SENT;
  });

  app.notFound((c) => {
    // Somebody who mistyped an address wants words and a way back; programs, and whatever is not a page, get what the API says.
    const isPage = !/^\/(?:api|assets)\//.test(c.req.path) && c.req.header('Accept')?.includes('text/html');
    if (!isPage) return refuse(c, 404, `there is nothing at ${quoted(c.req.path)}`);
    return send(c, { status: 404, headers: { 'Content-Type': files.document.type } }, files.document.bytes);
  });
  app.onError((error, c) => {
    options.failed(error);
    if (error instanceof DamageError) return refuse(c, 500, damageWords);
    return refuse(c, 500, 'something went wrong here; the lottery goes on');
  });
  return app;
}

/** What the page says in the place of something that its server cannot read any more. */
const damageWords =
  'this is damaged on the disk of the server, though the lottery goes on. Whoever runs it can stop it and keep what is whole: node dist/main.js repair DATA_DIR NEW-DIRECTORY';

function securityHeaders(policy: string): Readonly<Record<string, string>> {
  return {
    'Content-Security-Policy': policy,
    'X-Content-Type-Options': 'nosniff',
    'X-Frame-Options': 'DENY',
    'Referrer-Policy': 'no-referrer',
    'Cross-Origin-Resource-Policy': 'same-origin',
    'Cache-Control': 'no-store',
  };
}

function isThisMachine(host: string | undefined): boolean {
  const name = host?.replace(/:\d{1,5}$/, '').toLowerCase();
  return name === 'localhost' || name === '127.0.0.1' || name === '[::1]';
}

function refuse(c: Request, code: 400 | 404 | 405 | 409 | 421 | 500 | 503, why: string): Response {
  return c.json({ error: why }, code);
}

function quoted(text: string): string {
  return `"${escapeForDisplay(text)}"`;
}

function example(query: string): string {
  return `for example ?${query}`;
}
