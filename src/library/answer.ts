import { onOneLine } from '../base/escape-for-display.ts';
import { limits } from './limits.ts';
import { readRefusal } from './message-readers.ts';

/** A server refused what it was asked. The message is its own, printable. */
export class RefusedError extends Error {
  override readonly name = 'RefusedError';
  /** The status of HTTP. */
  readonly status: number;

  constructor(status: number, words: string) {
    super(onOneLine(words));
    this.status = status;
  }
}

/** The JSON value of an answer. Rejects with a RefusedError where the server refuses, with a TypeError where what came is no answer of one. */
export async function readAnswer(response: Response): Promise<unknown> {
  const json = parse(await readText(response));
  if (response.ok) return json;
  throw new RefusedError(response.status, readRefusal(json));
}

function parse(text: string): unknown {
  try {
    const json: unknown = JSON.parse(text);
    return json;
  } catch {
    throw new TypeError("The server's answer cannot be read: it is not JSON.");
  }
}

async function readText({ body }: Response): Promise<string> {
  let text = '';
  let bytes = 0;
  const decoder = new TextDecoder();
  for await (const piece of piecesOf(body)) {
    bytes += piece.length;
    if (bytes > limits.answerBytesMax)
      throw new TypeError(`The server's answer cannot be read: it has more than ${limits.answerBytesMax} bytes.`);
    text += decoder.decode(piece, { stream: true });
  }
  return text + decoder.decode();
}

/** The pieces of a body. A reader that ends early ends the request. Not all browsers can iterate over a body by themselves. */
export async function* piecesOf(body: Response['body']): AsyncGenerator<Uint8Array> {
  if (body === null) return;
  const reader = body.getReader();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      yield value;
    }
  } finally {
    // It may have failed by itself, and then there is nothing to end.
    await reader.cancel().catch(() => undefined);
  }
}
