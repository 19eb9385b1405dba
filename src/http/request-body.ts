import type { IncomingMessage, ServerResponse } from 'node:http';

/** What became of the body of a request. `gone`: the client has disconnected. */
export type BodyResult =
  | { readonly kind: 'read'; readonly bytes: Buffer }
  | { readonly kind: 'too large' }
  | { readonly kind: 'too slow' }
  | { readonly kind: 'gone' };

export interface BodyBounds {
  readonly bytesMax: number;
  /** How long the whole body may take, ms. */
  readonly timeoutMs: number;
}

/**
 * Reads the body of a request. Resolves as soon as the body is complete, has more than `bytesMax` bytes or says that it will, has taken longer
 * than `timeoutMs`, or its client is gone. What follows then is left unread.
 */
export function readBody(
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  { bytesMax, timeoutMs }: BodyBounds,
): Promise<BodyResult> {
  const { 'content-length': length, expect } = incoming.headers;
  if (Number(length) > bytesMax) return Promise.resolve({ kind: 'too large' });
  // Such a client waits for leave to send its body (RFC 9110, 10.1.1), and so need not send one that is too large.
  if (expect?.toLowerCase() === '100-continue') outgoing.writeContinue();
  return new Promise((resolve) => {
    // Its own memory: a chunk is a view of the socket's 64 KiB buffer, and a body that comes in pieces would keep that alive.
    const body = Buffer.allocUnsafeSlow(length === undefined ? bytesMax : Number(length));
    let bytes = 0;
    const finish = (result: BodyResult): void => {
      clearTimeout(timer);
      incoming.off('data', onData).off('end', onEnd).off('close', onClose).pause();
      resolve(result);
    };
    const onData = (chunk: Buffer): void => {
      chunk.copy(body, bytes);
      bytes += chunk.length;
      if (bytes > bytesMax) finish({ kind: 'too large' });
    };
    const onEnd = (): void => finish({ kind: 'read', bytes: body.subarray(0, bytes) });
    const onClose = (): void => finish({ kind: 'gone' });
    const timer = setTimeout(() => finish({ kind: 'too slow' }), timeoutMs);
    incoming.on('data', onData).on('end', onEnd).on('close', onClose);
  });
}
