import type { Access, Method } from './method.ts';

/** What each kind of access asks of a caller. */
const accessTags: Readonly<Record<Access, string>> = {
  reading: 'open to whoever may see the page',
  work: 'open to whoever may see the page: a block belongs to the one who proposed it, whoever finds its nonce',
  wallet:
    'moves tokens of the wallets that the server keeps: needs Basic authentication with the cookie in DATA_DIR/rpc.cookie',
  control: 'does what the operator does: needs Basic authentication with the cookie in DATA_DIR/rpc.cookie',
};

/** The OpenRPC document (version 1.4.0) of a table of methods. */
export function openRpcDocument(
  version: string,
  methods: ReadonlyMap<string, Method>,
): Readonly<Record<string, unknown>> {
  return {
    openrpc: '1.4.0',
    info: {
      title: 'sortition',
      version,
      description:
        'Blocks have the format of section 4 of the specification; verify them instead of trusting the server.',
      license: { name: 'MIT' },
    },
    methods: [...methods].map(([name, { summary, access, params, result }]) => ({
      name,
      summary,
      tags: [{ name: access, description: accessTags[access] }],
      paramStructure: 'either',
      params: params.map(({ name: param, summary: what, schema, isRequired }) => ({
        name: param,
        summary: what,
        required: isRequired,
        schema,
      })),
      result,
    })),
  };
}
