import type { HttpBindings } from '@hono/node-server';
import { Hono } from 'hono';
import { parseDigits } from '../base/amount.ts';
import { type AdmissionOptions, admission } from './admission.ts';
import type { BeaconRounds, TooEarly } from './beacon-rounds.ts';
import { type GuardOptions, guard } from './guard.ts';
import { type HttpContext, refuse } from './responder.ts';

export interface BeaconAppOptions extends GuardOptions, AdmissionOptions {
  readonly rounds: BeaconRounds;
  failed(error: unknown): void;
}

/** drand's HTTP interface of a single chain: `/chains`, and `/info`, `/public/latest`, `/public/N`, each also below the hash of the chain. */
export function makeBeaconApp(options: BeaconAppOptions): Hono<{ Bindings: HttpBindings }> {
  const { rounds } = options;
  const { info } = rounds;
  const app = new Hono<{ Bindings: HttpBindings }>();
  app.use((c, next) => {
    c.header('Cache-Control', 'no-store');
    c.header('X-Content-Type-Options', 'nosniff');
    return next();
  });
  app.use(guard(options));
  app.use(admission(options));
  app.get('/', (c) => c.text(welcome(info.metadata.beaconID, info.period)));
  app.get('/chains', (c) => c.json([info.hash]));
  for (const place of ['', `/${info.hash}`]) {
    app.get(`${place}/info`, (c) => c.json(info));
    app.get(`${place}/public/latest`, (c) => answer(c, rounds.latest()));
    app.get(`${place}/public/:round`, (c) => {
      const round = roundOf(c.req.param('round'));
      if (round !== undefined) return answer(c, rounds.at(round));
      return refuse(c, 400, 'a round is a whole number from 1 to 2^53 - 1, for example /public/1, or /public/latest');
    });
  }
  app.notFound((c) => refuse(c, 404, notFoundWords(info.hash)));
  app.onError((error, c) => {
    options.failed(error);
    return refuse(c, 500, 'something went wrong here; the beacon goes on');
  });
  return app;
}

function answer(c: HttpContext, found: object | TooEarly): Response {
  if (!('inMs' in found)) return c.json(found);
  const { round, inMs } = found;
  return refuse(c, 425, `round ${round} comes in ${Math.ceil(inMs / 1000)} s; nobody can know it before`, inMs);
}

/** A round as the path has it; undefined for anything else. */
function roundOf(digits: string): number | undefined {
  const round = Number(parseDigits(digits) ?? 0n);
  return round >= 1 && Number.isSafeInteger(round) ? round : undefined;
}

function welcome(name: string, period: number): string {
  return `This is the randomness beacon ${name}: a value every ${period} s that nobody can know before.\n/info says with which key, /public/latest has the newest value, /public/1 the first.\n`;
}

function notFoundWords(hash: string): string {
  return `there are /chains, /info, /public/latest and /public/N here, the last three also below /${hash}, the hash of this beacon's chain`;
}
