import { messageOf } from '../base/error-message.ts';
import { isNestedDeeper } from '../base/nesting.ts';
import { limits } from './limits.ts';

/** What a server answers to a call. `refused`: over HTTP, with a status and words, before anything was called. `silent`: nothing that is an answer. */
export type RpcAnswer =
  | { readonly kind: 'result'; readonly result: unknown }
  | { readonly kind: 'error'; readonly code: number; readonly words: string }
  | { readonly kind: 'refused'; readonly status: number; readonly words: string }
  | { readonly kind: 'silent'; readonly why: string };

export interface RpcClientOptions {
  /** Where calls are sent to. */
  readonly url: string;
  /** User name and password, separated by a colon; undefined where there are none. */
  readonly readCredentials: () => string | undefined;
}

/** Calls the methods of a server. */
export class RpcClient {
  readonly #options: RpcClientOptions;

  constructor(options: RpcClientOptions) {
    this.#options = options;
  }

  /** Calls a method. The credentials are sent only where the server asks for them. */
  async call(method: string, params: unknown): Promise<RpcAnswer> {
    const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method, params });
    const answer = await this.#post(body);
    if (answer.kind !== 'refused' || answer.status !== 401) return answer;
    const credentials = this.#options.readCredentials();
    if (credentials === undefined) return answer;
    return this.#post(body, { authorization: `Basic ${Buffer.from(credentials).toString('base64')}` });
  }

  async #post(body: string, headers: Readonly<Record<string, string>> = {}): Promise<RpcAnswer> {
    try {
      const response = await fetch(this.#options.url, {
        method: 'POST',
        body,
        headers: { 'content-type': 'application/json', ...headers },
        redirect: 'error',
        signal: AbortSignal.timeout(limits.answerMs),
      });
      const text = await readText(response.body);
      return text === undefined ? { kind: 'silent', why: tooLarge } : readAnswer(response.status, text);
    } catch (error) {
      const cause = error instanceof Error && error.cause !== undefined ? error.cause : error;
      return { kind: 'silent', why: messageOf(cause) };
    }
  }
}

const tooLarge = `what came has more than ${limits.answerBytesMax} bytes`;

/** The text of a body; undefined where it is too large, of which no more is read. */
async function readText(body: Response['body']): Promise<string | undefined> {
  const pieces: Uint8Array[] = [];
  let bytes = 0;
  for await (const piece of body ?? []) {
    bytes += piece.length;
    if (bytes > limits.answerBytesMax) return undefined;
    pieces.push(piece);
  }
  return Buffer.concat(pieces).toString('utf8');
}

function readAnswer(status: number, text: string): RpcAnswer {
  const json = membersOf(parse(text));
  const { error, result } = json;
  if (status !== 200) return { kind: 'refused', status, words: typeof error === 'string' ? error : '' };
  if (error === undefined) {
    return 'result' in json
      ? { kind: 'result', result }
      : { kind: 'silent', why: 'what came is no answer of JSON-RPC' };
  }
  const { code, message, data } = membersOf(error);
  return { kind: 'error', code: Number(code), words: String(data ?? message) };
}

function parse(text: string): unknown {
  if (isNestedDeeper(text, limits.answerDepthMax)) return undefined;
  try {
    const json: unknown = JSON.parse(text);
    return json;
  } catch {
    return undefined;
  }
}

function membersOf(json: unknown): Readonly<Record<string, unknown>> {
  return typeof json === 'object' && json !== null ? { ...json } : {};
}
