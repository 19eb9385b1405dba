import { createWriteStream, rmSync, type WriteStream } from 'node:fs';
import { messageOf } from '../../base/error-message.ts';
import { escapeForDisplay } from '../../base/escape-for-display.ts';
import { ChainError, DamageError } from '../../node/ports.ts';
import { draftOf, publishDraft } from '../../platform/whole-file.ts';
import type { ReadOnlyStore } from '../../storage/read-only-store.ts';
import { dataDirForm, readChainName } from '../chain/chain-name.ts';
import { openStored } from '../chain/open-source.ts';
import type { Command, CommandIo } from '../command.ts';
import { UnreadableError, UnwritableError, UsageError } from '../command-error.ts';
import { readCurrentDataDirectory } from '../config/current-config.ts';
import { exitCodes } from '../exit-codes.ts';
import { readOptions } from '../options.ts';
import { type ReplaceableFile, replaceableFile } from '../output-file.ts';
import { Progress } from '../progress.ts';
import { commandLine, cureText, repairLine } from '../start-command.ts';
import { type ExportFormat, exportFormats } from './export-format.ts';
import { limits } from './limits.ts';
import { Writer } from './writer.ts';

/** Writes a stored chain out as text. (`export` alone is a word of the language.) */
export const exportCommand: Command = {
  get help() {
    return `Writes the chain of a data directory as it is stored, without checking it: that is what verify is for.
The server may run meanwhile.

Usage: ${commandLine('export')} [DIR] [options]        without DIR: the DATA_DIR of .env, or data

  DIR, or --data-dir DIR
                     a data directory
  --format json      the whole chain on one line, byte for byte as a server sends it [the usual one]
  --format ndjson    a line for each block
  --format csv       a table: a line of names, then a line for each block, without the paths
  --pools            with ndjson: {"Block":…,"Pool":[{"Validator":…,"Stake":…,"BPM":…},…]}, all that a full audit needs
                     of a chain with a ledger: {"Block":…,"Transactions":[…],"Candidates":[…]}, the Candidates in a lottery alone
  --output FILE      there instead of standard output
  -h, --help         shows this

Examples:
  ${commandLine('export')} > chain.json
  ${commandLine('export')} --pools --output chain.ndjson && ${commandLine('verify')} chain.ndjson
  ${commandLine('export')} --format csv | column -s, -t | less -S

Exit codes: 0 written, 2 wrong usage, 4 there is no chain or it cannot be read, 5 the output cannot be written.
`;
  },
  async run(args, io) {
    const options = readOptions(args, [
      { name: 'format', example: 'ndjson' },
      { name: 'pools' },
      { name: 'output', example: 'chain.json' },
      dataDirForm,
    ]);
    const { values } = options;
    const name = readChainName(options, 'export takes one directory');
    const hasPools = values.has('pools');
    const format = readFormat(values.get('format') ?? (hasPools ? 'ndjson' : 'json'));
    if (hasPools && format.name !== 'ndjson') {
      throw new UsageError(`--pools needs a line for each block: --format ndjson, not ${format.name}`);
    }
    const stored = await openStored(name ?? readCurrentDataDirectory(io));
    await write(stored, { format, hasPools, file: values.get('output') }, io);
    return exitCodes.fine;
  },
};

function readFormat(text: string): ExportFormat {
  const format = exportFormats.find(({ name }) => name === text);
  if (format !== undefined) return format;
  const names = exportFormats.map(({ name }) => name).join(', ');
  throw new UsageError(
    `--format is "${escapeForDisplay(text)}", but must be one of ${names}, for example --format ndjson`,
  );
}

interface ExportOptions {
  readonly format: ExportFormat;
  readonly hasPools: boolean;
  readonly file: string | undefined;
}

async function write(stored: ReadOnlyStore, { format, hasPools, file }: ExportOptions, io: CommandIo): Promise<void> {
  const progress = new Progress(io.errors, () => performance.now());
  const place = file === undefined ? undefined : replaceableFile(file);
  const writer = new Writer(file === undefined ? io.output : openOutput(file, place));
  let characters = 0;
  let isWhole = false;
  try {
    for await (const text of rows(stored, format, hasPools)) {
      await writer.write(text);
      if (writer.failure !== undefined) break;
      characters += text.length;
      progress.show(() => `${Math.round(characters / 1e6)} MB written`);
    }
    isWhole = true;
  } finally {
    progress.end();
    await stored.close();
    if (file !== undefined) await writer.end();
    isWhole &&= writer.failure === undefined;
    if (place !== undefined && !isWhole) rmSync(draftOf(place.path), { force: true });
  }
  if (writer.failure !== undefined && !writer.isDeserted) {
    throw new UnwritableError(file ?? 'standard output', writer.failure.message);
  }
  if (place !== undefined && isWhole) publish(place);
}

/** A cut off export may pass for a shorter chain that holds, so a file gets its name only when it is whole. */
function openOutput(file: string, place: ReplaceableFile | undefined): WriteStream {
  return place === undefined
    ? createWriteStream(file)
    : createWriteStream(draftOf(place.path), { mode: place.mode, flush: true });
}

function publish({ path }: ReplaceableFile): void {
  try {
    publishDraft(path);
  } catch (error) {
    throw new UnwritableError(path, messageOf(error));
  }
}

/** What lies beside a block, as the rest of a JSON object: what its ledger is judged by, or its pool; undefined where a repair lost it. */
async function besideBlock(stored: ReadOnlyStore, index: number): Promise<string | undefined> {
  const seal = await stored.sealOf(index);
  const end = seal === undefined ? '}' : `,"Seal":${JSON.stringify(seal)}}`;
  const signed = await stored.signedBodyText(index);
  if (signed !== undefined) return `${signed.slice(1, -1)}${end}`;
  const pool = await stored.poolText(index);
  return pool === undefined ? undefined : `"Pool":${pool}${end}`;
}

/** The text of an export, in pieces that are worth a write. */
async function* rows(stored: ReadOnlyStore, format: ExportFormat, hasPools: boolean): AsyncGenerator<string> {
  let text = format.head;
  let index = 0;
  try {
    for await (const batch of stored.blocks()) {
      for (const blockText of batch) {
        text += format.row(blockText, index, hasPools ? await besideBlock(stored, index) : undefined);
        index += 1;
        if (text.length < limits.exportPieceBytes) continue;
        yield text;
        text = '';
      }
    }
  } catch (error) {
    if (error instanceof DamageError) {
      throw new UnreadableError(
        `the chain cannot be written out: ${error.message}. ${cureText(repairLine(stored.directory))}`,
      );
    }
    const why = error instanceof ChainError ? error.message : `block ${index} is not one: ${String(error)}`;
    throw new UnreadableError(`the chain cannot be written out: ${why}`);
  }
  yield text + format.tail;
}
