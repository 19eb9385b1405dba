import { type ChainReader, chainMethods } from './chain-methods.ts';
import { type ControlledServer, controlMethods } from './control-methods.ts';
import { describingMethods } from './describing-methods.ts';
import type { Method } from './method.ts';
import { type WorkSource, workMethods } from './work-methods.ts';

/** What the methods read and do. */
export interface RpcServer extends ChainReader, ControlledServer {
  status(): ReturnType<ChainReader['status']>;
  /** Undefined where nothing is searched for. */
  work(): WorkSource | undefined;
}

const workMethodNames: readonly string[] = ['getwork', 'submitwork'];

/** The table of all methods, by name: dispatcher, OpenRPC document and help are made from it. */
export function makeMethods(server: RpcServer): ReadonlyMap<string, Method> {
  const work = server.work();
  const methods: ReadonlyMap<string, Method> = new Map(
    Object.entries<Method>({
      ...chainMethods(server),
      ...(work === undefined ? {} : workMethods(work)),
      ...controlMethods(server),
      ...describingMethods(server.status().version, () => methods),
    }),
  );
  return methods;
}

/** Why a method that servers of other chains have is not there. */
export function explainMissing(method: string): string | undefined {
  if (!workMethodNames.includes(method)) return undefined;
  return `${method} is for chains of work: in this chain nothing is searched for`;
}
