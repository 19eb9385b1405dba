import { limits } from '../../core/limits.ts';
import { printable } from '../../protocol/printable.ts';
import type { Elsewhere } from './elsewhere.ts';
import type { Finding } from './finding.ts';
import type { StartLine } from './start-line.ts';

/** What is found at DATA_DIR. */
export interface DataFacts {
  readonly directory: string;
  /** `missing` has a parent in which it can be made, `unmakeable` has none. */
  readonly state: 'writable' | 'missing' | 'unmakeable' | 'no directory' | 'not writable';
  readonly hasChain: boolean;
  /** The process that holds the store's lock; undefined for nobody, or where the system does not say. */
  readonly lockedBy: number | undefined;
  readonly secret: SecretFacts;
}

export interface SecretFacts {
  readonly state: 'missing' | 'unreadable' | 'damaged' | 'whole';
  /** Others than its owner may read it. */
  readonly isOpen: boolean;
}

/** Whether a server can keep its chain there, and whether one does; `onPort` is the process that has PORT. */
export function judgeDirectory(
  { directory, state, hasChain, lockedBy }: DataFacts,
  onPort: number | undefined,
  elsewhere: Elsewhere,
  startLine: StartLine,
): Finding {
  const topic = 'data';
  const name = printable(directory);
  const orAnother = 'or choose another directory with --data-dir';
  switch (state) {
    case 'missing':
      return { topic, verdict: 'ok', says: `${name} does not exist yet: the first start makes it` };
    case 'unmakeable':
      return {
        topic,
        verdict: 'fail',
        says: `${name} does not exist, and this user cannot make it`,
        cure: `make it for this user, ${orAnother}`,
      };
    case 'no directory':
      return { topic, verdict: 'fail', says: `${name} is not a directory`, cure: `move it away, ${orAnother}` };
    case 'not writable':
      return {
        topic,
        verdict: 'fail',
        says: `this user may not write in ${name}`,
        cure: `chown -R "$USER" ${name}, ${orAnother}`,
      };
    case 'writable': {
      const chain = hasChain ? 'has a chain' : 'has no chain yet';
      if (lockedBy === undefined) return { topic, verdict: 'ok', says: `${name} is writable and ${chain}` };
      const other = elsewhere.dataDir === undefined ? orAnother : `or run a second one: ${startLine()}`;
      const who = lockedBy === onPort ? 'the same server' : 'a running server';
      const says = `${name} is in use by ${who}, process ${lockedBy}`;
      return { topic, verdict: 'fail', says, cure: `join that server, stop it, ${other}` };
    }
  }
}

/** Whether the chain can be continued with the master secret, and nobody else can read it. */
export function judgeSecret({ directory, hasChain, secret }: DataFacts): Finding {
  const topic = 'secret';
  const file = `${printable(directory)}/master-secret`;
  const cure = 'put it back from a backup, or begin a new chain with another --data-dir';
  switch (secret.state) {
    case 'missing':
      if (!hasChain) return { topic, verdict: 'ok', says: 'the first start makes one' };
      return { topic, verdict: 'fail', says: `${file} is missing: the chain can be checked but not continued`, cure };
    case 'damaged':
      return { topic, verdict: 'fail', says: `${file} is damaged: it must hold 64 hex digits`, cure };
    case 'unreadable':
      return { topic, verdict: 'fail', says: `this user may not read ${file}`, cure: `chown "$USER" ${file}` };
    case 'whole':
      if (!secret.isOpen) return { topic, verdict: 'ok', says: `${file} is there, for its owner alone` };
      return {
        topic,
        verdict: 'warn',
        says: `others may read ${file}, and who has read it knows all draws to come`,
        cure: `chmod 600 ${file} (a start does that too); if somebody may have read it, begin a new chain with another --data-dir`,
      };
  }
}

/** What the disk under DATA_DIR can do; the strings say why it could not be tried. */
export interface DiskFacts {
  /** How long each sync took, ms. */
  readonly syncsMs: readonly number[] | string;
  readonly freeBytes: number | undefined;
  readonly isInMemory: boolean;
}

/** Whether a block is on the disk before its winner is announced, and soon enough for the round. */
export function judgeSyncs({ syncsMs, isInMemory }: DiskFacts, lotteryIntervalMs: number): Finding {
  const topic = 'disk syncs';
  if (typeof syncsMs === 'string') {
    return {
      topic,
      verdict: 'fail',
      says: `writing failed: ${printable(syncsMs)}`,
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
export function judgeSpace(freeBytes: number | undefined): Finding {
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
