import type { ServerResponse } from 'node:http';
import { pipeline } from 'node:stream/promises';

/** The status and headers of an answer. */
export interface AnswerHead {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
}

/** Sends a complete answer. The bytes are not copied. */
export function sendBytes(response: ServerResponse, { status, headers }: AnswerHead, bytes: Uint8Array): void {
  response.writeHead(status, { ...headers, 'Content-Length': String(bytes.length) });
  response.end(bytes);
}

/**
 * Sends an answer whose pieces are made when the client takes them. Resolves when it is sent, or when the client has gone. When a piece cannot be
 * made it rejects, and cuts the connection so that the client does not take a part for the whole.
 */
export async function sendPieces(
  response: ServerResponse,
  { status, headers }: AnswerHead,
  pieces: AsyncIterable<Uint8Array>,
): Promise<void> {
  response.writeHead(status, headers);
  // A HEAD request (RFC 9110, 9.3.2) gets the headers alone.
  if (response.req.method === 'HEAD') {
    response.end();
    return;
  }
  try {
    await pipeline(pieces, response);
  } catch (error) {
    if (!isClientGone(error)) throw error;
  }
}

function isClientGone(error: unknown): boolean {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return code === 'ERR_STREAM_PREMATURE_CLOSE' || code === 'ECONNRESET' || code === 'EPIPE';
}
