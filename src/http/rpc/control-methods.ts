import type { ControlCalls } from '../api/rpc-types.ts';
import { type MethodTable, method } from './method.ts';
import { count, exactly } from './schemas.ts';

/** What these methods do. */
export interface ControlledServer {
  status(): { readonly height: number; readonly candidates: number };
  /** Makes a block of what waits now. */
  sealNow(): void;
  pause(): void;
  resume(): void;
  /** Stops the server. */
  stop(): void;
}

/** The methods that do what the operator does at the console. */
export function controlMethods(server: ControlledServer): MethodTable<ControlCalls> {
  return {
    draw: method<ControlCalls['draw']>({
      summary: 'make the next block now of the candidates that wait, without waiting for the end of the round',
      access: 'control',
      params: {},
      result: { name: 'draw', schema: exactly({ Index: count, Candidates: count }) },
      run() {
        const { height, candidates } = server.status();
        server.sealNow();
        return { result: { Index: height + 1, Candidates: candidates } };
      },
    }),
    pause: method<ControlCalls['pause']>({
      summary: 'make no blocks until resume; people may go on proposing',
      access: 'control',
      params: {},
      result: { name: 'state', schema: { type: 'string', enum: ['paused'] } },
      run() {
        server.pause();
        return { result: 'paused' };
      },
    }),
    resume: method<ControlCalls['resume']>({
      summary: 'make blocks again',
      access: 'control',
      params: {},
      result: { name: 'state', schema: { type: 'string', enum: ['resumed'] } },
      run() {
        server.resume();
        return { result: 'resumed' };
      },
    }),
    stop: method<ControlCalls['stop']>({
      summary: 'stop the server; the chain is kept',
      access: 'control',
      params: {},
      result: { name: 'state', schema: { type: 'string', enum: ['stopping'] } },
      run(_, { afterAnswer }) {
        afterAnswer(() => server.stop());
        return { result: 'stopping' };
      },
    }),
  };
}
