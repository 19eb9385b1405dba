import type { limits } from '../../src/tcp/limits.ts';
import { shortSeries } from './short-series.ts';

const limitsModule = new URL('../../dist/tcp/limits.js', import.meta.url).href;
const lotteryLimitsModule = new URL('../../dist/consensus/lottery/limits.js', import.meta.url).href;

/** A module that the server process loads first, to go wrong as the real one cannot be made to. */
export function preload(code: string): Readonly<Record<string, string>> {
  return { NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(code)}` };
}

/** Other bounds at the sockets of a server process, where reaching the real ones would cost a test minutes; the units' tests keep to the real ones. */
export function withLimits(changes: Partial<Record<keyof typeof limits, number>>): Readonly<Record<string, string>> {
  return preload(
    `import { limits } from ${JSON.stringify(limitsModule)}; Object.assign(limits, ${JSON.stringify(changes)});`,
  );
}

/** Series of secrets that are made quickly, for a server that begins a chain. */
export function withShortSeries(): Readonly<Record<string, string>> {
  return preload(
    `import { limits } from ${JSON.stringify(lotteryLimitsModule)}; Object.assign(limits, { linksPerChain: ${shortSeries} });`,
  );
}
