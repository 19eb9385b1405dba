import { escapeForDisplay } from '../../base/escape-for-display.ts';
import type { DiskFacts } from './facts.ts';
import type { Finding } from './finding.ts';
import { limits } from './limits.ts';

/** Whether a block is on the disk before its winner is announced, and soon enough for the round. */
export function checkSyncs({ syncsMs, isInMemory }: DiskFacts, lotteryIntervalMs: number): Finding {
  const topic = 'disk syncs';
  if (typeof syncsMs === 'string') {
    return {
      topic,
      verdict: 'fail',
      says: `writing failed: ${escapeForDisplay(syncsMs)}`,
      cure: 'mend the disk, or choose another directory with --data-dir',
    };
  }
  const sorted = [...syncsMs].sort((a, b) => a - b);
  const middle = sorted[Math.floor(sorted.length / 2)] ?? 0;
  const slowest = sorted.at(-1) ?? 0;
  const took = `${sorted.length} syncs took ${shownMs(middle)} in the middle, ${shownMs(slowest)} at most`;
  if (isInMemory || middle < limits.syncMsMin) {
    const why = isInMemory ? 'this is a file system in memory' : 'no disk stores that quickly';
    const cure = 'choose a directory on a real disk with --data-dir if the chain is to outlive a power cut';
    return { topic, verdict: 'warn', says: `${took}: ${why}`, cure };
  }
  if (slowest > limits.syncRoundShareMax * lotteryIntervalMs) {
    const cure = 'a quicker disk for --data-dir, or a longer LOTTERY_INTERVAL_MS';
    return { topic, verdict: 'warn', says: `${took}: slow for rounds of ${lotteryIntervalMs} ms`, cure };
  }
  if (middle > limits.syncMsMax) {
    const cure = 'a quicker disk for --data-dir; people wait that long for every result';
    return { topic, verdict: 'warn', says: `${took}: that is slow`, cure };
  }
  return { topic, verdict: 'ok', says: took };
}

/** Whether there is space for blocks; undefined when the system does not say. */
export function checkSpace(freeBytes: number | undefined): Finding {
  const topic = 'disk space';
  if (freeBytes === undefined) return { topic, verdict: 'ok', says: 'this system does not say how much is free' };
  const says = `${shownBytes(freeBytes)} free`;
  const cure = 'free some, or choose a directory on another disk with --data-dir';
  if (freeBytes < limits.freeBytesMin) return { topic, verdict: 'fail', says, cure };
  if (freeBytes < limits.freeBytesLow) return { topic, verdict: 'warn', says, cure };
  return { topic, verdict: 'ok', says };
}

function shownMs(ms: number): string {
  return `${ms < 1 ? ms.toFixed(3) : ms.toFixed(1)} ms`;
}

function shownBytes(bytes: number): string {
  const units = ['bytes', 'KB', 'MB', 'GB', 'TB'];
  const step = Math.min(Math.floor(Math.log10(Math.max(bytes, 1)) / 3), units.length - 1);
  return `${(bytes / 1000 ** step).toFixed(step === 0 ? 0 : 1)} ${units[step]}`;
}
