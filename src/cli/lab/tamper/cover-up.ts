import { ChainVerifier, type Fault, type Tip } from '../../../consensus/verifier.ts';
import { beaconSignaturesOf, type VerifyBeacon } from '../../../core/beacon.ts';
import { type Block, type DrawnBlock, isDrawn, isGenesis } from '../../../core/block.ts';
import { blockHash, genesisHash } from '../../../core/block-hash.ts';
import { drawSeed, drawTicket } from '../../../core/draw.ts';
import type { VerifySignature } from '../../../core/keys.ts';
import { parseBlock } from '../../../core/parse-block.ts';
import { hashUp, hasProofShape, leafNode } from '../../../core/sum-tree.ts';
import { type Field, findField, withValue } from './field.ts';

/** One field that the tamperer overwrote so that a verifier no longer finds the fault. */
export interface Repair {
  readonly fault: Fault;
  readonly path: string;
  readonly before: string | number;
  readonly after: string | number;
}

/** How far a tamperer comes who makes one change and then repairs all that can be computed. */
export interface CoverUp {
  readonly repairs: readonly Repair[];
  /** The chain as it is when the tamperer ends. */
  readonly chain: readonly unknown[];
  /** What cannot be repaired, or only by taking the change back; undefined when the chain holds again by itself. */
  readonly end: { readonly fault: Fault; readonly isUndoing: boolean } | undefined;
}

/** Repairs a chain in which the field `tampered` of block `index` was changed, from that block on, without changing that field back. */
export function coverUp(
  chain: readonly unknown[],
  index: number,
  tampered: string,
  verifySignature: VerifySignature,
  verifyBeacon?: VerifyBeacon,
): CoverUp {
  const covered = [...chain];
  const repairs: Repair[] = [];
  const verifier = new ChainVerifier(verifySignature, { verifyBeacon });
  for (const [place, original] of chain.entries()) {
    let json = original;
    for (;;) {
      const checked = verifier.next(json);
      if (!('fault' in checked)) break;
      const { fault } = checked;
      const repaired = repairOf(fault, json, verifier.tip);
      const isUndoing = repaired !== undefined && place === index && repaired.path === tampered;
      if (repaired === undefined || isUndoing) return { repairs, chain: covered, end: { fault, isUndoing } };
      const before = findField(json, repaired.path)?.value ?? '';
      repairs.push({ fault, path: repaired.path, before, after: repaired.value });
      json = withValue(json, repaired.path, repaired.value);
      covered[place] = json;
    }
  }
  return { repairs, chain: covered, end: undefined };
}

/** The value that removes the fault, where one can be computed without a secret. */
function repairOf(fault: Fault, json: unknown, tip: Tip | undefined): Field | undefined {
  const parsed = parseBlock(json, fault.index);
  if ('why' in parsed) return undefined;
  const block = parsed.value;
  if (fault.rule === 'hash') return { path: 'Hash', value: hashOf(block) };
  if (tip === undefined || isGenesis(block)) return undefined;
  switch (fault.rule) {
    case 'index':
      return { path: 'Index', value: fault.index };
    case 'prev-hash':
      return { path: 'PrevHash', value: tip.hash };
    case 'timestamp':
      return { path: 'Timestamp', value: tip.timestamp };
    default:
      return isDrawn(block) ? repairOfDraw(fault, block, tip) : undefined;
  }
}

function repairOfDraw(fault: Fault, block: DrawnBlock, tip: Tip): Field | undefined {
  switch (fault.rule) {
    case 'ticket': {
      const seed = drawSeed(tip.chainId, fault.index, block.Draw.Reveal, beaconSignaturesOf(block));
      return { path: 'Draw.Ticket', value: String(drawTicket(seed, BigInt(block.Draw.TotalStake))) };
    }
    case 'path':
      return repairOfPath(block);
    default:
      return undefined;
  }
}

function repairOfPath({ Validator, BPM, Draw }: DrawnBlock): Field | undefined {
  const { Path, PoolSize, TotalStake, Stake } = Draw;
  if (!hasProofShape(Path, PoolSize)) return undefined;
  const root = Path.reduce(hashUp, leafNode(Validator, BigInt(Stake), BPM));
  if (String(root.sum) !== TotalStake) return { path: 'Draw.TotalStake', value: String(root.sum) };
  return { path: 'Draw.PoolRoot', value: root.hash };
}

function hashOf(block: Block): string {
  return isGenesis(block) ? genesisHash(block.Timestamp, block.Genesis) : blockHash(block);
}
