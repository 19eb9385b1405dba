import { inTurns, type Turns } from '../../base/run-to-end.ts';
import { roundAfter, roundTimeMs, type SealedPool } from '../../core/beacon.ts';
import type { Beacon } from '../../core/block.ts';
import { type Candidate, FrozenPool } from '../../core/pool.ts';
import { leafNode, type SumNode, SumTree } from '../../core/sum-tree.ts';
import type { BlockDraft } from '../../ledger/block-draft.ts';
import type { SignedCandidate } from '../../ledger/candidate.ts';
import type { AwaitedRound } from '../engine.ts';
import type { LedgerToExtend } from '../ledger-to-extend.ts';
import { parseSignedBody } from '../signed-body.ts';

/** What a block takes of the ledger of its chain. */
export interface LedgerPart {
  /** The ledger inside of the block, with its transactions. */
  readonly draft: BlockDraft;
  /** The signed candidates of the pool, in its order. */
  readonly candidates: readonly SignedCandidate[];
}

/** A pool that nothing can change any more, with all that its block is made of but the rounds of the beacons (SPEC 5). */
export interface SealedDraw {
  readonly seal: SealedPool;
  /** The authority's signature of the seal. */
  readonly signature: string;
  readonly pool: FrozenPool;
  readonly tree: SumTree;
  readonly ledger: LedgerPart | undefined;
}

/** The round of each beacon that a pool waits for which was sealed at this moment, in the order of the genesis. Throws where a beacon has none. */
export function roundsOf(beacons: readonly Beacon[], sealed: string): readonly AwaitedRound[] {
  return beacons.map((beacon) => {
    const round = roundAfter(beacon, sealed);
    if (round === undefined)
      throw new Error(`the beacon ${beacon.Name} has no round for a pool that is sealed at ${sealed}`);
    return {
      name: beacon.Name,
      round,
      timeMs: Number(roundTimeMs(beacon, round)),
      signature: undefined,
      isLate: false,
    };
  });
}

/** The text that is kept of a sealed draw. */
export function sealedText({ seal, signature, pool, ledger }: SealedDraw): string {
  const candidates = pool.candidates.map(({ validator, stake, payload }) => [validator, String(stake), payload]);
  const signed =
    ledger === undefined ? {} : { Signed: { Transactions: ledger.draft.transactions, Candidates: ledger.candidates } };
  return JSON.stringify({ Seal: seal, Signature: signature, Pool: candidates, ...signed });
}

/** The index of the block that a kept text is of: one that is in the chain already is over. Throws where the text is none of ours. */
export function sealedIndex(text: string): number {
  return Number(membersOf(membersOf(JSON.parse(text))['Seal'])['Index']);
}

/** The draw of a kept text. Throws where the text is none of ours: a draw that was told must go on as it was, or not at all. */
export async function readSealed(turns: Turns, text: string, ledger: LedgerToExtend | undefined): Promise<SealedDraw> {
  const json = membersOf(JSON.parse(text));
  const seal = sealOf(membersOf(json['Seal']));
  const entries = json['Pool'];
  if (!Array.isArray(entries)) throw broken();
  const pool: Candidate[] = [];
  const leaves: SumNode[] = [];
  for (const [validator, stake, payload] of entries) {
    const candidate = { validator: String(validator), stake: BigInt(stake), payload: Number(payload) };
    pool.push(candidate);
    leaves.push(leafNode(candidate.validator, candidate.stake, candidate.payload));
  }
  const tree = await inTurns(turns, SumTree.grow(leaves));
  if (tree.root.hash !== seal.PoolRoot || String(tree.root.sum) !== seal.TotalStake) throw broken();
  const part = ledger === undefined ? undefined : await ledgerPartOf(ledger, json['Signed']);
  if (part?.draft.transactionRoot.hash !== seal.TransactionRoot) throw broken();
  return { seal, signature: String(json['Signature']), pool: new FrozenPool(pool, leaves), tree, ledger: part };
}

async function ledgerPartOf(ledger: LedgerToExtend, json: unknown): Promise<LedgerPart> {
  const signed = parseSignedBody(membersOf(json));
  if (signed?.Candidates === undefined) throw broken();
  return { draft: await ledger.redraft(signed.Transactions), candidates: signed.Candidates };
}

function sealOf(json: Readonly<Record<string, unknown>>): SealedPool {
  const { Index, Sealed, PoolRoot, PoolSize, TotalStake, TransactionRoot } = json;
  if (typeof Index !== 'number' || typeof PoolSize !== 'number') throw broken();
  const pool = { Index, Sealed: String(Sealed), PoolRoot: String(PoolRoot), PoolSize, TotalStake: String(TotalStake) };
  return typeof TransactionRoot === 'string' ? { ...pool, TransactionRoot } : pool;
}

function membersOf(json: unknown): Readonly<Record<string, unknown>> {
  if (typeof json !== 'object' || json === null) throw broken();
  return { ...json };
}

function broken(): Error {
  return new Error('the sealed pool that was kept is damaged');
}
