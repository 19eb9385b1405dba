import { inTurns } from '../base/run-to-end.ts';
import type { Clock } from '../consensus/clock.ts';
import { ChainVerifier, type Tip, tipAfter, tipOfGenesis } from '../consensus/verifier.ts';
import { parseExact } from '../core/exact-json.ts';
import { parseSealedBlock } from '../core/parse-block.ts';
import { parseGenesisBlock } from '../core/parse-genesis.ts';
import { type Account, accountFields } from '../ledger/account.ts';
import type { LedgerChange, LedgerState } from '../ledger/ledger-state.ts';
import { limits } from './limits.ts';
import { type BlockStore, DamageError } from './ports.ts';

/** A block of the chain that another branch may begin behind, and how to get back to it. */
export interface ForkPoint {
  readonly tip: Tip;
  /** In a chain with a ledger: the accounts that were others behind that block, by number, and how many there were. */
  readonly back?: Pick<LedgerChange, 'accounts' | 'accountCount'>;
}

/** The last steps of a chain, so that going back a few blocks takes nothing but memory. */
export class ChainHistory {
  #steps: readonly { readonly before: Tip; readonly undo: LedgerChange | undefined }[] = [];

  /** A block was put behind `before`; `undo` takes back what it did to the ledger. */
  add(before: Tip, undo: LedgerChange | undefined): void {
    this.#steps = [...this.#steps, { before, undo }].slice(-limits.historyMax);
  }

  /** The chain goes back to a block: the steps behind it never were. */
  goBack(index: number): void {
    this.#steps = this.#steps.filter(({ before }) => before.index < index);
  }

  /** The way back to block `index`; undefined where that is too far. */
  pointAt(index: number): ForkPoint | undefined {
    const steps = this.#steps.filter(({ before }) => before.index >= index);
    const [first] = steps;
    if (first?.before.index !== index) return undefined;
    if (first.undo === undefined) return { tip: first.before };
    const { accountCount } = first.undo;
    const accounts = new Map<number, Account>();
    for (const { undo } of steps.toReversed())
      for (const [number, account] of undo?.accounts ?? []) if (number < accountCount) accounts.set(number, account);
    return { tip: first.before, back: { accounts, accountCount } };
  }
}

/**
 * The way back to any block, from the stored blocks and what lies beside them: for branches that begin further back than the process remembers. They
 * were verified before, so no signature is verified again.
 * @param state the ledger behind the last block; undefined in a chain without one
 */
export async function readForkPoint(
  { clock, store }: { readonly clock: Clock; readonly store: BlockStore },
  index: number,
  state: LedgerState | undefined,
): Promise<ForkPoint> {
  const verifier = new ChainVerifier(() => true);
  let tip: Tip | undefined;
  for (let next = 0; next <= index; next++) {
    const json = parseExact((await store.block(next)) ?? '');
    if (state !== undefined) {
      const body = parseExact((await store.signedBodyText(next)) ?? '{}');
      const checked = await inTurns(
        clock,
        verifier.nextInSteps(json, typeof body === 'object' && body !== null ? body : {}),
      );
      if ('fault' in checked)
        throw new DamageError(`block ${next} breaks the rule "${checked.fault.rule}": ${checked.fault.why}`);
      tip = checked.tip;
    } else tip = tipBehind(tip, json, next);
    if (clock.isTurnOver()) await clock.yieldToEventLoop();
  }
  if (tip === undefined) throw new Error('a chain cannot go back behind its genesis');
  if (state === undefined) return { tip };
  if (verifier.state === undefined) throw new DamageError(`what lies beside the blocks up to ${index} is not complete`);
  return { tip, back: difference(state, verifier.state) };
}

function tipBehind(tip: Tip | undefined, json: unknown, index: number): Tip {
  const parsed = tip === undefined ? parseGenesisBlock(json) : parseSealedBlock(json, tip.form);
  if ('why' in parsed) throw new DamageError(`block ${index} breaks the rule "form": ${parsed.why}`);
  const block = parsed.value;
  if ('Genesis' in block) return tipOfGenesis(block);
  if (tip === undefined) throw new DamageError('the chain has no genesis');
  return tipAfter(tip, block);
}

/** The accounts that one state has otherwise than another, and how many it has. */
function difference(from: LedgerState, to: LedgerState): NonNullable<ForkPoint['back']> {
  const now = [...from.accounts()];
  const accounts = new Map<number, Account>();
  for (const [number, account] of [...to.accounts()].entries()) {
    const other = now[number];
    if (other === undefined || textOf(other) !== textOf(account)) accounts.set(number, account);
  }
  return { accounts, accountCount: to.accountCount };
}

function textOf(account: Account): string {
  return JSON.stringify(accountFields(account));
}
