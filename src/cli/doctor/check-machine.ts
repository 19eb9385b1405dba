import { escapeForDisplay } from '../../base/escape-for-display.ts';
import { withThousands } from '../../base/formatting.ts';
import { descriptorsFor, placesWithin } from '../../platform/file-descriptors.ts';
import { limits as platformLimits } from '../../platform/limits.ts';
import type { ClockReadings } from './facts.ts';
import type { Finding } from './finding.ts';
import { limits } from './limits.ts';

/** Whether this Node is one of those that package.json wants, written like `>=20.19`. */
export function checkNode(version: string, wanted: string): Finding {
  const least = numbersOf(wanted);
  const actual = numbersOf(version);
  const place = least.findIndex((number, index) => number !== (actual[index] ?? 0));
  const isOld = place !== -1 && (actual[place] ?? 0) < (least[place] ?? 0);
  const says = `Node ${escapeForDisplay(version)}; wanted is ${least.join('.')} or later`;
  if (!isOld) return { topic: 'node', verdict: 'ok', says };
  return { topic: 'node', verdict: 'fail', says, cure: 'install a newer Node, from nodejs.org or with nvm install 20' };
}

/** Whether the file descriptor limit (undefined: the system does not say) allows MAX_CONNECTIONS beside the page, where there is one. */
export function checkFiles(limit: number | undefined, maxConnections: number, hasPage: boolean): Finding {
  const topic = 'files';
  if (limit === undefined) return { topic, verdict: 'ok', says: 'this system does not say how many files may be open' };
  const { people } = placesWithin(limit, maxConnections, hasPage);
  const cure = `ulimit -n ${descriptorsFor(maxConnections, hasPage)} before npm start, or a lower MAX_CONNECTIONS`;
  if (limit <= platformLimits.fileDescriptorReserve) {
    const says = `only ${withThousands(limit)} files may be open: the server itself needs ${platformLimits.fileDescriptorReserve}`;
    return { topic, verdict: 'fail', says, cure };
  }
  if (people < maxConnections) {
    const says = `${withThousands(limit)} files may be open: enough for ${withThousands(people)} connections, not for MAX_CONNECTIONS=${maxConnections}`;
    return { topic, verdict: 'warn', says, cure };
  }
  return {
    topic,
    verdict: 'ok',
    says: `${withThousands(limit)} files may be open: enough for MAX_CONNECTIONS=${maxConnections}`,
  };
}

/** Whether the wall clock has a plausible year and went on like the monotonic one. The time zone does not matter: all times are UTC. */
export function checkClock(before: ClockReadings, after: ClockReadings): Finding {
  const topic = 'clock';
  const now = new Date(after.wallMs).toISOString();
  const cure = 'let the system set it: timedatectl set-ntp true';
  if (after.wallMs < Date.UTC(limits.clockYearMin, 0)) {
    return { topic, verdict: 'warn', says: `it says ${now}, and every block will: rounds are not affected`, cure };
  }
  const passedMs = after.monotonicMs - before.monotonicMs;
  const jumpMs = Math.round(after.wallMs - before.wallMs - passedMs);
  if (passedMs < 0 || Math.abs(jumpMs) > limits.clockJumpMs) {
    const says = `it jumped by ${jumpMs} ms while it was looked at: blocks will have odd times, rounds are not affected`;
    return { topic, verdict: 'warn', says, cure };
  }
  return { topic, verdict: 'ok', says: `${now}, steady` };
}

function numbersOf(version: string): readonly number[] {
  return (version.match(/[0-9]+/g) ?? []).map(Number);
}
