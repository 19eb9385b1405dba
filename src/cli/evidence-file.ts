import { closeSync, existsSync, openSync, writeSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { messageOf } from '../base/error-message.ts';
import { onOneLine } from '../base/escape-for-display.ts';
import { evidenceText } from '../core/evidence.ts';
import { parseExact } from '../core/exact-json.ts';
import { formOf, parseSealedBlock } from '../core/parse-block.ts';
import { parseGenesisBlock } from '../core/parse-genesis.ts';
import type { BlockStore } from '../node/ports.ts';
import { commandLine } from './start-command.ts';

/** What convicts an authority. */
export interface FoundEvidence {
  readonly chainId: string;
  readonly index: number;
  /** Of an evidence file, without its LF. */
  readonly text: string;
}

/** The evidence that two blocks are, which the authority of a stored chain has signed for one Index. */
export async function evidenceOfBlocks(
  store: Pick<BlockStore, 'block'>,
  blocks: readonly [string, string],
): Promise<FoundEvidence> {
  const genesis = parseGenesisBlock(parseExact((await store.block(0)) ?? ''));
  if ('why' in genesis) throw new Error('a chain that is followed has a genesis');
  const form = formOf(genesis.value.Genesis);
  const [first, second] = blocks.map((text) => {
    const parsed = parseSealedBlock(parseExact(text), form);
    return 'value' in parsed && 'Signature' in parsed.value ? parsed.value : undefined;
  });
  if (first === undefined || second === undefined) throw new Error('what convicts an authority is signed blocks');
  const text = evidenceText(genesis.value, { Block: first }, { Block: second });
  return { chainId: genesis.value.Hash, index: first.Index, text };
}

/**
 * Keeps evidence in a file of a directory, the working directory where none is said, for its owner alone until that person shows it to others. Returns what to tell the person, as
 * a printable sentence. No file is ever written over.
 */
export function keepEvidence({ chainId, index, text }: FoundEvidence, directory = ''): string {
  const name = join(directory, `sortition-evidence-${chainId.slice(0, 8)}-${index}.json`);
  const judge = `anybody can judge it: ${commandLine('verify', '--evidence', name)}`;
  if (existsSync(name)) return `Evidence against its authority lies in ${onOneLine(resolve(name))} already; ${judge}`;
  try {
    const file = openSync(name, 'wx', 0o600);
    try {
      writeSync(file, `${text}\n`);
    } finally {
      closeSync(file);
    }
  } catch (error) {
    return `Evidence against its authority could not be kept in ${onOneLine(resolve(name))}: ${onOneLine(messageOf(error))}`;
  }
  return `Evidence against its authority is in ${onOneLine(resolve(name))}; ${judge}`;
}
