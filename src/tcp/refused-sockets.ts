import { Counters } from './counters.ts';
import { limits } from './limits.ts';
import type { ConnectionClock } from './lingering-close.ts';
import type { ServedSocket } from './tcp-server.ts';

/** Why a connection was refused. */
export const refusals = [
  /** All places are taken by connections with a balance. */
  'full',
  /** Its network address has all the connections that one may have. */
  'address-full',
  /** Too many came in the same moment: closed without a word. */
  'dropped',
] as const;

export type Refusal = (typeof refusals)[number];

/** The sockets that are refused: each is told why in one line and closed soon. */
export class RefusedSockets {
  readonly counts: Counters<Refusal> = new Counters();
  readonly #clock: ConnectionClock;
  readonly #lingering = new Set<ServedSocket>();

  constructor(clock: ConnectionClock) {
    this.#clock = clock;
  }

  /** Refuses a socket with last words. */
  refuse(socket: ServedSocket, refusal: Refusal, lastWords: string): void {
    this.counts.add(refusal);
    socket.resume();
    socket.end(lastWords);
    if (this.#lingering.size >= limits.refusalsMax) {
      // What has come by now is not read, so the system may reset the socket before the words are read.
      socket.destroySoon();
      return;
    }
    this.#lingering.add(socket);
    const resetAtMs = this.#clock.monotonicMs() + limits.resetDelayMs;
    const cancel = this.#clock.wakeAt(resetAtMs, () => socket.resetAndDestroy());
    socket.on('close', () => {
      cancel();
      this.#lingering.delete(socket);
    });
  }

  /** Ends the refused sockets without waiting for the other sides. */
  cutOff(): void {
    for (const socket of this.#lingering) socket.resetAndDestroy();
  }
}
