import type { HttpBindings } from '@hono/node-server';
import type { Hono } from 'hono';
import { isAddressPrefix, parseWholeNumber } from './api/query.ts';
import type { PlacedCandidate } from './api/ticket-bar.ts';
import type { TicketsAnswer } from './api/types.ts';
import { quoted } from './quoted.ts';
import { type Responder, refuse } from './responder.ts';

/** The candidates of a pool whose address begins as somebody asks. */
interface FoundCandidates {
  readonly totalStake: bigint;
  readonly found: readonly PlacedCandidate[];
}

export interface TicketRouteOptions {
  /** The candidates of the pool of a block, or of the open round; undefined where that pool is not remembered. */
  candidatesWith(index: number, prefix: string): FoundCandidates | undefined;
}

/** Says where the tickets of one validator are: pages name only the largest stakes of a large pool. */
export function addTicketRoute(
  app: Hono<{ Bindings: HttpBindings }>,
  options: TicketRouteOptions,
  respond: Responder,
): void {
  app.get('/api/rounds/:index/tickets/:address', (c) => {
    const index = parseWholeNumber(c.req.param('index'));
    const prefix = c.req.param('address');
    if (index === undefined) return refuse(c, 400, `${quoted(c.req.param('index'))} is not the index of a block`);
    if (!isAddressPrefix(prefix))
      return refuse(c, 400, `${quoted(prefix)} is not 8 to 64 lower-case hex digits of an address`);
    const pool = options.candidatesWith(index, prefix);
    if (pool === undefined) return refuse(c, 404, `no pool of block ${index} is remembered here`);
    const [one, ...others] = pool.found;
    if (one === undefined)
      return refuse(c, 404, `nobody whose address begins with ${prefix} is in the draw of block ${index}`);
    if (others.length > 0)
      return refuse(
        c,
        409,
        `${others.length + 1} addresses in the draw of block ${index} begin with ${prefix}: give more digits`,
      );
    return respond.json(c, answerOf(one, pool.totalStake));
  });
}

function answerOf({ candidate, firstTicket }: PlacedCandidate, totalStake: bigint): TicketsAnswer {
  const { validator, stake } = candidate;
  return {
    validator,
    stake: String(stake),
    firstTicket: String(firstTicket),
    lastTicket: String(firstTicket + stake - 1n),
    totalStake: String(totalStake),
  };
}
