import type { ServerResponse } from 'node:http';
import { pipeline } from 'node:stream/promises';

/** What an answer begins with. */
export interface AnswerHead {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
}

/** Sends an answer that is there. The bytes are not copied. */
export function sendBytes(response: ServerResponse, { status, headers }: AnswerHead, bytes: Uint8Array): void {
  response.writeHead(status, { ...headers, 'Content-Length': String(bytes.length) });
  response.end(bytes);
}

/** Sends an answer whose pieces are made as they are taken. Resolves when it is sent or its reader has gone; rejects when a piece could not be made, and cuts the connection, so that nobody takes a part for the whole. */
export async function sendPieces(
  response: ServerResponse,
  { status, headers }: AnswerHead,
  pieces: AsyncIterable<Uint8Array>,
): Promise<void> {
  response.writeHead(status, headers);
  // A HEAD request (RFC 9110, 9.3.2) is told how it would begin.
  if (response.req.method === 'HEAD') {
    response.end();
    return;
  }
  try {
    await pipeline(pieces, response);
  } catch (error) {
    if (!isReaderGone(error)) throw error;
  }
}

function isReaderGone(error: unknown): boolean {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return code === 'ERR_STREAM_PREMATURE_CLOSE' || code === 'ECONNRESET' || code === 'EPIPE';
}
