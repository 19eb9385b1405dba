import type { DescribingCalls } from '../api/rpc-types.ts';
import { isOpen, type Method, type MethodTable, method, notFound } from './method.ts';
import { openRpcDocument } from './open-rpc.ts';
import { methodName, shownJson } from './param-forms.ts';

/** The methods that describe a table of methods, themselves included. */
export function describingMethods(
  version: string,
  methods: () => ReadonlyMap<string, Method>,
): MethodTable<DescribingCalls> {
  return {
    'rpc.discover': method<DescribingCalls['rpc.discover']>({
      summary: 'all methods as an OpenRPC document',
      access: 'reading',
      params: {},
      result: { name: 'document', schema: { type: 'object' } },
      run: () => ({ result: openRpcDocument(version, methods()) }),
    }),
    help: method<DescribingCalls['help']>({
      summary: 'the methods and what they do, or all that there is to say of one',
      access: 'reading',
      params: { method: methodName },
      result: { name: 'lines', schema: { type: 'array', items: { type: 'string' } } },
      run({ method: name }) {
        if (name === undefined) return { result: [...methods()].map(helpLine) };
        const described = methods().get(name);
        return described === undefined
          ? notFound(`there is no method ${shownJson(name)}: help lists all`)
          : { result: helpText(name, described) };
      },
    }),
  };
}

/** One line about a method. Its optional parameters stand in brackets. */
function helpLine([name, { summary, access, params }]: readonly [string, Method]): string {
  const usage = [name, ...params.map((param) => (param.isRequired ? param.name : `[${param.name}]`))].join(' ');
  return `${usage}: ${summary}${isOpen(access) ? '' : ` (${access}: needs the cookie)`}`;
}

function helpText(name: string, described: Method): readonly string[] {
  const { params, result } = described;
  return [
    helpLine([name, described]),
    ...params.map((param) => `  ${param.name}: ${param.summary}`),
    `gives ${result.name}: ${JSON.stringify(result.schema)}`,
  ];
}
