import { pluralizeCount } from '../../base/formatting.ts';
import { parsePool } from '../../core/parse-pool.ts';
import type { Candidate } from '../../core/pool.ts';
import { UnreadableError } from '../command-error.ts';
import { type ChainEntry, isDamage } from './chain-entry.ts';
import { damageError } from './chain-source.ts';
import { DirectorySource } from './directory-source.ts';
import { openStored } from './open-source.ts';

/** A chain as it is stored, in memory as a whole: not checked. */
export interface WholeChain {
  readonly blocks: readonly unknown[];
  /** The pool that the last block was drawn from; empty when there is only a genesis, undefined where it is lost. */
  readonly lastPool: readonly Candidate[] | undefined;
}

/** Reads the chain of a data directory. Throws an UnreadableError when it is missing or incomplete. */
export async function readWholeChain(directory: string): Promise<WholeChain> {
  const source = new DirectorySource(directory, await openStored(directory));
  try {
    const blocks: unknown[] = [];
    let last: ChainEntry | undefined;
    for await (const event of source.events()) {
      if (event.kind === 'damaged') throw damageError(source, event.why);
      if (event.kind !== 'entry') continue;
      last = event.entry;
      blocks.push(last.block);
    }
    const { mark, name } = source;
    if (mark !== undefined && blocks.length <= mark.index) {
      throw new UnreadableError(
        `the chain in ${name} has ${pluralizeCount(blocks.length, 'block')}, but it had come to block ${mark.index}: its end is lost`,
      );
    }
    const body = (await last?.body()) ?? {};
    if (isDamage(body)) throw damageError(source, body.damage);
    return { blocks, lastPool: 'why' in body ? undefined : parsePool(body.Candidates) };
  } finally {
    await source.close();
  }
}
