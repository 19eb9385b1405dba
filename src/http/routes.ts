import type { HttpBindings } from '@hono/node-server';
import { Hono } from 'hono';
import { DamageError } from '../node/ports.ts';
import { type AdmissionOptions, admission } from './admission.ts';
import { type ApiOptions, addApiRoutes } from './api-routes.ts';
import { addEventRoute, type EventRouteOptions } from './event-route.ts';
import { type GuardOptions, guard } from './guard.ts';
import { addLedgerRoutes, type LedgerRouteOptions } from './ledger-routes.ts';
import { addPageRoutes } from './page-routes.ts';
import { addPlayRoute, type PlayRouteOptions } from './play-route.ts';
import type { RequestBounds } from './request-bounds.ts';
import { Responder, refuse } from './responder.ts';
import { addRpcRoute, type RpcOptions } from './rpc-route.ts';
import { silenceText } from './seal-report.ts';
import type { StaticFiles } from './static-files.ts';
import type { StoredTexts } from './stored-texts.ts';
import { addSeatRoute, addWriteRoutes, type WriteOptions } from './write-routes.ts';

export interface AppOptions
  extends ApiOptions,
    LedgerRouteOptions,
    GuardOptions,
    AdmissionOptions,
    EventRouteOptions,
    PlayRouteOptions,
    WriteOptions,
    Omit<RpcOptions, 'explainFault'>,
    RequestBounds {
  readonly store: StoredTexts;
  readonly files: StaticFiles;
  metrics(): Promise<{ readonly type: string; readonly text: string }>;
  failed(error: unknown): void;
}

/** The page and its API. */
export function makeApp(options: AppOptions): Hono<{ Bindings: HttpBindings }> {
  const { files, pendingResponses } = options;
  const failed = (error: unknown): void => options.failed(error);
  const explain = (error: unknown): string => {
    failed(error);
    return error instanceof DamageError ? damageWords : faultWords;
  };
  const headers = answerHeaders(files.policy);
  const respond = new Responder({ headers, pendingResponses, failed });
  const app = new Hono<{ Bindings: HttpBindings }>();

  app.use((c, next) => {
    for (const [name, value] of Object.entries(headers)) c.header(name, value);
    return next();
  });
  app.use(guard(options));
  addWriteRoutes(app, options);
  addRpcRoute(app, { ...options, explainFault: (error) => explain(error) }, respond);
  app.use(admission(options));
  app.get('/healthz', (c) => {
    if (options.status().phase === 'disk-full') return c.text('a draw waits: the disk is full\n', 503);
    const { log } = options.status();
    if (log !== undefined && log.leader === undefined) return c.text('no door leads\n', 503);
    const seal = options.seal();
    const silence = seal && silenceText(seal);
    return silence === undefined ? c.text('ok\n') : c.text(`a draw waits: ${silence}\n`, 503);
  });
  app.get('/metrics', async (c) => {
    const { type, text } = await options.metrics();
    return respond.text(c, text, type);
  });
  addApiRoutes(app, options, respond);
  addLedgerRoutes(app, options, respond);
  addSeatRoute(app, options);
  addPageRoutes(app, files, respond);
  addEventRoute(app, options, respond);
  addPlayRoute(app, options);
  app.onError((error, c) => {
    return refuse(c, 500, explain(error));
  });
  return app;
}

const faultWords = 'something went wrong here; the lottery goes on';

/** The error text of a block or pool that the server can no longer read. */
const damageWords =
  'this is damaged on the disk of the server, though the lottery goes on. Whoever runs it can stop it and keep what is whole: node dist/main.js repair DATA_DIR NEW-DIRECTORY';

/** The headers of every answer. */
function answerHeaders(policy: string): Readonly<Record<string, string>> {
  return {
    'Content-Security-Policy': policy,
    'X-Content-Type-Options': 'nosniff',
    'X-Frame-Options': 'DENY',
    'Referrer-Policy': 'no-referrer',
    'Cross-Origin-Resource-Policy': 'same-origin',
    'Cache-Control': 'no-store',
    // A browser gets the page where a program gets JSON.
    Vary: 'Accept',
  };
}
