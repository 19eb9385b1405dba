import { parseSignedBody } from '../../../src/consensus/signed-body.ts';
import { ChainVerifier } from '../../../src/consensus/verifier.ts';
import { parseExact } from '../../../src/core/exact-json.ts';
import { transactionId } from '../../../src/ledger/transaction.ts';
import type { LedgerEffects } from '../../../src/node/ports.ts';
import { nativeVerifier } from '../../../src/platform/ed25519.ts';
import { LevelStore } from '../../../src/storage/level-store.ts';
import { MemoryStore } from '../../../src/storage/memory-store.ts';
import { SimulatedClock } from '../../sim/simulated-clock.ts';
import { World } from '../../sim/world.ts';
import { temporaryDirectory } from '../../temporary.ts';

/** A chain with a ledger of two blocks: a grant and a bond, and an unbond. */
export async function playedLedger(): Promise<MemoryStore> {
  const store = new MemoryStore();
  const world = await World.open({
    seed: 1,
    clock: new SimulatedClock(),
    store,
    intervalMs: 1000,
    broadcastIntervalMs: 3_600_000,
    linksPerChain: 4,
    stakeMax: 10n,
    slashAfter: 1,
    linesPerSecond: 0,
    ledger: { reward: 50n, grant: 1000n },
  });
  const person = world.connect();
  person.type('100\n72\n');
  await world.clock.pass(1000);
  person.type('unbond 30\n5\n');
  await world.clock.pass(1000);
  await world.stop();
  return store;
}

/** The directory of that chain as a server would have stored it; `changed` may change what is stored of the ledger by block 2. */
export async function ledgerDirectory(
  played: MemoryStore,
  changed: (effects: LedgerEffects) => LedgerEffects = (effects) => effects,
): Promise<string> {
  const directory = temporaryDirectory();
  const store = await LevelStore.open(directory);
  const verifier = new ChainVerifier(nativeVerifier());
  for (let index = 0; index <= played.height; index++) {
    const text = (await played.block(index)) ?? '';
    const json = parseExact((await played.signedBodyText(index)) ?? '{}');
    const signed = parseSignedBody(typeof json === 'object' && json !== null ? json : {});
    const checked = verifier.nextText(text, signed);
    if ('fault' in checked) throw new Error(checked.fault.why);
    const accounts = checked.change?.accounts ?? new Map([...(verifier.state?.accounts() ?? [])].entries());
    const transactionIds = (signed?.Transactions ?? []).map((entry) =>
      transactionId(verifier.tip?.chainId ?? '', entry),
    );
    const effects = { accounts, transactionIds };
    await store.append({
      block: checked.block,
      text,
      body: await played.pool(index),
      ...(signed === undefined ? {} : { signed }),
      effects: index === 2 ? changed(effects) : effects,
    });
  }
  await store.close();
  return directory;
}
