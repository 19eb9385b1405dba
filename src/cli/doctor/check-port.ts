import { type ProcessFacts, processText } from '../../platform/process-info.ts';
import type { Alternatives } from './alternatives.ts';
import type { PortFacts } from './facts.ts';
import type { Finding } from './finding.ts';
import type { SuggestCommand } from './suggested-command.ts';

/** Whether a server can listen at PORT and HOST; `lockedBy` is the process that has DATA_DIR. */
export function checkPort(
  { port, host, code, isLottery, owner }: PortFacts,
  lockedBy: number | undefined,
  alternatives: Alternatives,
  suggestCommand: SuggestCommand,
): Finding {
  const topic = 'port';
  if (code === undefined) {
    return {
      topic,
      verdict: 'ok',
      says: port === 0 ? 'PORT=0: the system chooses a free one' : `${port} is free on ${host}`,
    };
  }
  if (code === 'EADDRINUSE') {
    const isOurs = owner !== undefined && owner.pid === lockedBy;
    const hasOther = alternatives.port !== undefined;
    if (isLottery) {
      const says = `${isOurs ? "this directory's server" : 'a lottery'} already runs at ${port}${named(owner)}`;
      return {
        topic,
        verdict: 'fail',
        says,
        cure: `join it, or ${hasOther ? `run a second one: ${suggestCommand()}` : 'choose another port with --port'}`,
      };
    }
    const who = isOurs ? "this directory's server" : 'another program';
    const cure = hasOther ? suggestCommand() : 'choose another with --port';
    return { topic, verdict: 'fail', says: `${port} on ${host} is in use by ${who}${named(owner)}`, cure };
  }
  if (code === 'EACCES') {
    return {
      topic,
      verdict: 'fail',
      says: `this user may not listen on port ${port}`,
      cure: 'choose one from 1024 on, for example PORT=9000',
    };
  }
  return {
    topic,
    verdict: 'fail',
    says: `this machine cannot listen on HOST=${host} (${code})`,
    cure: 'HOST=localhost for this machine, HOST=0.0.0.0 for others too',
  };
}

/** Whether the page can be had at DASHBOARD_PORT, beside the lottery at PORT. A server starts without it. */
export function checkPage(
  page: PortFacts,
  port: PortFacts,
  lockedBy: number | undefined,
  alternatives: Alternatives,
  suggestCommand: SuggestCommand,
): Finding {
  const topic = 'page';
  if (page.port === 0) return { topic, verdict: 'ok', says: 'DASHBOARD_PORT=0: none is wanted' };
  const isSame = page.port === port.port;
  if (!isSame && page.code === undefined) {
    return { topic, verdict: 'ok', says: `${page.port} is free on ${page.host}` };
  }
  const taken =
    page.code === 'EADDRINUSE'
      ? `is in use by ${pageHolder(page, port, lockedBy)}${named(page.owner)}`
      : `cannot be listened on (${page.code})`;
  const why = isSame ? 'is also PORT' : taken;
  const cure = alternatives.dashboardPort === undefined ? 'choose another with --dashboard-port' : suggestCommand();
  return { topic, verdict: 'warn', says: `DASHBOARD_PORT=${page.port} ${why}: there will be no page`, cure };
}

function pageHolder(page: PortFacts, port: PortFacts, lockedBy: number | undefined): string {
  if (page.isLottery) return 'a lottery';
  if (page.owner === undefined) return 'another program';
  if (page.owner.pid === port.owner?.pid) return port.isLottery ? 'the same server' : 'the same program';
  return page.owner.pid === lockedBy ? "this directory's server" : 'another program';
}

function named(owner: ProcessFacts | undefined): string {
  return owner === undefined ? '' : `, ${processText(owner)}`;
}
