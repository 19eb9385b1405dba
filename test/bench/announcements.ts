import { Fan } from './fan.ts';
import { type Comparison, compare, comparison, type Finding, type Group, quantile } from './measure.ts';

interface Case {
  readonly people: number;
  readonly text: 'plain' | 'tickets';
  readonly goal: number;
}

const cases: readonly Case[] = [
  { people: 1000, text: 'plain', goal: 1.1 },
  { people: 10_000, text: 'plain', goal: 1.15 },
  { people: 1000, text: 'tickets', goal: 1.5 },
  { people: 10_000, text: 'tickets', goal: 1.5 },
];

/** Announcements in one run. */
const repeats = 3;

async function compareCase({ people, text }: Case): Promise<{ latency: Comparison; blocked: Comparison }> {
  const fans = {
    ours: await Fan.start({ kind: 'ours', people, text, megabytes: 0 }),
    bare: await Fan.start({ kind: 'bare', people, text, megabytes: 0 }),
  };
  const blockedMs: Record<keyof typeof fans, number[]> = { ours: [], bare: [] };
  // When another process of this machine takes the processor away, the event loop was not blocked by us: the best of some counts.
  const announce = async (who: keyof typeof fans): Promise<number> => {
    const runs: (readonly [number, number])[] = [];
    for (let run = 0; run < repeats; run++) runs.push([await fans[who].announce(), await fans[who].figure('blocked')]);
    blockedMs[who].push(Math.min(...runs.map(([, blocked]) => blocked)));
    return quantile(
      runs.map(([milliseconds]) => milliseconds),
      0.5,
    );
  };
  const latency = await compare({ ours: () => announce('ours'), bare: () => announce('bare') }, people > 1000 ? 7 : 25);
  const blocked = comparison(blockedMs.ours.slice(1), blockedMs.bare.slice(1));
  for (const fan of Object.values(fans)) fan.stop();
  return { latency, blocked };
}

export const announcements: Group = {
  name: 'announcements',
  async *run(): AsyncGenerator<Finding> {
    for (const one of cases) {
      const { latency, blocked } = await compareCase(one);
      const what = `one announcement to ${one.people} connections${one.text === 'tickets' ? ', with the own tickets of each' : ''}`;
      yield {
        what: `${what}, until the last has it`,
        against: 'a bare loop of writes',
        ratio: latency.ratio,
        spread: latency.spread,
        goal: { bound: 'at most', value: one.goal },
        note: `${latency.ours.toFixed(1)} ms and ${latency.bare.toFixed(1)} ms`,
      };
      yield {
        what: `${what}: the event loop is blocked at a time`,
        against: 'a bare loop of writes',
        ratio: blocked.ratio,
        spread: blocked.spread,
        goal: { bound: 'at most', value: 0.15 },
        note: `${blocked.ours.toFixed(1)} ms and ${blocked.bare.toFixed(1)} ms`,
      };
    }
  },
};
