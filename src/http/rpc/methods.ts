import { type ChainReader, chainMethods } from './chain-methods.ts';
import { type ControlledServer, controlMethods } from './control-methods.ts';
import { describingMethods } from './describing-methods.ts';
import type { Method } from './method.ts';

/** What the methods read and do. */
export interface RpcServer extends ChainReader, ControlledServer {
  status(): ReturnType<ChainReader['status']>;
}

/** The table of all methods, by name: dispatcher, OpenRPC document and help are made from it. */
export function makeMethods(server: RpcServer): ReadonlyMap<string, Method> {
  const methods: ReadonlyMap<string, Method> = new Map(
    Object.entries<Method>({
      ...chainMethods(server),
      ...controlMethods(server),
      ...describingMethods(server.status().version, () => methods),
    }),
  );
  return methods;
}
