import { getRequestListener } from '@hono/node-server';
import { isLoopback } from '../base/host.ts';
import { PerSubnetLimiter } from '../base/per-subnet-limiter.ts';
import type { Turns } from '../base/run-to-end.ts';
import type { BeaconRounds } from './beacon-rounds.ts';
import { makeBeaconApp } from './beacon-routes.ts';
import { limits } from './limits.ts';
import { makeRequestBounds } from './request-bounds.ts';
import { WebCounters } from './web-counters.ts';
import { WebServer } from './web-server.ts';

export interface BeaconServerOptions {
  readonly rounds: BeaconRounds;
  readonly turns: Turns;
  failed(error: unknown): void;
}

/** Serves what a beacon has published, over HTTP. Requests are bounded as those of the page are. */
export class BeaconServer {
  readonly #options: BeaconServerOptions;
  #server: WebServer | undefined;

  constructor(options: BeaconServerOptions) {
    this.#options = options;
  }

  /** Begins to serve, and returns the port. Rejects with the system's error when it cannot listen. */
  async open(addresses: readonly string[], port: number): Promise<number> {
    const { rounds, turns, failed } = this.#options;
    const counters = new WebCounters();
    const app = makeBeaconApp({
      rounds,
      failed,
      counters,
      isLoopback: addresses.every(isLoopback),
      ...makeRequestBounds(turns, counters),
    });
    const listener = getRequestListener(app.fetch, { overrideGlobalObjects: false });
    const connectionsMax = limits.beaconConnectionsMax;
    const server = new WebServer(
      (request, response) => {
        listener(request, response).catch(failed);
      },
      {
        connectionsMax,
        connectionLimiter: new PerSubnetLimiter(Math.ceil(connectionsMax * limits.dashboardAddressShare)),
        counters,
      },
    );
    const boundPort = await server.listen(addresses, port);
    this.#server = server;
    return boundPort;
  }

  close(): void {
    this.#server?.close();
  }
}
