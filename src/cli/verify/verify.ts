import { escapeForDisplay } from '../../base/escape-for-display.ts';
import { pluralizeCount } from '../../base/formatting.ts';
import { parseAddress } from '../../ledger/address.ts';
import { dataDirForm, readChainName } from '../chain/chain-name.ts';
import type { ChainSource } from '../chain/chain-source.ts';
import { openDefaultSource } from '../chain/open-source.ts';
import { checkSource, holds, type Verification } from '../chain/verification.ts';
import type { Command, CommandIo } from '../command.ts';
import { UsageError } from '../command-error.ts';
import { exitCodes } from '../exit-codes.ts';
import { readOptions } from '../options.ts';
import { Progress, progressBar } from '../progress.ts';
import { commandLine } from '../start-command.ts';
import { watchOutput } from '../watched-output.ts';
import { participationText, verificationJson, verificationText } from './verification-text.ts';
import { accountText, verifyAccount } from './verified-account.ts';
import { verifyEvidence } from './verify-evidence.ts';

/** Checks a chain, wherever it comes from, without the server that made it. */
export const verify: Command = {
  get help() {
    return `Checks every block of a chain: its form and hash, that it follows the one before, that its sealed envelope opens, its ticket, and that
the ticket is the winner's. Where the pools are there, in a data directory or an export with --pools, everybody's tickets too.
It names the first fault, and says how many blocks behind it break a rule, too. It writes nothing, and asks nobody.

Usage: ${commandLine('verify')} [DIR | FILE | -] [options]        without a word: the DATA_DIR of .env, or data

  DIR                  a data directory; its server may run meanwhile. --data-dir DIR is the same
  FILE, or - for standard input: a chain as nc received it, with whatever stands around it; of several chains the last one counts,
                       and those before must be its beginnings. Or an export: JSON, or a line for each block
  --validator ADDRESS  lists the draws that this validator took part in; the first 8 digits or more will do
  --account ADDRESS    in a chain with a ledger: what this account (sort1... or a key) has behind the last block, and that its path leads to
                       StateRoot. This needs the transactions: a data directory, or an export with --pools
  --evidence FILE      judges no chain, but two statements that the authority of a chain has signed: whether they contradict each other
  --json               one line of JSON: {"holds":…,"blocks":…,"fault":{"index":…,"rule":…,"why":…,"following":…,"followingBroken":…},
                       "damage":{"pools":[…],"why":…,"cure":…},…}; fault and damage are null where there is none
  -h, --help           shows this

Examples:
  ${commandLine('verify')}                                      the chain of this machine
  sleep 61 | nc -N localhost 9000 > chain.txt; ${commandLine('verify')} chain.txt
                                                            that of a server elsewhere
  ${commandLine('export')} --pools | ${commandLine('verify')} - --validator 53757a23

Exit codes: 0 the chain holds, or the evidence convicts, 1 the chain does not hold or something of it is damaged, 2 wrong usage,
4 there is no chain or no evidence, or it cannot be read, 5 the output cannot be written, 6 the evidence convicts nobody.
`;
  },
  async run(args, io) {
    watchOutput(io);
    const options = readOptions(args, [
      { name: 'json' },
      { name: 'validator', example: '53757a23' },
      { name: 'account', example: 'sort1...' },
      { name: 'evidence', example: 'evidence.json' },
      dataDirForm,
    ]);
    const { values } = options;
    const evidence = values.get('evidence');
    if (evidence !== undefined) {
      if (options.positionals.length > 0 || ['validator', 'account', 'data-dir'].some((other) => values.has(other)))
        throw new UsageError('--evidence judges its file alone: leave out the chain, --validator and --account');
      return verifyEvidence(evidence, values.has('json'), io);
    }
    const name = readChainName(options, 'verify takes one directory or file');
    const prefix = readPrefix(values.get('validator'));
    const account = readAccountKey(values.get('account'));
    return report(await openDefaultSource(name, io), { prefix, account }, values.has('json'), io);
  },
};

function readPrefix(text: string | undefined): string | undefined {
  if (text === undefined || /^[0-9a-f]{8,64}$/.test(text)) return text;
  throw new UsageError(
    `--validator is "${escapeForDisplay(text)}", but must be an address, or at least its first 8 digits, for example --validator 53757a23`,
  );
}

function readAccountKey(text: string | undefined): string | undefined {
  if (text === undefined) return undefined;
  const parsed = parseAddress(Buffer.from(text).toString('latin1'));
  if ('why' in parsed) throw new UsageError(`--account: ${parsed.why}`);
  return parsed.value;
}

/** Who is looked for in a chain: a validator by the first digits of its address, an account by its key. */
interface Asked {
  readonly prefix: string | undefined;
  readonly account: string | undefined;
}

async function report(
  source: ChainSource,
  { prefix, account: key }: Asked,
  isJson: boolean,
  io: CommandIo,
): Promise<number> {
  const progress = new Progress(io.errors, () => performance.now());
  let blocks = 0;
  let verification: Verification;
  try {
    verification = await checkSource(source, prefix, () => {
      blocks += 1;
      progress.show(() => progressText(blocks, source.share()));
    });
  } finally {
    progress.end();
    await source.close();
  }
  const { audit, participation } = verification;
  const addresses = participation?.addresses ?? [];
  if (addresses.length > 1) {
    throw new UsageError(
      `--validator ${prefix} is the beginning of several addresses, for example ${addresses.slice(0, 2).join(' and ')}`,
    );
  }
  const account = key === undefined ? undefined : verifyAccount(audit, key);
  if (isJson) io.output.write(verificationJson(verification, account));
  else {
    io.output.write(verificationText(verification, io.paint));
    if (participation !== undefined) io.output.write(participationText(participation, audit, io.paint));
    if (account !== undefined) io.output.write(accountText(account));
  }
  return holds(verification) ? exitCodes.fine : exitCodes.failed;
}

function progressText(blocks: number, share: number | undefined): string {
  const checked = `${pluralizeCount(blocks, 'block')} checked`;
  return share === undefined ? checked : `${progressBar(share)}, ${checked}`;
}
