import { escapeForDisplay } from '../../base/escape-for-display.ts';
import { withThousands } from '../../base/formatting.ts';
import { parseSignedBody } from '../../consensus/signed-body.ts';
import { ChainVerifier } from '../../consensus/verifier.ts';
import { parseExact } from '../../core/exact-json.ts';
import { transactionId } from '../../ledger/transaction.ts';
import { nativeVerifier } from '../../platform/ed25519.ts';
import { LevelStore } from '../../storage/level-store.ts';
import { signedBodyOf } from '../chain/chain-entry.ts';
import type { CommandIo } from '../command.ts';
import { exitCodes } from '../exit-codes.ts';

/**
 * Rebuilds the accounts of a ledger, and the places of its transactions, from the blocks and what lies beside them, and compares the root of the
 * accounts with StateRoot of every block on the way. Nothing else in the directory is changed.
 */
export async function reindex(directory: string, { output, paint }: CommandIo): Promise<number> {
  const name = escapeForDisplay(directory);
  const store = await LevelStore.open(directory);
  try {
    const verifier = new ChainVerifier(nativeVerifier());
    const transactions = new Map<number, readonly string[]>();
    for await (const batch of store.blocks()) {
      for (const text of batch) {
        const index = (verifier.tip?.index ?? -1) + 1;
        const bodyText = index === 0 ? undefined : await store.signedBodyText(index);
        const body = bodyText === undefined ? {} : signedBodyOf(parseExact(bodyText));
        const checked = verifier.next(parseExact(text), body);
        if ('fault' in checked) {
          const { rule, why } = checked.fault;
          output.write(`${paint.red(`Block ${index} breaks the rule "${rule}"`)}: ${why}. Nothing is changed.\n`);
          return exitCodes.failed;
        }
        if (verifier.tip?.ledger === undefined) {
          output.write(`The chain in ${name} has no ledger, so there are no accounts to rebuild.\n`);
          return exitCodes.fine;
        }
        if (verifier.state === undefined) {
          output.write(
            `${paint.red(`The transactions of block ${index} are not there`)}, so nothing can be rebuilt.\n`,
          );
          return exitCodes.failed;
        }
        const ids = parseSignedBody('why' in body ? {} : body)?.Transactions.map((entry) =>
          transactionId(verifier.tip?.chainId ?? '', entry),
        );
        if (ids !== undefined) transactions.set(index, ids);
      }
    }
    const { state } = verifier;
    if (state === undefined) {
      output.write(`There are no blocks in ${name}.\n`);
      return exitCodes.unreadable;
    }
    await store.replaceLedger(state.accounts(), transactions);
    output.write(
      `${paint.green(`${withThousands(state.accountCount)} accounts`)} are rebuilt from blocks 0 to ${state.index}. Their root is StateRoot of the last block: ${state.root.hash}\n`,
    );
    return exitCodes.fine;
  } finally {
    await store.close();
  }
}
