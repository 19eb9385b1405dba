import type { HttpBindings } from '@hono/node-server';
import { RESPONSE_ALREADY_SENT } from '@hono/node-server/utils/response';
import type { Hono } from 'hono';
import { limits as apiLimits } from './api/limits.ts';
import { type Responder, refuse } from './responder.ts';
import type { SseStream } from './sse-stream.ts';
import type { WebCounters } from './web-counters.ts';

export interface EventRouteOptions {
  readonly stream: SseStream;
  /** The JSON text of the current state, which a new subscriber is sent first. */
  snapshot(): string;
  readonly counters: WebCounters;
}

/** Serves /api/events: subscribes the connection to the event stream. */
export function addEventRoute(
  app: Hono<{ Bindings: HttpBindings }>,
  { stream, snapshot, counters }: EventRouteOptions,
  respond: Responder,
): void {
  app.get('/api/events', (c) => {
    if (c.req.method === 'HEAD') return c.body(null, 200, { 'Content-Type': 'text/event-stream' });
    if (stream.isFull) {
      const why = `${stream.size} pages watch already: ask for /api/status now and then`;
      return refuse(c, 503, why, apiLimits.subscriberRefusedMs);
    }
    const { incoming, outgoing } = c.env;
    outgoing.writeHead(200, { ...respond.headers, 'Content-Type': 'text/event-stream', 'X-Accel-Buffering': 'no' });
    incoming.socket.once('close', () => stream.remove(outgoing));
    const disconnectPipelined = (): void => {
      if (incoming.socket.readableLength > 0) counters.disconnect(outgoing, 'behind-events');
    };
    // A request behind an endless answer would never be served. While it waits unread, the end of the connection would not be noticed either.
    incoming.socket.on('readable', disconnectPipelined);
    disconnectPipelined();
    stream.add(outgoing, c.req.header('Last-Event-ID'), () => snapshot());
    return RESPONSE_ALREADY_SENT;
  });
}
