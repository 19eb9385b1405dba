import { describe, expect, it } from 'vitest';
import { ErrorReporter } from '../../src/http/error-reporter.ts';
import { limits } from '../../src/http/limits.ts';

function faultsAt(): {
  readonly faults: ErrorReporter;
  readonly reported: unknown[];
  readonly clock: { nowMs: number };
} {
  const reported: unknown[] = [];
  const clock = { nowMs: 0 };
  const faults = new ErrorReporter({ nowMs: () => clock.nowMs, failed: (error) => reported.push(error) });
  return { faults, reported, clock };
}

describe('faults', () => {
  it('are reported at once, and again when the last report is long enough ago', () => {
    const { faults, reported, clock } = faultsAt();
    for (const nowMs of [0, 1, limits.errorReportMs - 1, limits.errorReportMs, limits.errorReportMs + 1]) {
      clock.nowMs = nowMs;
      faults.report(nowMs);
    }
    expect(reported).toEqual([0, limits.errorReportMs]);
  });

  it('go no further than the work that they happen in', () => {
    const { faults, reported } = faultsAt();
    const done: string[] = [];
    faults.guard(() => done.push('well'));
    faults.guard(() => {
      throw new Error('badly');
    });
    expect(done).toEqual(['well']);
    expect(reported.map(String)).toEqual(['Error: badly']);
  });

  it('are of no interest when everything has ended', () => {
    const { faults, reported } = faultsAt();
    faults.close();
    faults.report(new Error('late'));
    expect(reported).toEqual([]);
  });
});
