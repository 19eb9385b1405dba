import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Signer } from '../../src/core/keys.ts';
import { limits } from '../../src/ledger/limits.ts';
import { signTransaction } from '../../src/ledger/transaction.ts';
import { assemble, type Node } from '../../src/node/assemble.ts';
import type { LedgerService } from '../../src/node/ledger-service.ts';
import type { NodeEvent } from '../../src/node/ports.ts';
import { nativeVerifier, signerOf } from '../../src/platform/ed25519.ts';
import { ServerWallets } from '../../src/platform/server-wallets.ts';
import { SystemClock } from '../../src/platform/system-clock.ts';
import { SystemSecrets } from '../../src/platform/system-secrets.ts';
import { LevelStore } from '../../src/storage/level-store.ts';
import { hexOf } from '../core/build-chain.ts';
import { LoopProbe } from './loop-probe.ts';
import { type Finding, milliseconds } from './measure.ts';

const transactions = limits.transactionsPerBlockMax;
/** Each has as many waiting as fill a block together. */
const senderCount = 20;
const runs = 9;

/** A block as full as it may be, from the freeze of its transactions to the disk, with the real engine, clock, store and disk. */
export async function* fullBlocks(): AsyncGenerator<Finding> {
  const directory = mkdtempSync(join(tmpdir(), 'sortition-bench-'));
  const store = await LevelStore.open(join(directory, 'chain'));
  const clock = new SystemClock();
  const wallets = new ServerWallets(Buffer.from('wallets of a bench'));
  let onEvent: (event: NodeEvent) => void = () => undefined;
  const node = await assemble(
    {
      clock,
      secrets: SystemSecrets.open(join(directory, 'secret'), true),
      verifySignature: nativeVerifier(),
      store,
      sessionStore: store,
      wallets: () => wallets,
      subscribers: [{ onEvent: (event) => onEvent(event) }],
      failed: (error) => {
        throw error;
      },
    },
    {
      newLedger: { reward: 10n },
      linksPerChain: 64,
      intervalMs: 3_600_000,
      broadcastIntervalMs: 3_600_000,
      rejoinGraceMs: 0,
    },
  );
  const ledger = expectLedger(node);
  const stopping = new AbortController();
  const running = node.run(stopping.signal);
  /** Seals a block; resolves when it is stored. */
  const seal = async (): Promise<void> => {
    const stored = new Promise<void>((resolve) => {
      onEvent = ({ kind }) => kind === 'committed' && resolve();
    });
    node.service.sealNow();
    await stored;
    // All that follows from the block in the same turn belongs to it.
    await clock.yieldToEventLoop();
  };
  const senders = Array.from({ length: senderCount }, (_, place) => signerOf(Buffer.from(hexOf(place), 'hex')));
  await Promise.all(senders.map(({ key }) => send(ledger, wallets.signer(0), key, 1_000_000)));
  await seal();
  const blockedMs: number[] = [];
  const wholeMs: number[] = [];
  for (let time = 0; time <= runs; time++) {
    const each = Array.from({ length: transactions / senderCount });
    await Promise.all(senders.flatMap((sender) => each.map(() => send(ledger, sender, sender.key, 1))));
    const probe = new LoopProbe();
    const startMs = performance.now();
    await seal();
    const endMs = performance.now();
    const longestMs = probe.stop();
    if (ledger.hasWaiting) throw new Error('the block has not taken all of them');
    // The first one warms up.
    if (time === 0) continue;
    wholeMs.push(endMs - startMs);
    blockedMs.push(longestMs);
  }
  stopping.abort();
  await running;
  await store.close();
  rmSync(directory, { recursive: true });
  yield milliseconds(`a block of ${transactions} transactions: the event loop is blocked at a time`, blockedMs, 10);
  yield milliseconds(`a block of ${transactions} transactions: from their freeze to the disk`, wholeMs, 100);
}

function expectLedger({ ledger }: Node): LedgerService {
  if (ledger === undefined) throw new Error('there is no ledger');
  return ledger;
}

/** Sends tokens; resolves when the transaction is kept. */
async function send(ledger: LedgerService, sender: Signer, To: string, amount: number): Promise<void> {
  const common = { Fee: '1', Nonce: ledger.nextNonce(sender.key), Until: ledger.nextIndex + 9 };
  const request = { Kind: 'transfer', To, Amount: String(amount), ...common } as const;
  const submission = ledger.submit(signTransaction(ledger.terms.chainId, request, sender));
  if (submission.kind !== 'accepted') throw new Error(`a transaction is ${submission.kind}`);
  await submission.stored;
}
