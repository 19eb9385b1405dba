import { escapeForDisplay } from '../../base/escape-for-display.ts';
import { answerRequest, answerText, type Call, type CallOutcome, callErrors, parseRequest } from './json-rpc.ts';
import { type CallContext, isOpen, type Method } from './method.ts';

export interface DispatcherOptions {
  readonly methods: ReadonlyMap<string, Pick<Method, 'access' | 'call'>>;
  /** Says why a method that others have is not there; undefined for a name that no table has. */
  readonly explainMissing?: (method: string) => string | undefined;
  /** Resolves when one more call may be carried out. */
  readonly next: () => Promise<void>;
  /** Hears of a method that throws, and gives the words for its caller. */
  readonly failed: (error: unknown) => string;
}

/** What a body is answered with. Notifications alone have no answer. */
export type Dispatched =
  | { readonly kind: 'answered'; readonly text: string | undefined; readonly isUnderstood: boolean }
  /** Nothing was carried out, because `method` is for the one who has the cookie. */
  | { readonly kind: 'not allowed'; readonly method: string };

/** Carries out the calls of JSON-RPC 2.0. */
export class Dispatcher {
  readonly #options: DispatcherOptions;

  constructor(options: DispatcherOptions) {
    this.#options = options;
  }

  /** Answers the text of a body. A batch in which one method is not allowed is not carried out at all. */
  async dispatch(text: string, isOwner: boolean, context: CallContext): Promise<Dispatched> {
    const request = parseRequest(text);
    if ('error' in request) return { kind: 'answered', text: answerText(null, request), isUnderstood: false };
    const closed = request.calls.find(
      (call) => 'method' in call && !isOwner && !isOpen(this.#options.methods.get(call.method)?.access ?? 'reading'),
    );
    if (closed !== undefined && 'method' in closed) return { kind: 'not allowed', method: closed.method };
    const answer = await answerRequest(request, (call) => this.#carryOut(call, context));
    return { kind: 'answered', text: answer, isUnderstood: request.calls.every((call) => 'method' in call) };
  }

  async #carryOut(call: Call, context: CallContext): Promise<CallOutcome> {
    const { methods, next, failed } = this.#options;
    const method = methods.get(call.method);
    if (method === undefined) {
      const shown = escapeForDisplay(Buffer.from(call.method).toString('latin1'));
      const why = this.#options.explainMissing?.(call.method) ?? `"${shown}" is no method: help lists all`;
      return { error: { ...callErrors.methodNotFound, data: why } };
    }
    await next();
    try {
      return await method.call(call.params, context);
    } catch (error) {
      return { error: { ...callErrors.internalError, data: failed(error) } };
    }
  }
}
