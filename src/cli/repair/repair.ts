import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, realpathSync, renameSync, rmSync } from 'node:fs';
import { basename, dirname, isAbsolute, join, relative, resolve, sep } from 'node:path';
import { escapeForDisplay, onOneLine } from '../../base/escape-for-display.ts';
import { withThousands } from '../../base/formatting.ts';
import { parseSignedBody } from '../../consensus/signed-body.ts';
import { type BodyBeside, ChainVerifier, type Tip } from '../../consensus/verifier.ts';
import { loadBeaconVerifier } from '../../core/load-beacon-verifier.ts';
import { isUnreleased, unreleasedWords } from '../../core/parse-genesis.ts';
import { findPoolFault } from '../../core/verify-pool.ts';
import type { LedgerChange } from '../../ledger/ledger-state.ts';
import { transactionId } from '../../ledger/transaction.ts';
import { type AppendedBlock, ChainError, StoreError } from '../../node/ports.ts';
import { nativeVerifier } from '../../platform/ed25519.ts';
import { makeDirectory } from '../../platform/make-directory.ts';
import { lockOwner } from '../../platform/process-info.ts';
import { syncDirectory, writeWholeFile } from '../../platform/whole-file.ts';
import { isLocked } from '../../storage/chain-lock.ts';
import { HighWaterMark, type Mark } from '../../storage/high-water-mark.ts';
import { LevelStore } from '../../storage/level-store.ts';
import { ReadOnlyStore } from '../../storage/read-only-store.ts';
import { SalvageStore } from '../../storage/salvage.ts';
import { signedBodyOf } from '../chain/chain-entry.ts';
import type { Command, CommandIo } from '../command.ts';
import { UnreadableError, UsageError } from '../command-error.ts';
import { exitCodes } from '../exit-codes.ts';
import { readOptions } from '../options.ts';
import { commandLine } from '../start-command.ts';
import { watchOutput } from '../watched-output.ts';
import { reindex } from './reindex.ts';

/** Copies what is whole of a damaged data directory to a new one. The damaged one is not touched. */
export const repair: Command = {
  get help() {
    return `Usage: ${commandLine('repair')} DIRECTORY NEW-DIRECTORY
       ${commandLine('repair')} --reindex DIRECTORY

Copies the longest beginning of the chain that holds, with its pools, to a new directory. The damaged one is not touched.

The master secret goes with it only when no block that was announced is missing. Otherwise the next draws would be those of the lost
blocks, whose tickets everybody has seen: such a chain can be verified and shown, but a new one has to be begun for playing on.

With --reindex nothing is copied: the accounts of a chain with a ledger are rebuilt in place from its blocks and transactions, and their
root is compared with StateRoot of every block.

Example:
  ${commandLine('repair')} data data-repaired && npm start -- --data-dir data-repaired

Exit codes: 0 all blocks are copied, 1 the end of the chain is lost, 2 wrong usage, 4 there is no chain or nothing of it can be read,
5 the new directory or the output cannot be written.
`;
  },
  async run(args, io) {
    watchOutput(io);
    const { positionals, values } = readOptions(args, [{ name: 'reindex' }]);
    const [from, to, ...rest] = positionals;
    if (values.has('reindex')) return runReindex(positionals, io);
    if (from === undefined || to === undefined || rest.length > 0) {
      throw new UsageError(
        `repair needs two directories, for example: ${commandLine('repair', 'data', 'data-repaired')}`,
      );
    }
    if (!existsSync(join(from, 'chain'))) {
      throw new UnreadableError(
        `there is no chain in ${escapeForDisplay(from)}: name the DATA_DIR of a server, for example data`,
      );
    }
    if (isWithin(from, to)) {
      const outside = commandLine('repair', from, 'data-repaired');
      throw new UsageError(
        `"${escapeForDisplay(to)}" is in "${escapeForDisplay(from)}", which must not be touched. Name a directory beside it, for example: ${outside}`,
      );
    }
    if (existsSync(to) && readdirSync(to).length > 0) {
      throw new UsageError(`"${escapeForDisplay(to)}" is not empty. Name a directory that does not exist yet`);
    }
    try {
      const user = await userOf(join(from, 'chain'));
      if (user !== undefined)
        throw new UsageError(`"${escapeForDisplay(from)}" is in use by ${user}. Stop that server first`);
      makeDirectory(to);
      return await copyWhole(from, to, io);
    } catch (error) {
      if (!isOfTheDisk(error)) throw error;
      if (existsSync(to)) for (const name of readdirSync(to)) rmSync(join(to, name), { recursive: true, force: true });
      const why = `${escapeForDisplay(from)} could not be copied to ${escapeForDisplay(to)}: ${onOneLine(error.message)}`;
      io.errors.write(`sortition: ${why}. Nothing is left there.\n`);
      return exitCodes.unwritable;
    }
  },
};

async function runReindex(directories: readonly string[], io: CommandIo): Promise<number> {
  const [directory, ...rest] = directories;
  if (directory === undefined || rest.length > 0) {
    throw new UsageError(`--reindex needs one directory, for example: ${commandLine('repair', '--reindex', 'data')}`);
  }
  if (!existsSync(join(directory, 'chain'))) {
    throw new UnreadableError(
      `there is no chain in ${escapeForDisplay(directory)}: name the DATA_DIR of a server, for example data`,
    );
  }
  const user = await userOf(join(directory, 'chain'));
  if (user !== undefined)
    throw new UsageError(`"${escapeForDisplay(directory)}" is in use by ${user}. Stop that server first`);
  try {
    return await reindex(directory, io);
  } catch (error) {
    if (error instanceof ChainError) throw new UnreadableError(error.message);
    throw error;
  }
}

/** Whether a directory, which need not exist yet, is the other one or lies in it. Links are followed. */
function isWithin(outer: string, inner: string): boolean {
  const way = relative(realpathSync(outer), realPathOf(resolve(inner)));
  return way === '' || !(way === '..' || way.startsWith(`..${sep}`) || isAbsolute(way));
}

/** The real path of something, or what it will be once it is made. */
function realPathOf(path: string): string {
  if (existsSync(path) || dirname(path) === path) return realpathSync(path);
  return join(realPathOf(dirname(path)), basename(path));
}

/** What the store or the system says when a file cannot be written or read. */
function isOfTheDisk(error: unknown): error is Error {
  return error instanceof StoreError || error instanceof ChainError || (error instanceof Error && 'syscall' in error);
}

/** The process that has a chain open, in words; undefined when it is closed. The lock tells it: `kill -9` would leave a server.pid behind. */
async function userOf(chain: string): Promise<string | undefined> {
  const pid = lockOwner(join(chain, 'LOCK'));
  const isInUse = (await isLocked(chain)) ?? pid !== undefined;
  if (!isInUse) return undefined;
  // A process in another container has no number here.
  return pid !== undefined && pid > 0 ? `process ${pid}` : 'another process';
}

async function copyWhole(from: string, to: string, { output, paint }: CommandIo): Promise<number> {
  // A copy that is interrupted must not pass for a chain: it is made in here, and moved when it is complete.
  const unfinished = join(to, 'unfinished');
  mkdirSync(unfinished);
  const salvage = join(unfinished, 'salvage');
  cpSync(join(from, 'chain'), salvage, { recursive: true });
  const salvaged = await SalvageStore.open(salvage);
  if (isUnreleased(await salvaged.block(0))) {
    await salvaged.close();
    rmSync(to, { recursive: true });
    throw new UnreadableError(`the chain in ${escapeForDisplay(from)} ${unreleasedWords}`);
  }
  const store = await LevelStore.open(unfinished);
  const mark = markOf(from);
  const copied = await copyBlocks(salvaged, store, mark === 'damaged' ? undefined : mark);
  await store.close();
  await salvaged.close();

  const height = copied.tip?.index ?? -1;
  if (copied.tip === undefined) {
    rmSync(to, { recursive: true });
    output.write(`${paint.red('Nothing can be read')} of the chain in ${escapeForDisplay(from)}: ${copied.why}.\n`);
    return exitCodes.unreadable;
  }
  // The tip first: without it a chain passes for damaged, and a tip without a chain does, too.
  for (const name of ['tip', 'chain']) {
    renameSync(join(unfinished, name), join(to, name));
    syncDirectory(to);
  }
  rmSync(unfinished, { recursive: true });
  output.write(`${paint.green(`Blocks 0 to ${height}`)} hold, and are in ${escapeForDisplay(to)} now.\n`);
  if (copied.poolsLost > 0)
    output.write(
      `${withThousands(copied.poolsLost)} of their pools are damaged and left out: of those draws the winner's path can be checked, and no more.\n`,
    );
  const lost = await countLost(from, mark, height);
  if (lost !== undefined && lost <= 0) {
    if (copySecrets(from, to))
      output.write(`No block is missing. Go on with: npm start -- --data-dir ${escapeForDisplay(to)}\n`);
    else
      output.write('No block is missing. There is no master secret, so the chain can be verified but not continued.\n');
    return exitCodes.fine;
  }
  const which =
    lost === undefined
      ? 'Whether it went on after that is not known'
      : `${withThousands(lost)} after that are ${paint.red('lost')}`;
  output.write(
    `${which}: ${copied.why}.\nThe master secret is not copied: the draws of lost blocks are known to all who heard them, and would come again.\nBegin a new chain for playing on, for example: npm start -- --data-dir data-new\n`,
  );
  return exitCodes.failed;
}

interface Copied {
  readonly tip: Tip | undefined;
  readonly poolsLost: number;
  /** Why it ends there. */
  readonly why: string;
}

async function copyBlocks(salvaged: SalvageStore, store: LevelStore, mark: Mark | undefined): Promise<Copied> {
  const verifySignature = nativeVerifier();
  let verifier = new ChainVerifier(verifySignature);
  let poolsLost = 0;
  for (let index = 0; ; index++) {
    const json = await salvaged.block(index);
    const { tip, state } = verifier;
    if (index === 1 && tip !== undefined)
      verifier = new ChainVerifier(verifySignature, { verifyBeacon: await loadBeaconVerifier(tip.form), tip, state });
    if (json === undefined) return { tip, poolsLost, why: `block ${index} is not there` };
    const signed = index > 0 && verifier.state !== undefined ? signedBodyOf(await salvaged.signedBody(index)) : {};
    const seal = await salvaged.seal(index);
    const checked = verifier.next(json, seal === undefined ? signed : { ...signed, Seal: seal });
    if ('fault' in checked) return { tip, poolsLost, why: `block ${index} breaks the rule "${checked.fault.rule}"` };
    const { block, change } = checked;
    // A chain that was rewritten whole holds, too; but its secret would draw what is announced already.
    if (index === mark?.index && block.Hash !== mark.hash) {
      return { tip, poolsLost, why: `block ${index} is not the one that was announced` };
    }
    // The genesis has no pool.
    const pool = index === 0 ? [] : await salvaged.pool(index);
    const whole = typeof pool === 'object' && findPoolFault(block, pool) === undefined ? pool : undefined;
    if (whole === undefined && pool !== 'left out') poolsLost += 1;
    await store.append({
      block,
      text: JSON.stringify(block),
      body: whole,
      ...(seal === undefined ? {} : { seal }),
      ...ledgerOf(verifier, signed, change),
    });
  }
}

/** What a store keeps of the ledger of a block that holds; nothing in a chain without one. */
function ledgerOf(
  { tip, state }: ChainVerifier,
  body: BodyBeside,
  change: LedgerChange | undefined,
): Pick<AppendedBlock, 'signed' | 'effects'> {
  if (tip === undefined || state === undefined) return {};
  if (change === undefined)
    return { effects: { accounts: new Map([...state.accounts()].entries()), transactionIds: [] } };
  const signed = 'why' in body ? undefined : parseSignedBody(body);
  if (signed === undefined) throw new Error('what lies beside a block that holds cannot be parsed');
  const transactionIds = signed.Transactions.map((transaction) => transactionId(tip.chainId, transaction));
  return { signed, effects: { accounts: change.accounts, transactionIds } };
}

/** The mark of a chain's tip; undefined where the file does not exist. */
function markOf(from: string): Mark | 'damaged' | undefined {
  try {
    return new HighWaterMark(join(from, 'tip')).read();
  } catch {
    return 'damaged';
  }
}

/** How many blocks after `height` are lost; undefined where that is not known. */
async function countLost(
  from: string,
  mark: Mark | 'damaged' | undefined,
  height: number,
): Promise<number | undefined> {
  if (mark === 'damaged') return undefined;
  if (mark !== undefined) return mark.index - height;
  // A power cut may have taken the mark of a chain that is whole otherwise: a server goes on with it as it is.
  const isWhole = (height === 0 || existsSync(join(from, 'tip'))) && (await heightOf(from)) === height;
  return isWhole ? 0 : undefined;
}

/** Where the chain in a directory ends that can be read without a repair; undefined where it cannot. */
async function heightOf(directory: string): Promise<number | undefined> {
  let height = -1;
  try {
    const stored = await ReadOnlyStore.open(directory);
    try {
      for await (const batch of stored.blocks()) height += batch.length;
    } finally {
      await stored.close();
    }
    return height;
  } catch (error) {
    if (error instanceof ChainError) return undefined;
    throw error;
  }
}

/** Copies the secrets of a server, and what they come from where that is known; false where the master secret is not there. */
function copySecrets(from: string, to: string): boolean {
  for (const name of ['master-secret', 'wallet-secret', 'seed']) {
    const file = join(from, name);
    if (existsSync(file)) writeWholeFile(join(to, name), readFileSync(file, 'latin1'), 0o600);
  }
  return existsSync(join(to, 'master-secret'));
}
