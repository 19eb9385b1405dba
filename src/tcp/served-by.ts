import { Connection, type ConnectionHost } from './connection.ts';
import type { TcpServerOptions } from './tcp-server.ts';

/** How a server serves those who take part in a lottery of its own. */
export function servedBy(host: ConnectionHost): Pick<TcpServerOptions<Connection>, 'clock' | 'serve' | 'failed'> {
  return {
    clock: host.clock,
    serve: (socket, counts) => new Connection(socket, host, counts),
    failed: (error) => host.failed(error),
  };
}
