import { SystemClock } from '../src/platform/system-clock.ts';

/** The clock of this machine, whose wall clock is what a test says. */
export class SetClock extends SystemClock {
  wallMs: number;

  constructor(wallMs: number) {
    super();
    this.wallMs = wallMs;
  }

  override timestamp(): string {
    return new Date(this.wallMs).toISOString();
  }
}
