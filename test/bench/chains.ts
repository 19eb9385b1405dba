import { Fan } from './fan.ts';
import { compare, type Finding, type Group, quantile } from './measure.ts';

const megabytes = 10;
/** Somewhat less than the whole, so that neither the prompts nor a block more or less count. */
const bytes = megabytes * 1_000_000 - 10_000;

interface Figures {
  readonly delayMs: number[];
  readonly longestMs: number[];
  readonly memoryBytes: number[];
}

async function throughput(fan: Fan, people: number, figures: Figures): Promise<number> {
  const milliseconds = await fan.sendChain(bytes);
  figures.delayMs.push(await fan.figure('delay'));
  figures.longestMs.push(await fan.figure('longest'));
  figures.memoryBytes.push(await fan.figure('memory'));
  return (people * megabytes * 1000) / milliseconds;
}

export const chains: Group = {
  name: 'chains',
  async *run(): AsyncGenerator<Finding> {
    for (const [people, runs] of [
      [100, 15],
      [500, 7],
    ] as const) {
      const ours = await Fan.start({ kind: 'ours', people, text: 'plain', megabytes });
      const bare = await Fan.start({ kind: 'bare', people, text: 'plain', megabytes });
      const figures: Figures = { delayMs: [], longestMs: [], memoryBytes: [] };
      const bareFigures: Figures = { delayMs: [], longestMs: [], memoryBytes: [] };
      const { ratio, spread, ...rates } = await compare(
        { ours: () => throughput(ours, people, figures), bare: () => throughput(bare, people, bareFigures) },
        runs,
      );
      ours.stop();
      bare.stop();
      const what = `a chain of ${megabytes} MB to ${people} connections`;
      yield {
        what: `${what}: bytes a second`,
        against: 'a bare write of one shared buffer to each',
        ratio,
        spread,
        goal: { bound: 'at least', value: 0.8 },
        note: `${Math.round(rates.ours)} MB and ${Math.round(rates.bare)} MB a second`,
      };
      const longest = [figures, bareFigures]
        .map(({ longestMs }) => quantile(longestMs, 0.5).toFixed(0))
        .join(' ms and ');
      yield absolute(
        `${what}: the event loop is late by, 99 % of the time`,
        'one millisecond',
        figures.delayMs,
        10,
        `at the longest ${longest} ms`,
      );
      const memoryMax = 16 * 2 ** 20 + people * 8192;
      const shares = figures.memoryBytes.map((used) => used / memoryMax);
      const most = `${(Math.max(...figures.memoryBytes) / 2 ** 20).toFixed(1)} MB`;
      yield absolute(`${what}: memory on top of the chain`, '16 MB and 8 KB a connection', shares, 1, most);
    }
  },
};

function absolute(what: string, against: string, values: readonly number[], value: number, note: string): Finding {
  return {
    what,
    against,
    ratio: quantile(values, 0.5),
    spread: [quantile(values, 0.25), quantile(values, 0.75)],
    goal: { bound: 'at most', value },
    note,
  };
}
