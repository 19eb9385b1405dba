import type { Clock } from '../../consensus/clock.ts';

/** Resolves after some time, or as soon as the signal comes. */
export async function pause(clock: Clock, milliseconds: number, signal: AbortSignal): Promise<void> {
  if (signal.aborted) return;
  await new Promise<void>((resolve) => {
    const end = (): void => {
      cancel();
      signal.removeEventListener('abort', end);
      resolve();
    };
    const cancel = clock.wakeAt(clock.monotonicMs() + milliseconds, end);
    signal.addEventListener('abort', end, { once: true });
  });
}
