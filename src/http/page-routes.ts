import type { HttpBindings } from '@hono/node-server';
import type { Hono } from 'hono';
import { prefersPage } from './accept-header.ts';
import { quoted } from './quoted.ts';
import { type Responder, refuse } from './responder.ts';
import type { StaticFiles } from './static-files.ts';

/** Serves the files of the page, and answers requests to unknown addresses. */
export function addPageRoutes(app: Hono<{ Bindings: HttpBindings }>, files: StaticFiles, respond: Responder): void {
  for (const path of [
    '/',
    '/play',
    '/fairness',
    '/chain',
    '/blocks/:index',
    '/validators/:address',
    '/accounts/:account',
    '/transactions/:id',
  ]) {
    app.get(path, (c) => respond.file(c, files.document));
  }
  app.get('/assets/*', (c) => {
    const file = files.assets.get(c.req.path);
    return file === undefined ? refuse(c, 404, 'there is no such file') : respond.file(c, file);
  });
  app.get('/api/openapi.json', (c) => respond.file(c, files.description));
  app.notFound((c) => {
    // A person who mistyped an address gets a page with a way back. Programs get the API's error.
    const isPage = !/^\/(?:api|assets)\//.test(c.req.path) && prefersPage(c.req.header('Accept'));
    if (!isPage) return refuse(c, 404, `there is nothing at ${quoted(c.req.path)}`);
    return respond.bytes(c, { status: 404, headers: { 'Content-Type': files.document.type } }, files.document.bytes);
  });
}
