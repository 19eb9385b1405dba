import type { ChalkInstance } from 'chalk';

/** One thing that was looked at. Texts are printable, without a full stop at their end. */
export interface Finding {
  readonly topic: string;
  readonly verdict: 'ok' | 'warn' | 'fail';
  readonly says: string;
  /** What to do about it, or with it. */
  readonly cure?: string;
}

/** The findings for a person, a line each and one more for each cure, and the sum of them. */
export function report(findings: readonly Finding[], paint: ChalkInstance): string {
  const colours = { ok: paint.green, warn: paint.yellow, fail: paint.bold.red } as const;
  const lines = findings.map(({ topic, verdict, says, cure }) => {
    const line = `${colours[verdict](verdict.padEnd(5))} ${paint.dim(topic.padEnd(11))} ${says}\n`;
    return cure === undefined ? line : `${line}${' '.repeat(18)}${paint.bold('->')} ${cure}\n`;
  });
  const fails = failures(findings);
  const warnings = findings.filter(({ verdict }) => verdict === 'warn').length;
  const sum = [
    fails === 0 ? 'Nothing fails' : `${fails} of ${findings.length} ${fails === 1 ? 'fails' : 'fail'}`,
    warnings === 0 ? '' : `, ${warnings} ${warnings === 1 ? 'warning' : 'warnings'}`,
  ];
  return `${lines.join('')}\n${sum.join('')}.\n`;
}

/** The findings for a program: one line of JSON. */
export function reportJson(findings: readonly Finding[]): string {
  return `${JSON.stringify({ fails: failures(findings), findings })}\n`;
}

/** How many findings keep a server from running. */
export function failures(findings: readonly Finding[]): number {
  return findings.filter(({ verdict }) => verdict === 'fail').length;
}
