import type { HttpBindings } from '@hono/node-server';
import type { Hono } from 'hono';
import type { SealStatus } from '../consensus/engine.ts';
import { sealedPoolOf } from '../core/beacon.ts';
import { isDrawn } from '../core/block.ts';
import { parseBlock } from '../core/parse-block.ts';
import type { PoolStatement } from '../core/statement.ts';
import { parseWholeNumber } from './api/query.ts';
import { quoted } from './quoted.ts';
import { type Responder, refuse } from './responder.ts';
import { sealReport } from './seal-report.ts';
import type { StoredTexts } from './stored-texts.ts';

export interface SealRouteOptions {
  readonly store: StoredTexts;
  /** The pool whose draw waits for beacons; undefined while none does. */
  seal(): SealStatus | undefined;
}

/** Serves what was sealed, with the authority's signature: who keeps it can convict an authority that draws something else. */
export function addSealRoutes(
  app: Hono<{ Bindings: HttpBindings }>,
  options: SealRouteOptions,
  respond: Responder,
): void {
  app.get('/api/seal', (c) => {
    const seal = options.seal();
    return seal === undefined
      ? refuse(c, 404, 'no sealed pool waits for its draw now')
      : respond.json(c, sealReport(seal));
  });
  app.get('/api/rounds/:index/seal', async (c) => {
    const index = parseWholeNumber(c.req.param('index'));
    if (index === undefined) return refuse(c, 400, `${quoted(c.req.param('index'))} is not the index of a block`);
    const statement = waitingStatement(options.seal(), index) ?? (await storedStatement(options.store, index));
    return statement === undefined
      ? refuse(c, 404, `no seal of a pool of block ${index} is known here`)
      : respond.json(c, statement);
  });
}

function waitingStatement(seal: SealStatus | undefined, index: number): PoolStatement | undefined {
  return seal?.pool.Index === index ? { Pool: seal.pool, Signature: seal.signature } : undefined;
}

/** The statement of a pool that is drawn: its block has the pool, and the signature was stored beside it. */
async function storedStatement(store: StoredTexts, index: number): Promise<PoolStatement | undefined> {
  const Signature = await store.sealOf(index);
  const [text] = Signature === undefined ? [] : await store.blockRange(index, index);
  if (Signature === undefined || text === undefined) return undefined;
  const parsed = parseBlock(JSON.parse(text), index);
  const Pool = 'value' in parsed && isDrawn(parsed.value) ? sealedPoolOf(parsed.value) : undefined;
  return Pool && { Pool, Signature };
}
