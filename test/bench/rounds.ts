import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Chain } from '../../src/node/chain.ts';
import { Lottery } from '../../src/node/lottery.ts';
import type { NodeEvent } from '../../src/node/ports.ts';
import { ResumableSessions } from '../../src/node/resumable-sessions.ts';
import { nativeVerifier } from '../../src/platform/ed25519.ts';
import { SystemClock } from '../../src/platform/system-clock.ts';
import { SystemSecrets } from '../../src/platform/system-secrets.ts';
import { LevelStore } from '../../src/storage/level-store.ts';
import { LoopProbe } from './loop-probe.ts';
import { type Finding, type Group, quantile } from './measure.ts';

const candidates = 10_000;
const runs = 9;

/** The real engine, clock, store and disk; only the people are missing. */
export const rounds: Group = {
  name: 'rounds',
  async *run(): AsyncGenerator<Finding> {
    const directory = mkdtempSync(join(tmpdir(), 'sortition-bench-'));
    const store = await LevelStore.open(join(directory, 'chain'));
    const clock = new SystemClock();
    const secrets = SystemSecrets.open(join(directory, 'secret'), true);
    let onEvent: (event: NodeEvent) => void = () => undefined;
    const listener = { onEvent: (event: NodeEvent): void => onEvent(event) };
    const chain = await Chain.open({ clock, secrets, verifySignature: nativeVerifier(), store, listener }, 64);
    const lottery = new Lottery({
      clock,
      listener,
      chain,
      seats: await ResumableSessions.open({ clock, graceMs: 0, newCode: () => secrets.newCode(), store }),
      newAddress: () => secrets.newAddress(),
      intervalMs: 3_600_000,
      broadcastIntervalMs: 3_600_000,
    });
    const running = lottery.run();
    const addresses = Array.from({ length: candidates }, () => lottery.join(1_000_000n));
    const blockedMs: number[] = [];
    const wholeMs: number[] = [];
    for (let run = 0; run <= runs; run++) {
      for (const [place, address] of addresses.entries()) lottery.propose(address, place);
      await clock.turn();
      const probe = new LoopProbe();
      const startMs = performance.now();
      const drawn = new Promise<void>((resolve) => {
        onEvent = ({ kind }) => kind === 'drawn' && resolve();
      });
      lottery.drawNow();
      await drawn;
      const endMs = performance.now();
      if (run === 0) probe.stop();
      else {
        wholeMs.push(endMs - startMs);
        blockedMs.push(probe.stop());
      }
    }
    lottery.stop();
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

function milliseconds(what: string, values: readonly number[], value: number): Finding {
  return {
    what,
    against: 'one millisecond',
    ratio: quantile(values, 0.5),
    spread: [quantile(values, 0.25), quantile(values, 0.75)],
    goal: { bound: 'at most', value },
  };
}
