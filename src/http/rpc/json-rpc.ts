import { isNestedDeeper } from '../../base/nesting.ts';
import { limits } from './limits.ts';

/** What a call is answered under. Undefined for a notification, which is not answered at all. */
type CallId = string | number | null | undefined;

/** The parameters of a call, by position or by name. */
export type CallParams = readonly unknown[] | Readonly<Record<string, unknown>>;

/** An error of JSON-RPC 2.0, section 5.1. `data` has the words for a person. */
export interface CallError {
  readonly code: number;
  readonly message: string;
  readonly data?: string;
}

/** What became of a call. */
export type CallOutcome = { readonly result: unknown } | { readonly error: CallError };

/** A call that has the form of one. */
export interface Call {
  readonly id: CallId;
  readonly method: string;
  readonly params: CallParams;
}

/** Something in the place of a call that is none. It is answered. */
interface InvalidCall {
  readonly error: CallError;
}

/** What a body asks for. Of a batch each call is answered, and of one call it alone. */
export interface RpcRequest {
  readonly isBatch: boolean;
  readonly calls: readonly (Call | InvalidCall)[];
}

const example = '{"jsonrpc":"2.0","id":1,"method":"getinfo","params":[]}';

type ErrorName =
  | 'parseError'
  | 'invalidRequest'
  | 'methodNotFound'
  | 'invalidParams'
  | 'internalError'
  /** There is no such thing here, or not yet. */
  | 'notFound'
  /** A nonce makes no block. */
  | 'workRefused'
  /** The ledger would not take a transaction. */
  | 'transactionRefused'
  /** The answers to the calls before it in the same batch are too long already. */
  | 'answerTooLarge';

/** The errors that the protocol names, with its codes and words, and ours behind them. */
export const callErrors: Readonly<Record<ErrorName, CallError>> = {
  parseError: { code: -32_700, message: 'Parse error' },
  invalidRequest: { code: -32_600, message: 'Invalid Request' },
  methodNotFound: { code: -32_601, message: 'Method not found' },
  invalidParams: { code: -32_602, message: 'Invalid params' },
  internalError: { code: -32_603, message: 'Internal error' },
  notFound: { code: -32_001, message: 'Not found' },
  transactionRefused: { code: -32_004, message: 'Transaction refused' },
  workRefused: { code: -32_003, message: 'Work refused' },
  answerTooLarge: { code: -32_002, message: 'Answer too large' },
};

/** Reads a body as JSON-RPC 2.0. Returns an error where nothing in it can be carried out. */
export function parseRequest(text: string): RpcRequest | InvalidCall {
  if (isNestedDeeper(text, limits.depthMax)) {
    return invalidRequest(`the body is nested more than ${limits.depthMax} deep. A call is ${example}`);
  }
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return { error: { ...callErrors.parseError, data: `the body is not JSON. A call is ${example}` } };
  }
  if (!Array.isArray(json)) return { isBatch: false, calls: [parseCall(json)] };
  if (json.length === 0) return invalidRequest(`an empty batch asks for nothing. A call is ${example}`);
  if (json.length > limits.batchMax) {
    return invalidRequest(`a batch has at most ${limits.batchMax} calls, and this one has ${json.length}`);
  }
  return { isBatch: true, calls: json.map(parseCall) };
}

/**
 * Carries the calls of a request out, one after the other, and returns the text of the answer; undefined where there is none, because all of them
 * were notifications. When the answers of a batch pass `limits.answerCharactersMax`, the calls behind are refused and not carried out.
 */
export async function answerRequest(
  { isBatch, calls }: RpcRequest,
  carryOut: (call: Call) => Promise<CallOutcome>,
): Promise<string | undefined> {
  const answers: string[] = [];
  let characters = 0;
  for (const call of calls) {
    const outcome =
      'error' in call ? call : characters > limits.answerCharactersMax ? answerTooLarge() : await carryOut(call);
    const id = 'error' in call ? null : call.id;
    if (id === undefined) continue;
    const answer = answerText(id, outcome);
    characters += answer.length;
    answers.push(answer);
  }
  if (answers.length === 0) return undefined;
  return isBatch ? `[${answers.join(',')}]` : answers[0];
}

/** The text of an answer. */
export function answerText(id: string | number | null, outcome: CallOutcome): string {
  return JSON.stringify({ jsonrpc: '2.0', ...outcome, id });
}

function parseCall(json: unknown): Call | InvalidCall {
  if (typeof json !== 'object' || json === null || Array.isArray(json)) {
    return invalidRequest(`a call is an object, for example ${example}`);
  }
  const { jsonrpc, method, params = [], id }: Readonly<Record<string, unknown>> = { ...json };
  if (jsonrpc !== '2.0') return invalidRequest(`a call has "jsonrpc":"2.0", for example ${example}`);
  if (typeof method !== 'string') return invalidRequest(`the method of a call is a name, for example ${example}`);
  if (!isId(id)) {
    return invalidRequest(
      'the id of a call is a text, or a number that can be given back as it is, for example "id":1; a call without an id is not answered',
    );
  }
  if (Array.isArray(params)) return { id, method, params };
  if (typeof params !== 'object' || params === null) {
    return invalidRequest('the params of a call are a list, or an object with their names, for example "params":[1]');
  }
  return { id, method, params: { ...params } };
}

/** A number that a double does not keep would come back as another one. */
function isId(id: unknown): id is CallId {
  if (id === undefined || id === null || typeof id === 'string') return true;
  return typeof id === 'number' && Math.abs(id) <= Number.MAX_SAFE_INTEGER;
}

function invalidRequest(data: string): InvalidCall {
  return { error: { ...callErrors.invalidRequest, data } };
}

function answerTooLarge(): CallOutcome {
  const data = `the answers to the calls before this one have more than ${limits.answerCharactersMax} characters, so it was not carried out: ask again in another batch`;
  return { error: { ...callErrors.answerTooLarge, data } };
}
