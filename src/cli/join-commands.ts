import type { NetworkInterfaceInfo } from 'node:os';

/** Where a server listens, with the addresses of its machine. */
export interface ListeningPlace {
  readonly host: string;
  readonly port: number;
  readonly networkInterfaces: Readonly<Record<string, readonly NetworkInterfaceInfo[] | undefined>>;
}

/** The commands that reach this server: one for each address of the machine when it listens on all of them. */
export function joinCommands(place: ListeningPlace): readonly string[] {
  const { host, port } = place;
  const local = host === '0.0.0.0' || host === '::' ? ['localhost'] : [];
  return [...local, ...reachableHosts(place)].map((name) => `nc ${name} ${port}`);
}

/** The names or addresses under which a server is reached: one for each address of the machine when it listens on all of them. */
export function reachableHosts(place: Omit<ListeningPlace, 'port'>): readonly string[] {
  const { host, networkInterfaces } = place;
  if (host !== '0.0.0.0' && host !== '::') return [host];
  return (
    Object.values(networkInterfaces)
      .flatMap((entries) => entries ?? [])
      // A link-local address means nothing without the name of the interface on the other machine.
      .filter(({ internal, family, address }) => {
        return !internal && (family === 'IPv4' || host === '::') && !address.startsWith('fe80:');
      })
      .map(({ address }) => address)
  );
}
