import type { DrawnExplanation, Explanation, MinedExplanation } from './explanation.ts';

/** An explanation for programs: one JSON object on a line. */
export function explanationJson(explanation: Explanation): string {
  return `${JSON.stringify(contentOf(explanation))}\n`;
}

function contentOf(explanation: Explanation): object {
  switch (explanation.kind) {
    case 'genesis':
    case 'instant':
      return { block: explanation.block };
    case 'drawn':
      return drawContent(explanation);
    case 'mined':
      return workContent(explanation);
  }
}

function drawContent({ block, link, rounds, seed, bits, attempts, tickets, places }: DrawnExplanation): object {
  return {
    block,
    link,
    beacons: rounds.length === 0 ? undefined : rounds.map(({ name, Round, published }) => ({ name, Round, published })),
    seed,
    bits,
    attempts: attempts.map(({ attempt, value }) => ({ attempt, value: String(value) })),
    first: String(tickets.first),
    last: String(tickets.last),
    pool: places?.map(({ candidate, tickets: { first, last } }) => ({
      Validator: candidate.validator,
      Stake: String(candidate.stake),
      BPM: candidate.payload,
      First: String(first),
      Last: String(last),
    })),
  };
}

function workContent({ block, contentHash, retarget }: MinedExplanation): object {
  const { blocks, sum, spanMs, unbounded } = retarget;
  return { block, contentHash, window: { blocks, sum: String(sum), spanMs }, unbounded: String(unbounded) };
}
