import type { HttpBindings } from '@hono/node-server';
import { RESPONSE_ALREADY_SENT } from '@hono/node-server/utils/response';
import type { Context } from 'hono';
import type { PieceStream } from './chain-stream.ts';
import type { PendingResponses } from './pending-responses.ts';
import { type AnswerHead, sendBytes, sendPieces } from './send-answer.ts';
import type { StaticFile } from './static-files.ts';

export type HttpContext = Context<{ Bindings: HttpBindings }>;

export interface ResponderOptions {
  /** Headers of every answer. */
  readonly headers: Readonly<Record<string, string>>;
  readonly pendingResponses: PendingResponses;
  readonly failed: (error: unknown) => void;
}

/** Sends answers directly to Node's response, so that their bytes are counted and not copied. */
export class Responder {
  readonly #options: ResponderOptions;

  constructor(options: ResponderOptions) {
    this.#options = options;
  }

  /** Headers of every answer, for handlers that write to Node's response themselves. */
  get headers(): Readonly<Record<string, string>> {
    return this.#options.headers;
  }

  bytes(c: HttpContext, head: Partial<AnswerHead>, bytes: Uint8Array): Response {
    const { status = 200, headers } = head;
    sendBytes(c.env.outgoing, { status, headers: { ...this.headers, ...headers } }, bytes);
    return RESPONSE_ALREADY_SENT;
  }

  /** Sends a file, or no bytes when the browser has it already. It must ask each time, so that no page is older than its server. */
  file(c: HttpContext, { type, bytes, etag }: StaticFile): Response {
    const validators = { 'Content-Type': type, ETag: etag, 'Cache-Control': 'no-cache' };
    if (c.req.header('If-None-Match') === etag) return c.body(null, 304, validators);
    return this.bytes(c, { headers: validators }, bytes);
  }

  text(c: HttpContext, text: string, type = 'application/json'): Response {
    const bytes = Buffer.from(text);
    this.#options.pendingResponses.add(c.env.outgoing, bytes.length);
    return this.bytes(c, { headers: { 'Content-Type': type } }, bytes);
  }

  json(c: HttpContext, value: unknown): Response {
    return this.text(c, JSON.stringify(value));
  }

  /** Sends a JSON text whose pieces are made when the client takes them. */
  stream(c: HttpContext, { pieces }: PieceStream): Response {
    const head = { status: 200, headers: { ...this.headers, 'Content-Type': 'application/json' } };
    sendPieces(c.env.outgoing, head, pieces).catch(this.#options.failed);
    return RESPONSE_ALREADY_SENT;
  }
}

type RefusalStatus = 400 | 401 | 403 | 404 | 405 | 408 | 409 | 413 | 421 | 425 | 426 | 429 | 500 | 503;

/** Answers a request with an error text as JSON. `retryMs` says when to ask again. */
export function refuse(c: HttpContext, status: RefusalStatus, why: string, retryMs?: number): Response {
  if (retryMs !== undefined) c.header('Retry-After', String(Math.ceil(retryMs / 1000)));
  return c.json({ error: why }, status);
}
