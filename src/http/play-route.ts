import type { HttpBindings } from '@hono/node-server';
import { RESPONSE_ALREADY_SENT } from '@hono/node-server/utils/response';
import type { Hono } from 'hono';
import type { PlayDoor } from './play-door.ts';
import { refuse } from './responder.ts';

export interface PlayRouteOptions {
  readonly playDoor: PlayDoor;
}

/** Serves /api/play: the conversation of nc in a WebSocket. */
export function addPlayRoute(app: Hono<{ Bindings: HttpBindings }>, { playDoor }: PlayRouteOptions): void {
  app.get('/api/play', async (c) => {
    const { incoming, outgoing } = c.env;
    if (c.req.header('Upgrade')?.toLowerCase() !== 'websocket') {
      c.header('Upgrade', 'websocket');
      return refuse(c, 426, 'this is a WebSocket: one line a message, as at nc; the page /play speaks it');
    }
    const chain = c.req.query('chain');
    if (chain !== undefined && chain !== 'none') return refuse(c, 400, 'chain may be left out or none: ?chain=none');
    outgoing.detachSocket(incoming.socket);
    await playDoor.open(incoming, chain === undefined);
    return RESPONSE_ALREADY_SENT;
  });
}
