import { pluralizeCount, withThousands } from '../../base/formatting.ts';
import type { Fault } from '../../consensus/verifier.ts';
import { UnreadableError } from '../command-error.ts';
import { ChainAudit, findChange } from './chain-audit.ts';
import type { ChainSource } from './chain-source.ts';
import { Participation } from './participation.ts';

/** What was found out about the last chain of a source, and whether those before it are its beginnings. */
export interface Verification {
  readonly name: string;
  readonly audit: ChainAudit;
  readonly participation: Participation | undefined;
  /** How many complete chains there are, and how many that break off. */
  readonly chains: number;
  readonly incomplete: number;
  /** What is wrong with the chain as a whole while its blocks hold, in words; undefined when nothing is. */
  readonly wrong: string | undefined;
  /** True where it cannot be known whether the end of a stored chain is missing. */
  readonly isEndUnknown: boolean;
  /** It comes from a data directory: what is not there is lost. */
  readonly isStored: boolean;
  /** Why not all of its blocks can be read from the disk, printable; undefined when they can. */
  readonly blockDamage: string | undefined;
  /** What to type to keep what is whole of it; undefined where nothing does. */
  readonly cure: string | undefined;
}

/** What makes a chain not hold: a block of it, the whole, or something that was stored and cannot be read. */
export function holds(verification: Verification): boolean {
  return verification.audit.fault === undefined && verification.wrong === undefined && !isDamaged(verification);
}

/** Whether the disk does not give back what was stored on it. */
export function isDamaged({ audit, blockDamage }: Verification): boolean {
  return blockDamage !== undefined || audit.poolsDamaged.length > 0;
}

/** Reads a source to its end and checks every chain in it. `step` is called after each block. Throws an UnreadableError when there is no complete chain. */
export async function checkSource(
  source: ChainSource,
  prefix: string | undefined,
  step: () => void,
): Promise<Verification> {
  let audit = new ChainAudit();
  let participation = prefix === undefined ? undefined : new Participation(prefix);
  let last: Pick<Verification, 'audit' | 'participation'> | undefined;
  let chains = 0;
  let incomplete = 0;
  let whyIncomplete = '';
  let changed: string | undefined;
  let blockDamage: string | undefined;
  for await (const event of source.events()) {
    switch (event.kind) {
      case 'begin':
        audit = new ChainAudit();
        participation = prefix === undefined ? undefined : new Participation(prefix);
        break;
      case 'entry': {
        const checked = await audit.add(event.entry);
        if (checked !== undefined) participation?.add(checked);
        step();
        break;
      }
      case 'broken':
        incomplete += 1;
        whyIncomplete = event.why;
        break;
      case 'damaged':
        blockDamage = event.why;
        break;
      case 'end':
        chains += 1;
        if (last !== undefined) changed ??= whatChanged(last.audit, audit, chains);
        last = { audit, participation };
    }
  }
  if (last === undefined) {
    const why = incomplete > 0 ? `the only one is not complete: ${whyIncomplete}` : 'nothing in it looks like one';
    throw new UnreadableError(`there is no chain in ${source.name}: ${why}`);
  }
  // What cannot be read is not known to be missing.
  const wrong = changed ?? (blockDamage === undefined ? whatIsMissing(source, last.audit) : undefined);
  const isEndUnknown = source.isStored && source.mark === undefined;
  const { name, isStored, cure } = source;
  return { name, ...last, chains, incomplete, wrong, isEndUnknown, isStored, blockDamage, cure };
}

function whatChanged(earlier: ChainAudit, later: ChainAudit, number: number): string | undefined {
  const index = findChange(earlier, later);
  if (index === undefined) return undefined;
  const which = `chain ${number - 1} of those in it`;
  if (earlier.fault?.index === index) return `${which} does not hold: ${faultText(earlier.fault)}`;
  if (index === 0) return `${which} is another chain than the next, with another genesis`;
  if (index >= later.blocks)
    return `${which} has ${pluralizeCount(earlier.blocks, 'block')}, the next only ${withThousands(later.blocks)}`;
  return `it was changed after it had been sent: block ${index} is another one in ${which} than in the next`;
}

/** A stored chain that is shorter than it was, or has another end. */
function whatIsMissing({ mark }: ChainSource, audit: ChainAudit): string | undefined {
  if (mark === undefined || audit.fault !== undefined) return undefined;
  if (audit.blocks <= mark.index) return `it had come to block ${mark.index} before: its end is lost`;
  if (audit.hashOf(mark.index) !== mark.hash) return `block ${mark.index} is not the one that was announced`;
  return undefined;
}

/** A fault in one line, printable. */
export function faultText({ index, rule, why }: Fault): string {
  return `block ${index} breaks the rule "${rule}": ${why}`;
}
