import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Dispatcher, type DispatcherOptions } from '../../../src/http/rpc/dispatcher.ts';
import type { CallOutcome, CallParams } from '../../../src/http/rpc/json-rpc.ts';
import { limits } from '../../../src/http/rpc/limits.ts';
import { readSharedText, sharedFolder, sharedWord } from '../../shared.ts';
import { recordOf } from '../json-schema.ts';

type Methods = DispatcherOptions['methods'];

function open(run: (params: CallParams) => CallOutcome): {
  access: 'reading';
  call(params: CallParams): Promise<CallOutcome>;
} {
  return { access: 'reading', call: async (params) => run(params) };
}

function numbersOf(params: CallParams, ...names: readonly string[]): readonly number[] {
  return Array.isArray(params) ? params.map(Number) : names.map((name) => Number(recordOf(params)[name]));
}

/** The methods that the examples of the specification suppose. */
const exampleMethods: Methods = new Map(
  Object.entries({
    subtract: open((params) => {
      const [minuend = 0, subtrahend = 0] = numbersOf(params, 'minuend', 'subtrahend');
      return { result: minuend - subtrahend };
    }),
    sum: open((params) => ({ result: numbersOf(params).reduce((sum, number) => sum + number, 0) })),
    get_data: open(() => ({ result: ['hello', 5] })),
    update: open(() => ({ result: null })),
    notify_hello: open(() => ({ result: null })),
    notify_sum: open(() => ({ result: null })),
  }),
);

interface Sent {
  readonly methods?: Methods;
  readonly isOwner?: boolean;
  readonly failed?: (error: unknown) => string;
}

/** The JSON of an answer; undefined where there is none. */
async function answerTo(
  text: string,
  { methods = exampleMethods, isOwner = false, failed = String }: Sent = {},
): Promise<unknown> {
  const dispatcher = new Dispatcher({ methods, next: () => Promise.resolve(), failed });
  const dispatched = await dispatcher.dispatch(text, isOwner, { afterAnswer: () => undefined });
  if (dispatched.kind === 'not allowed') return `not allowed: ${dispatched.method}`;
  const json: unknown = dispatched.text === undefined ? undefined : JSON.parse(dispatched.text);
  return json;
}

/** An answer as the specification has it: the words for a person, in `data`, are ours to add. */
function withoutData(answer: unknown): unknown {
  if (Array.isArray(answer)) return answer.map(withoutData);
  const { error, ...rest } = recordOf(answer);
  if (error === undefined) return answer;
  const { data, ...named } = recordOf(error);
  expect(typeof data).toBe('string');
  return { ...rest, error: named };
}

async function wordsOf(text: string): Promise<string> {
  return String(recordOf(recordOf(await answerTo(text))['error'])['data']);
}

const call = (rest: object = {}): string =>
  JSON.stringify({ jsonrpc: '2.0', method: 'sum', params: [1], id: 1, ...rest });

interface Example {
  readonly name: string;
  readonly request: string;
  readonly response: string;
}

const examples: { readonly cases: readonly Example[] } =
  sharedFolder === undefined ? { cases: [] } : JSON.parse(readSharedText('vectors/jsonrpc/spec-examples.json'));

describe(`${sharedWord}the examples of the specification of JSON-RPC 2.0`, () => {
  it.skipIf(sharedFolder === undefined)('are fifteen', () => {
    expect(examples.cases).toHaveLength(15);
  });

  it.each(examples.cases)('$name is answered as it says', async ({ request, response }) => {
    const expected: unknown = response === '' ? undefined : JSON.parse(response);
    expect(withoutData(await answerTo(request))).toEqual(expected);
  });
});

describe('a call', () => {
  it.each(['"1"', '""', '0', '-1', '1.5', 'null', '9007199254740991'])('has its id %s given back', async (id) => {
    const answer = await answerTo(`{"jsonrpc":"2.0","method":"sum","params":[1,2],"id":${id}}`);
    expect(JSON.stringify(answer)).toBe(`{"jsonrpc":"2.0","result":3,"id":${id}}`);
  });

  it.each(['9007199254740992', '1e400', '{}', '[1]', 'true'])('with an id like %s is none', async (id) => {
    const answer = await answerTo(`{"jsonrpc":"2.0","method":"sum","id":${id}}`);
    expect(answer).toMatchObject({ id: null, error: { code: -32600, message: 'Invalid Request' } });
  });

  it.each([
    ['{"method":"sum","id":1}', '"jsonrpc":"2.0"'],
    ['{"jsonrpc":2,"method":"sum","id":1}', '"jsonrpc":"2.0"'],
    ['{"jsonrpc":"2.0","id":1}', 'is a name'],
    ['{"jsonrpc":"2.0","method":"sum","params":1,"id":1}', 'are a list'],
    ['{"jsonrpc":"2.0","method":"sum","params":null,"id":1}', 'are a list'],
    ['1', 'is an object'],
    ['', 'is not JSON'],
    ['[]', 'an empty batch'],
  ])('%s is refused with words that show how one looks', async (text, words) => {
    expect(await wordsOf(text)).toContain(words);
  });

  it('of an unknown method says so escaped, also where it is a name that every object has', async () => {
    for (const name of ['__proto__', 'constructor', 'toString', '\u001b[2J', 'ü']) {
      expect(await answerTo(call({ method: name }))).toMatchObject({ id: 1, error: { code: -32601 } });
      expect(await wordsOf(call({ method: name }))).toMatch(/^[ -~]+$/);
    }
  });

  it('whose method fails gets the words for that, and the next one its result', async () => {
    const methods: Methods = new Map([
      ...exampleMethods,
      [
        'fail',
        open(() => {
          throw new Error('secret of the house');
        }),
      ],
    ]);
    const failures: unknown[] = [];
    const failed = (error: unknown): string => {
      failures.push(error);
      return 'something went wrong';
    };
    const answer = await answerTo(`[${call({ method: 'fail' })},${call()}]`, { methods, failed });
    expect(answer).toEqual([
      { jsonrpc: '2.0', error: { code: -32603, message: 'Internal error', data: 'something went wrong' }, id: 1 },
      { jsonrpc: '2.0', result: 1, id: 1 },
    ]);
    expect(failures).toEqual([new Error('secret of the house')]);
  });

  it('may be any text at all: there is one answer, in JSON, or none to a notification', async () => {
    const texts = fc.oneof(
      fc.string(),
      fc.json(),
      fc.jsonValue().map((json) => JSON.stringify({ jsonrpc: '2.0', method: 'sum', params: json, id: 1 })),
    );
    await fc.assert(
      fc.asyncProperty(texts, async (text) => {
        const answer = await answerTo(text);
        for (const one of [answer].flat()) {
          if (one !== undefined) expect(recordOf(one)['jsonrpc']).toBe('2.0');
        }
      }),
      { numRuns: 300 },
    );
  });
});

describe('a batch', () => {
  it(`has at most ${limits.batchMax} calls, and one with more is not carried out`, async () => {
    let carriedOut = 0;
    const methods: Methods = new Map([['sum', open(() => ({ result: ++carriedOut }))]]);
    const batch = (size: number): string => `[${Array.from({ length: size }, () => call()).join(',')}]`;
    expect(await answerTo(batch(100), { methods })).toHaveLength(100);
    expect(await answerTo(batch(101), { methods })).toMatchObject({
      id: null,
      error: { code: -32600, data: 'a batch has at most 100 calls, and this one has 101' },
    });
    expect(carriedOut).toBe(100);
  });

  it('is answered in its order, and no call begins before the one before it has ended', async () => {
    let running = 0;
    const methods: Methods = new Map([
      [
        'slow',
        {
          access: 'reading' as const,
          call: async (params: CallParams) => {
            running += 1;
            expect(running).toBe(1);
            await new Promise((resolve) => setImmediate(resolve));
            running -= 1;
            return { result: params };
          },
        },
      ],
    ]);
    const calls = [3, 1, 2].map((number) => call({ method: 'slow', params: [number], id: number }));
    const answer = await answerTo(`[${calls.join(',')}]`, { methods });
    expect(answer).toMatchObject([
      { id: 3, result: [3] },
      { id: 1, result: [1] },
      { id: 2, result: [2] },
    ]);
  });

  it('with one call that is not allowed is not carried out at all', async () => {
    let carriedOut = 0;
    const count = async (): Promise<CallOutcome> => ({ result: ++carriedOut });
    const methods: Methods = new Map([
      ['read', { access: 'reading', call: count }],
      ['send', { access: 'wallet', call: count }],
      ['stop', { access: 'control', call: count }],
    ]);
    for (const method of ['send', 'stop']) {
      const batch = `[${call({ method: 'read' })},${call({ method, id: undefined })}]`;
      expect(await answerTo(batch, { methods })).toBe(`not allowed: ${method}`);
      expect(carriedOut).toBe(0);
      expect(await answerTo(batch, { methods, isOwner: true })).toHaveLength(1);
      expect(carriedOut).toBe(2);
      carriedOut = 0;
    }
  });

  it('whose answers grow too long is refused from there on', async () => {
    let carriedOut = 0;
    const methods: Methods = new Map([
      ['long', open(() => ({ result: 'x'.repeat(limits.answerCharactersMax / 2 + (++carriedOut === 1 ? -60 : 0)) }))],
    ]);
    const batch = `[${Array.from({ length: 4 }, () => call({ method: 'long' })).join(',')}]`;
    expect(await answerTo(batch, { methods })).toMatchObject([
      { result: expect.any(String) },
      { result: expect.any(String) },
      { error: { code: -32002, message: 'Answer too large' } },
      { error: { code: -32002 } },
    ]);
    expect(carriedOut).toBe(2);
  });

  it(`is nested at most ${limits.depthMax} deep, whatever stands in its texts`, async () => {
    // The call and its list of parameters are two.
    const nested = (depth: number): string =>
      `{"jsonrpc":"2.0","method":"get_data","params":[${'['.repeat(depth - 2)}"[{\\"[["${']'.repeat(depth - 2)}],"id":1}`;
    expect(await answerTo(nested(16))).toMatchObject({ result: ['hello', 5] });
    expect(await wordsOf(nested(17))).toMatch(/^the body is nested more than 16 deep/);
    expect(await wordsOf('['.repeat(262_144))).toMatch(/^the body is nested more than 16 deep/);
  });
});
