import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { assemble } from '../../src/node/assemble.ts';
import type { NodeEvent } from '../../src/node/ports.ts';
import { nativeVerifier } from '../../src/platform/ed25519.ts';
import { SystemClock } from '../../src/platform/system-clock.ts';
import { SystemSecrets } from '../../src/platform/system-secrets.ts';
import { LevelStore } from '../../src/storage/level-store.ts';
import { LoopProbe } from './loop-probe.ts';
import { type Finding, type Group, milliseconds } from './measure.ts';

const candidates = 10_000;
const runs = 9;

/** The real engine, clock, store and disk; only the people are missing. */
export const rounds: Group = {
  name: 'rounds',
  async *run(): AsyncGenerator<Finding> {
    const directory = mkdtempSync(join(tmpdir(), 'sortition-bench-'));
    const store = await LevelStore.open(join(directory, 'chain'));
    const clock = new SystemClock();
    let onEvent: (event: NodeEvent) => void = () => undefined;
    const { service, run } = await assemble(
      {
        clock,
        secrets: SystemSecrets.open(join(directory, 'secret'), true),
        verifySignature: nativeVerifier(),
        store,
        sessionStore: store,
        subscribers: [{ onEvent: (event) => onEvent(event) }],
        failed: (error) => {
          throw error;
        },
      },
      { linksPerChain: 64, intervalMs: 3_600_000, broadcastIntervalMs: 3_600_000, rejoinGraceMs: 0 },
    );
    const stopping = new AbortController();
    const running = run(stopping.signal);
    const addresses = Array.from({ length: candidates }, () => service.join(1_000_000n));
    const blockedMs: number[] = [];
    const wholeMs: number[] = [];
    for (let time = 0; time <= runs; time++) {
      for (const [place, address] of addresses.entries()) service.propose(address, place);
      await clock.yieldToEventLoop();
      const probe = new LoopProbe();
      const startMs = performance.now();
      const drawn = new Promise<void>((resolve) => {
        onEvent = ({ kind }) => kind === 'committed' && resolve();
      });
      service.sealNow();
      await drawn;
      const endMs = performance.now();
      if (time === 0) probe.stop();
      else {
        wholeMs.push(endMs - startMs);
        blockedMs.push(probe.stop());
      }
    }
    stopping.abort();
    await running;
    await store.close();
    rmSync(directory, { recursive: true });
    yield milliseconds(
      `closing a round with ${candidates} candidates: the event loop is blocked at a time`,
      blockedMs,
      10,
    );
    yield milliseconds(
      `closing a round with ${candidates} candidates: from its end to its block on the disk`,
      wholeMs,
      100,
    );
  },
};
