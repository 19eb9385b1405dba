import type { HttpBindings } from '@hono/node-server';
import { RESPONSE_ALREADY_SENT } from '@hono/node-server/utils/response';
import type { Hono } from 'hono';
import { type AdmissionOptions, admit } from './admission.ts';
import { readBody } from './request-body.ts';
import { type HttpContext, type Responder, refuse } from './responder.ts';
import { readCaller } from './rpc/credentials.ts';
import type { Dispatcher } from './rpc/dispatcher.ts';
import { limits } from './rpc/limits.ts';
import type { RpcServer } from './rpc/methods.ts';
import { Semaphore } from './semaphore.ts';
import type { WriteRates } from './write-rates.ts';

export interface RpcOptions extends AdmissionOptions {
  readonly rpcServer: RpcServer;
  /** What the owner of the server authenticates with: `__cookie__:<hex>`; undefined where there is none, and so no owner. */
  readonly rpcCookie: () => string | undefined;
  readonly rates: WriteRates;
  /** How long the body of a call may take, ms. */
  readonly rpcBodyMs: number;
  /** Reports what a method threw, and gives the words for its caller. */
  explainFault(error: unknown): string;
}

const example = '{"jsonrpc":"2.0","id":1,"method":"help"}';

/**
 * Serves POST /rpc, JSON-RPC 2.0 (SPEC 9). A body is read before its request takes a place among those that are answered, so that slow ones hold
 * nobody up. Those that are larger than a call alone have places of their own until they are answered, because they take memory.
 */
export function addRpcRoute(app: Hono<{ Bindings: HttpBindings }>, options: RpcOptions, respond: Responder): void {
  const { counters, rates, rpcCookie, rpcBodyMs } = options;
  const largeBodies = new Semaphore({ concurrentMax: limits.largeBodiesMax, waitingMax: 0 });
  let dispatcher: Promise<Dispatcher> | undefined;
  // Loaded at the first call: most servers never get one.
  const getDispatcher = (): Promise<Dispatcher> => {
    dispatcher ??= makeDispatcher(options);
    return dispatcher;
  };
  app.post('/rpc', async (c) => {
    const { incoming, outgoing } = c.env;
    const waitMs = rates.spend(incoming.socket);
    if (waitMs > 0) {
      counters.add('too-fast');
      return refuse(
        c,
        429,
        'calls come faster than this server takes them: send it again, or several in a batch',
        waitMs,
      );
    }
    const caller = readCaller(c.req.header('Authorization'), rpcCookie());
    if (caller === 'pretender') {
      return refuseUnauthorized(c, options, 'this is not the cookie of this server, which is new at each start');
    }
    const bytes = Number(incoming.headers['content-length'] ?? limits.bodyBytesMax);
    const isLarge = bytes > limits.smallBodyBytesMax && bytes <= limits.bodyBytesMax;
    const release = isLarge ? await largeBodies.acquire() : () => undefined;
    if (release === undefined) {
      counters.add('busy');
      const why = 'too many large bodies are being read here already: ask again in a moment, or with fewer calls';
      return refuse(c, 503, why, limits.largeBodiesBusyMs);
    }
    try {
      const body = await readBody(incoming, outgoing, { bytesMax: limits.bodyBytesMax, timeoutMs: rpcBodyMs });
      switch (body.kind) {
        case 'gone':
          return RESPONSE_ALREADY_SENT;
        case 'too slow':
          counters.nameEnding(outgoing, 'slow-body');
          c.header('Connection', 'close');
          return refuse(c, 408, `the body of a request must come within ${rpcBodyMs / 1000} s`);
        case 'too large':
          counters.add('too-large');
          return refuse(c, 413, `a body has at most ${limits.bodyBytesMax} bytes, for example ${example}`);
        case 'read':
          return await admit(c, options, async () => {
            const text = body.bytes.toString('utf8');
            return answer(c, options, respond, {
              dispatcher: await getDispatcher(),
              text,
              isOwner: caller === 'owner',
            });
          });
      }
    } finally {
      release();
    }
  });
  app.get('/rpc', (c) => {
    c.header('Allow', 'POST, OPTIONS');
    return refuse(c, 405, `calls are sent here with POST, for example ${example}`);
  });
}

interface ReadCall {
  readonly dispatcher: Dispatcher;
  readonly text: string;
  readonly isOwner: boolean;
}

async function answer(
  c: HttpContext,
  options: RpcOptions,
  respond: Responder,
  { dispatcher, text, isOwner }: ReadCall,
): Promise<Response> {
  const { outgoing } = c.env;
  const afterAnswer = (work: () => void): void => {
    outgoing.once('close', work);
  };
  const dispatched = await dispatcher.dispatch(text, isOwner, { afterAnswer });
  if (dispatched.kind === 'not allowed') {
    return refuseUnauthorized(c, options, `${dispatched.method} is for the one who runs this server`);
  }
  if (!dispatched.isUnderstood) options.counters.add('not-understood');
  if (outgoing.destroyed) return RESPONSE_ALREADY_SENT;
  return dispatched.text === undefined ? c.body(null, 204) : respond.text(c, dispatched.text);
}

function refuseUnauthorized(c: HttpContext, { counters }: RpcOptions, why: string): Response {
  counters.add('no-cookie');
  c.header('WWW-Authenticate', 'Basic realm="sortition"');
  return refuse(
    c,
    401,
    `${why}. Send what is in rpc.cookie of its data directory, as curl -u "$(cat data/rpc.cookie)" does`,
  );
}

async function makeDispatcher(options: RpcOptions): Promise<Dispatcher> {
  const [{ Dispatcher }, { makeMethods, explainMissing }] = await Promise.all([
    import('./rpc/dispatcher.ts'),
    import('./rpc/methods.ts'),
  ]);
  return new Dispatcher({
    methods: makeMethods(options.rpcServer),
    explainMissing,
    next: () => options.next(),
    failed: (error) => options.explainFault(error),
  });
}
