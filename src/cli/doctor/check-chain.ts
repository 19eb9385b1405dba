import { pluralizeCount } from '../../base/formatting.ts';
import { DirectorySource } from '../chain/directory-source.ts';
import { openStored } from '../chain/open-source.ts';
import { poolList } from '../chain/pool-list.ts';
import { checkSource, faultText, holds, type Verification } from '../chain/verification.ts';
import type { CommandOutput } from '../command.ts';
import { CommandError } from '../command-error.ts';
import { Progress } from '../progress.ts';
import { repairLine } from '../start-command.ts';
import type { Finding } from './finding.ts';

/** Reads the whole chain of a data directory with its pools, as verify does, also beside a running server. */
export async function examineChain(directory: string, errors: CommandOutput): Promise<Finding> {
  const progress = new Progress(errors, () => performance.now());
  let blocks = 0;
  try {
    const source = new DirectorySource(directory, await openStored(directory));
    try {
      const verdict = await checkSource(source, undefined, () => {
        blocks += 1;
        progress.show(() => `Checking the chain: ${blocks} blocks so far`);
      });
      return checkChain(verdict, repairLine(directory));
    } finally {
      progress.end();
      await source.close();
    }
  } catch (error) {
    if (!(error instanceof CommandError)) throw error;
    return { topic: 'chain', verdict: 'fail', says: error.message };
  }
}

/** Whether everything of the chain that was stored is there and holds. */
function checkChain(verdict: Verification, repair: string): Finding {
  const topic = 'chain';
  const { audit, isEndUnknown } = verdict;
  const cure = `${repair} keeps what is whole`;
  if (!holds(verdict)) return { topic, verdict: 'fail', says: whatIsWrong(verdict), cure };
  const found = `${pluralizeCount(audit.blocks, 'block')} and ${pluralizeCount(audit.pools, 'pool')} hold`;
  if (!isEndUnknown) return { topic, verdict: 'ok', says: found };
  return {
    topic,
    verdict: 'warn',
    says: `${found}, but whether its end is missing is not known: the file tip cannot be read`,
    cure,
  };
}

function whatIsWrong({ audit, blockDamage, wrong }: Verification): string {
  if (audit.fault !== undefined) return `damaged: ${faultText(audit.fault)}`;
  if (blockDamage !== undefined) return `damaged: ${blockDamage}`;
  if (wrong !== undefined) return `damaged: ${wrong}`;
  return `damaged: ${poolList(audit.poolsDamaged)} cannot be read; the blocks hold`;
}
