import { pluralize, pluralizeCount } from '../../base/formatting.ts';
import type { Account } from '../../ledger/account.ts';
import { addressOf, parseAddress } from '../../ledger/address.ts';
import { readAccount } from '../answer-reader.ts';
import type { Command } from '../command.ts';
import { UsageError } from '../command-error.ts';
import { exitCodes } from '../exit-codes.ts';
import { nodeForms, openNode } from '../node-connection.ts';
import { readOptions } from '../options.ts';
import { commandLine } from '../start-command.ts';
import { watchOutput } from '../watched-output.ts';
import { readProof } from './proof.ts';

/** Shows an account of a running server, and proves what it has. */
export const account: Command = {
  get help() {
    return `Shows what an account has behind the last block of a running server. With --proof it is checked here, against the block that the server gives.

Usage: ${commandLine('account')} ADDRESS [options]

  ADDRESS                an address (sort1...), or a key of 64 hex digits
  --proof                asks for the path from the account to StateRoot, and checks it: the path, the hash of the block, and its
                         signature or its work. What is left to trust is that the block is in the chain: compare its hash
  --json                 one line of JSON; with --proof all that another program needs to check it:
                         {"Genesis":…,"Block":…,"Proof":{"Index":…,"Number":…,"Account":[…],"Path":[…]}}
  --url URL, --dashboard-port N, --data-dir DIR
                         the page of the server, as ${commandLine('rpc')} takes it [that of this machine]
  -h, --help             shows this

Examples:
  ${commandLine('account', 'sort1...')}
  ${commandLine('account', 'sort1...')} --proof --json > proof.json

Exit codes: 0 done, 1 there is no such account, the server does not answer, or what it says proves nothing, 2 wrong usage.
`;
  },
  async run(args, io) {
    watchOutput(io);
    const options = readOptions(args, [{ name: 'proof' }, { name: 'json' }, ...nodeForms]);
    const [text, another] = options.positionals;
    if (text === undefined || another !== undefined) {
      throw new UsageError(`account needs one address or key, for example ${commandLine('account', 'sort1...')}`);
    }
    const parsed = parseAddress(Buffer.from(text).toString('latin1'));
    if ('why' in parsed) throw new UsageError(parsed.why);
    const node = openNode(options, io);
    const isJson = options.values.has('json');
    if (options.values.has('proof')) {
      const { json, words } = await readProof(node, parsed.value);
      io.output.write(isJson ? `${JSON.stringify(json)}\n` : words);
      return exitCodes.fine;
    }
    const found = readAccount(await node.call('getaccount', [parsed.value]));
    io.output.write(isJson ? `${JSON.stringify(fieldsOf(found))}\n` : accountText(found));
    return exitCodes.fine;
  },
};

/** The account with the names that the format gives its parts. */
function fieldsOf({ key, balance, bonded, unbonding, release, since, nonce }: Account): object {
  const amounts = { Balance: String(balance), Bonded: String(bonded), Unbonding: String(unbonding) };
  return { Key: key, ...amounts, Release: release, Since: since, Nonce: nonce };
}

function accountText({ key, balance, bonded, unbonding, release, nonce }: Account): string {
  const later = unbonding === 0n ? '' : `, ${pluralize(unbonding, 'token')} more until block ${release}`;
  return `${addressOf(key)}
  key       ${key}
  balance   ${balance}
  at stake  ${bonded}${later}
  sent      ${pluralizeCount(nonce, 'transaction')}
`;
}
