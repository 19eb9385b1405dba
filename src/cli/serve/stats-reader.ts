import type { LocalService } from '../../node/local-service.ts';
import type { ProcessMetrics } from '../../platform/process-metrics.ts';
import { closeReasons } from '../../tcp/close-reason.ts';
import { refusals } from '../../tcp/refused-sockets.ts';
import type { ServedConnection, TcpServer } from '../../tcp/tcp-server.ts';
import type { Stats } from './console/stats-text.ts';

export interface StatsSources {
  readonly tcpServer: Pick<TcpServer<ServedConnection>, 'closeReasons' | 'refusals' | 'counts'>;
  readonly connections: ReadonlySet<unknown>;
  readonly connectionsMax: number;
  readonly service: LocalService;
  readonly monitor: ProcessMetrics;
}

/** Gathers how the server does from its parts. */
export class StatsReader {
  readonly #sources: StatsSources;
  #before = { upMs: 0, linesIn: 0, bytesIn: 0, bytesOut: 0 };

  constructor(sources: StatsSources) {
    this.#sources = sources;
  }

  /** Rates and delays are those since the call before. */
  read(): Stats {
    const { tcpServer, connections, connectionsMax, service, monitor } = this.#sources;
    const { closeReasons: ended, refusals: refused, counts } = tcpServer;
    const vitals = monitor.read();
    const before = this.#before;
    const now = {
      upMs: vitals.upMs,
      linesIn: counts.of('lines in'),
      bytesIn: counts.of('bytes in'),
      bytesOut: counts.of('bytes out'),
    };
    this.#before = now;
    const { validators, log } = service.status();
    const spanMs = now.upMs - before.upMs;
    const flow = (name: 'linesIn' | 'bytesIn' | 'bytesOut'): { all: number; perSecond: number } => {
      return { all: now[name], perSecond: ((now[name] - before[name]) * 1000) / Math.max(1, spanMs) };
    };
    return {
      ...vitals,
      spanMs,
      connections: connections.size,
      connectionsMax,
      validators,
      ...(log === undefined ? {} : { log }),
      ended: closeReasons.map((name) => [name, ended.of(name)]),
      refused: refusals.map((name) => [name, refused.of(name)]),
      slowed: [
        ['floods', counts.of('floods slowed')],
        ['deaf', counts.of('deaf slowed')],
      ],
      chains: [
        ['sent', counts.of('chains sent')],
        ['skipped', counts.of('chains skipped')],
      ],
      linesIn: flow('linesIn'),
      bytesIn: flow('bytesIn'),
      bytesOut: flow('bytesOut'),
    };
  }
}
