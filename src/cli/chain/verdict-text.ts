import type { ChalkInstance } from 'chalk';
import type { Participation, Round } from './participation.ts';
import { faultText, holds, type Verdict } from './verdict.ts';

/** A verdict in words: what holds or what does not, what was checked, and what could not be. */
export function verdictText(verdict: Verdict, paint: ChalkInstance): string {
  const { name, audit, wrong } = verdict;
  const { fault, holding, blocks } = audit;
  const lines: string[] = [];
  if (holds(verdict)) {
    lines.push(
      `${paint.bold.green('The chain holds')}: ${counted(blocks, 'block')}, ${span(0, blocks - 1)}, in ${name}.`,
    );
  } else {
    lines.push(`${paint.bold.red('The chain does not hold')}: ${fault === undefined ? wrong : faultText(fault)}.`);
    lines.push(`  in        ${name}, ${counted(blocks, 'block')}, ${span(0, blocks - 1)}`);
    if (holding > 0) lines.push(`  holding   ${span(0, holding - 1)}`);
    if (fault !== undefined) lines.push(`  after it  ${followers(blocks - fault.index - 1)}`);
  }
  if (holding > 0) lines.push(...checkedLines(verdict, paint));
  for (const words of unchecked(verdict)) lines.push(`  ${paint.yellow('not checked')}  ${words}`);
  return `${lines.join('\n')}\n`;
}

function checkedLines({ audit, chains, incomplete }: Verdict, paint: ChalkInstance): readonly string[] {
  const { tip, firstTimestamp, holding, pools, candidates } = audit;
  const row = (label: string, words: string): string => `  ${paint.dim(label.padEnd(9))} ${words}`;
  const lines = [
    row('from', firstTimestamp),
    row('to', tip?.timestamp ?? ''),
    row('tip', tip?.hash ?? ''),
    row('checked', 'of every block its form, place, time and hash; that its envelope opens the one before;'),
    row('', 'its ticket, recomputed; that the path leads from the winner to the root, and the ticket is the winner’s'),
  ];
  if (pools > 0) {
    lines.push(
      row(
        '',
        `of ${counted(pools, 'pool')} with ${counted(candidates, 'candidate')}: order, sizes, totals, every leaf and root, and the winner`,
      ),
    );
  }
  if (holding === 1) lines[3] = row('checked', 'the form and the hash of the genesis; there are no draws yet');
  if (holding === 1) lines.splice(4, 1);
  if (chains > 1) lines.push(row('', `that the ${chains - 1} chains before it in this text are its beginnings`));
  if (incomplete > 0)
    lines.push(row('left out', `${counted(incomplete, 'chain')} that ${incomplete === 1 ? 'breaks' : 'break'} off`));
  return lines;
}

function unchecked({ audit, isEndUnknown }: Verdict): readonly string[] {
  const words: string[] = [];
  const absent = audit.holding - 1 - audit.pools;
  if (absent > 0) {
    const which = audit.pools === 0 ? 'the pools' : `${absent} of the pools`;
    words.push(`${which}: who else took part. With them: npx sortition export --pools, at the server`);
  }
  if (isEndUnknown) words.push('whether the end of the chain is missing: the file tip beside it cannot be read');
  return words;
}

/** What one validator did, in words: a line for each round. */
export function participationText(participation: Participation, isComplete: boolean, paint: ChalkInstance): string {
  const [address] = participation.addresses;
  const { rounds, wins } = participation;
  if (address === undefined) {
    return `\nNo validator whose address begins so ${isComplete ? 'took part in a draw' : 'has won; without the pools nobody else is seen'}.\n`;
  }
  const widths = ['index', 'tickets', 'ticket'].map((_, column) => {
    return Math.max(...rounds.map((round) => roundCells(round)[column]?.length ?? 0));
  });
  const rows = rounds.map((round) => {
    const cells = roundCells(round).map((cell, column) => cell.padStart(widths[column] ?? 0));
    const result = round.hasWon ? paint.green('won') : paint.dim('lost');
    return `  block ${cells[0]}  tickets ${cells[1]}  drawn ${cells[2]}  BPM ${String(round.bpm).padEnd(5)} ${result}\n`;
  });
  const title = `\nValidator ${paint.cyan(address)}\n`;
  if (!isComplete) {
    const words = `won ${counted(wins, 'draw')}. Those that it lost cannot be seen without the pools`;
    return `${title}${rows.join('')}  ${words}.\n`;
  }
  const { wins: expected, deviation } = participation.expectation();
  const words = `${counted(rounds.length, 'draw')}, ${wins} won; by its share of the stakes ${expected.toFixed(1)} could be expected, give or take ${deviation.toFixed(1)}`;
  return `${title}${rows.join('')}  ${words}.\n`;
}

function roundCells({ index, tickets, ticket, totalStake }: Round): readonly string[] {
  return [String(index), `${tickets.first} to ${tickets.last}`, `${ticket} of ${totalStake}`];
}

/** A verdict for programs: one JSON object on a line. */
export function verdictJson(verdict: Verdict): string {
  const { name, audit, chains, incomplete, wrong, participation, isEndUnknown } = verdict;
  const { blocks, holding, fault, tip } = audit;
  return `${JSON.stringify({
    holds: holds(verdict),
    source: name,
    blocks,
    holding,
    tip: tip === undefined ? null : { index: tip.index, hash: tip.hash, timestamp: tip.timestamp },
    fault: fault === undefined ? null : { ...fault, following: blocks - fault.index - 1 },
    wrong: wrong ?? null,
    poolsChecked: audit.pools,
    poolsAbsent: Math.max(0, holding - 1 - audit.pools),
    candidates: audit.candidates,
    chains,
    incomplete,
    isEndUnknown,
    ...(participation === undefined ? {} : { validator: participationJson(participation) }),
  })}\n`;
}

function participationJson(participation: Participation): unknown {
  const { wins, deviation } = participation.expectation();
  return {
    address: participation.addresses[0] ?? null,
    wins: participation.wins,
    expectedWins: wins,
    deviation,
    rounds: participation.rounds.map(({ index, bpm, stake, totalStake, tickets, ticket, hasWon }) => ({
      index,
      bpm,
      stake: String(stake),
      totalStake: String(totalStake),
      first: String(tickets.first),
      last: String(tickets.last),
      ticket: String(ticket),
      won: hasWon,
    })),
  };
}

function span(first: number, last: number): string {
  if (last < 0) return 'not even a genesis';
  return first === last ? `block ${first}` : `blocks ${first} to ${last}`;
}

function followers(count: number): string {
  if (count === 0) return 'no block';
  return `${counted(count, 'block')}, not checked: ${count === 1 ? 'it builds' : 'they build'} upon it`;
}

function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`;
}
