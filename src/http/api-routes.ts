import type { HttpBindings } from '@hono/node-server';
import type { Hono } from 'hono';
import { isHash } from '../core/hash.ts';
import type { ChainText } from '../node/chain-text.ts';
import { prefersPage } from './accept-header.ts';
import { limits as apiLimits } from './api/limits.ts';
import { isAddressPrefix, lookbacks, parseWholeNumber } from './api/query.ts';
import type { PeersReport } from './api/rpc-types.ts';
import type { FairnessAnswer, ProfileOf, Status, ValidatorHistory } from './api/types.ts';
import { compactLayout, indentedLayout, streamBlocks } from './block-stream.ts';
import { streamChain } from './chain-stream.ts';
import { quoted } from './quoted.ts';
import { type Responder, refuse } from './responder.ts';
import { addSealRoutes, type SealRouteOptions } from './seal-routes.ts';
import type { StoredTexts } from './stored-texts.ts';
import { addTicketRoute, type TicketRouteOptions } from './ticket-routes.ts';

export interface ApiOptions extends SealRouteOptions, TicketRouteOptions {
  readonly chain: () => ChainText;
  readonly store: StoredTexts;
  /** The index of the last announced block. */
  height(): number;
  status(): Status;
  /** Statistics of all validators over the last rounds, or over all. */
  fairness(last: number | undefined): Promise<FairnessAnswer>;
  history(validator: string): ValidatorHistory;
  /** The known validators whose address begins with `prefix`. */
  validatorsWith(prefix: string): readonly string[];
  /** What pages know these validators by, as far as that is known. */
  profiles(validators: readonly string[]): readonly ProfileOf[];
  /** The other nodes; undefined where the server has nothing to do with any. */
  readonly peers: (() => PeersReport) | undefined;
  /** Resolves when one more piece of an answer may be made. */
  next(): Promise<void>;
}

/** Serves what the API says of the lottery, its chain and its validators. */
export function addApiRoutes(app: Hono<{ Bindings: HttpBindings }>, options: ApiOptions, respond: Responder): void {
  const { chain, store } = options;
  const next = (): Promise<void> => options.next();
  const readBlocks = (first: number, last: number): Promise<readonly string[]> => store.blockRange(first, last);
  app.get('/', async (c, pass) => {
    if (prefersPage(c.req.header('Accept'))) return pass();
    const pieces = await streamBlocks(readBlocks, { first: 0, last: options.height(), layout: indentedLayout, next });
    return respond.stream(c, { pieces });
  });
  app.get('/api/status', (c) => respond.json(c, options.status()));
  app.get('/api/peers', (c) => {
    const { peers } = options;
    return peers === undefined ? refuse(c, 404, 'this server has no other nodes') : respond.json(c, peers());
  });
  app.get('/api/chain', (c) => {
    const chainStream = streamChain(chain(), next);
    return respond.stream(c, chainStream);
  });
  app.get('/api/blocks', async (c) => {
    const from = parseWholeNumber(c.req.query('from') ?? '0');
    const limit = parseWholeNumber(c.req.query('limit') ?? '100');
    if (from === undefined) return refuse(c, 400, `from must be the index of a block, ${example('from=0')}`);
    if (limit === undefined || limit < 1 || limit > apiLimits.blocksPerAnswerMax) {
      return refuse(c, 400, `limit must be from 1 to ${apiLimits.blocksPerAnswerMax}, ${example('limit=100')}`);
    }
    const last = Math.min(options.height(), from + limit - 1);
    const pieces = await streamBlocks(readBlocks, { first: from, last, layout: compactLayout, next });
    return respond.stream(c, { pieces });
  });
  app.get('/api/blocks/:index', async (c) => {
    const index = parseWholeNumber(c.req.param('index'));
    if (index === undefined) return refuse(c, 400, `${quoted(c.req.param('index'))} is not the index of a block`);
    if (index > options.height()) return refuse(c, 404, `there is no block ${index}: the last is ${options.height()}`);
    const [text] = await store.blockRange(index, index);
    return text === undefined ? refuse(c, 404, `there is no block ${index}`) : respond.text(c, text);
  });
  app.get('/api/rounds/:index/pool', async (c) => {
    const index = parseWholeNumber(c.req.param('index'));
    if (index === undefined) return refuse(c, 400, `${quoted(c.req.param('index'))} is not the index of a block`);
    if (index > options.height()) return refuse(c, 404, `no pool was drawn for block ${index} yet`);
    const text = await store.poolText(index);
    return text === undefined
      ? refuse(c, 404, `the pool of block ${index} is lost: a repair of the data directory left it out`)
      : respond.text(c, text);
  });
  addSealRoutes(app, options, respond);
  addTicketRoute(app, options, respond);
  app.get('/api/validators', async (c) => {
    const last = c.req.query('last') ?? 'all';
    if (!lookbacks.some((name) => name === last)) {
      return refuse(c, 400, `last must be ${lookbacks.join(', ')}, ${example('last=100')}`);
    }
    return respond.json(c, await options.fairness(last === 'all' ? undefined : Number(last)));
  });
  app.get('/api/profiles', (c) => {
    const validators = (c.req.query('of') ?? '').split(',');
    if (validators.length > apiLimits.profilesPerAnswerMax || !validators.every(isHash)) {
      return refuse(
        c,
        400,
        `of must be 1 to ${apiLimits.profilesPerAnswerMax} addresses of 64 hex digits, with commas between them`,
      );
    }
    return respond.json(c, options.profiles(validators));
  });
  app.get('/api/validators/:address', (c) => {
    const prefix = c.req.param('address');
    if (!isAddressPrefix(prefix))
      return refuse(c, 400, `${quoted(prefix)} is not 8 to 64 lower-case hex digits of an address`);
    const [address, other] = isHash(prefix) ? [prefix] : options.validatorsWith(prefix);
    if (address === undefined) return refuse(c, 404, `no validator is known whose address begins with ${prefix}`);
    if (other !== undefined) return refuse(c, 409, `${address} and ${other} begin with ${prefix}: give more digits`);
    return respond.json(c, options.history(address));
  });
}

function example(query: string): string {
  return `for example ?${query}`;
}
