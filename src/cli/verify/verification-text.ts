import type { ChalkInstance } from 'chalk';
import { pluralizeCount, withThousands } from '../../base/formatting.ts';
import type { ChainAudit } from '../chain/chain-audit.ts';
import type { ParticipatedDraw, Participation } from '../chain/participation.ts';
import { poolList } from '../chain/pool-list.ts';
import { faultText, holds, isDamaged, type Verification } from '../chain/verification.ts';
import { commandLine } from '../start-command.ts';
import { ledgerRow, type Row, sealRows } from './checked-rules.ts';
import { accountJson, type VerifiedAccount } from './verified-account.ts';

/** A verdict in words: what holds or what does not, what was checked, and what could not be. */
export function verificationText(verification: Verification, paint: ChalkInstance): string {
  const rows = [...headRows(verification), ...checkedRows(verification), ...uncheckedRows(verification)];
  const lines = rows.map(([label, words]) => `  ${paint.dim(label.padEnd(12))} ${words}\n`);
  return `${headline(verification, paint)}\n${lines.join('')}`;
}

function headline(verification: Verification, paint: ChalkInstance): string {
  const { name, audit, wrong, blockDamage } = verification;
  const { blocks, fault } = audit;
  if (fault === undefined && blockDamage !== undefined)
    return `${paint.bold.red('The chain is damaged')}: ${blockDamage}.`;
  if (fault === undefined && wrong === undefined && isDamaged(verification)) {
    return `${paint.bold.red('The data directory is damaged')}: ${poolList(audit.poolsDamaged)} cannot be read; the blocks hold.`;
  }
  if (holds(verification)) return `${paint.bold.green('The chain holds')}: ${range(blocks)}, in ${name}.`;
  return `${paint.bold.red('The chain does not hold')}: ${fault === undefined ? wrong : faultText(fault)}.`;
}

function headRows(verification: Verification): readonly Row[] {
  const { name, audit, blockDamage, cure } = verification;
  const { fault, holding, blocks, tip, firstTimestamp } = audit;
  const rows: Row[] = [];
  if (!holds(verification)) rows.push(['chain', `${range(blocks)}, in ${name}`]);
  if (fault !== undefined) {
    rows.push(['before it', holding === 0 ? 'nothing' : `${range(holding)}, without a fault`]);
    rows.push(['after it', followingText(blocks - fault.index - 1, audit.followingBroken)]);
  }
  if (tip !== undefined && fault === undefined)
    rows.push(['time', `${firstTimestamp} to ${tip.timestamp}`], ['tip', tip.hash]);
  if (audit.poolDamage !== undefined) {
    rows.push(['damaged', fault === undefined ? audit.poolDamage : `${poolList(audit.poolsDamaged)} cannot be read`]);
  }
  if (fault !== undefined && blockDamage !== undefined) rows.push(['damaged', blockDamage]);
  if (cure !== undefined && !holds(verification)) rows.push(['cure', `${cure} keeps what is whole`]);
  return rows;
}

function followingText(following: number, broken: number): string {
  if (following === 0) return 'nothing';
  const found =
    broken === 0
      ? 'none breaks a rule of its own'
      : `${withThousands(broken)} ${broken === 1 ? 'breaks' : 'break'} a rule, too`;
  return `${pluralizeCount(following, 'block')}; each on the word of the one before it, ${found}`;
}

function checkedRows({ audit, chains, incomplete }: Verification): readonly Row[] {
  const { holding, pools, candidates, fault, form } = audit;
  const rows: Row[] = [];
  if (fault !== undefined) return rows;
  if (holding > 0) rows.push(['blocks', 'each has its form and its place, and its hash is that of what it says']);
  if (holding > 1) {
    if (form !== undefined) rows.push(...sealRows(form));
    if (form?.hasLedger) rows.push(ledgerRow(audit.isLedgerKnown));
  }
  if (pools > 0) {
    const sizes = `${pluralizeCount(pools, 'pool')} with ${pluralizeCount(candidates, 'candidate')}`;
    rows.push(['pools', `${sizes}: in order, nobody twice, every leaf and root computed again`]);
  }
  if (chains > 1)
    rows.push(['earlier', `${pluralizeCount(chains - 1, 'chain')} before it in this text, compared with it`]);
  if (incomplete > 0) rows.push(['left out', `${pluralizeCount(incomplete, 'chain')} in this text, not complete`]);
  return rows;
}

function uncheckedRows({ audit, isEndUnknown, isStored }: Verification): readonly Row[] {
  const rows: Row[] = [];
  const absent = absentPools(audit);
  if (absent > 0) {
    const which = audit.pools === 0 ? 'the pools' : `${absent} of the pools`;
    const cure = isStored
      ? 'A repair could not read them and left them out'
      : `At the server, ${commandLine('export', '--pools')} gives them`;
    rows.push(['not checked', `${which}: who else took part. ${cure}`]);
  }
  if (audit.form?.hasLedger && !audit.isLedgerKnown && audit.holding > 1)
    rows.push(['not checked', 'the balances: the transactions do not lie beside every block']);
  if (isEndUnknown)
    rows.push(['not checked', 'whether blocks are missing at the end: the file tip beside the chain cannot be read']);
  return rows;
}

/** How many pools of blocks that hold are neither checked nor known to be damaged. */
function absentPools({ holding, pools, poolsDamaged, form, isLedgerKnown }: ChainAudit): number {
  // With a ledger the pool is judged together with the transactions.
  if (form?.kind !== 'lottery' || (form.hasLedger && isLedgerKnown)) return 0;
  return Math.max(0, holding - 1 - pools - poolsDamaged.filter((index) => index > 0 && index < holding).length);
}

/** What one validator did, in words: a line for each round. */
export function participationText(participation: Participation, audit: ChainAudit, paint: ChalkInstance): string {
  if (audit.form !== undefined && audit.form.kind !== 'lottery')
    return '\nNothing is drawn in this chain, so no validator has won or lost anything.\n';
  const [address] = participation.addresses;
  const { rounds, wins } = participation;
  const isComplete = audit.pools === audit.holding - 1;
  if (address === undefined) {
    return `\nNo validator whose address begins so ${isComplete ? 'took part in a draw' : 'has won; without the pools nobody else is seen'}.\n`;
  }
  const table = rounds.map(roundCells);
  // There may be more rounds than a call can have arguments.
  const widths = table.reduce<readonly number[]>(
    (widest, cells) => cells.map((cell, column) => Math.max(cell.length, widest[column] ?? 0)),
    [],
  );
  const rows = rounds.map((round, place) => {
    const cells = (table[place] ?? []).map((cell, column) => cell.padStart(widths[column] ?? 0));
    const result = round.hasWon ? paint.green('won') : paint.dim('lost');
    return `  block ${cells[0]}  tickets ${cells[1]}  drawn ${cells[2]}  BPM ${String(round.bpm).padEnd(5)} ${result}\n`;
  });
  const until = audit.fault === undefined ? '' : `, before block ${audit.fault.index}`;
  const title = `\nValidator ${paint.cyan(address)}${until}\n`;
  if (!isComplete) {
    const words = `won ${pluralizeCount(wins, 'draw')}. Those that it lost cannot be seen without the pools`;
    return `${title}${rows.join('')}  ${words}.\n`;
  }
  const { mean: expected, deviation } = participation.expectation();
  const words = `${pluralizeCount(rounds.length, 'draw')}, ${withThousands(wins)} won; by its share of the stakes ${expected.toFixed(1)} could be expected, give or take ${deviation.toFixed(1)}`;
  return `${title}${rows.join('')}  ${words}.\n`;
}

function roundCells({ index, tickets, ticket, totalStake }: ParticipatedDraw): readonly string[] {
  return [String(index), `${tickets.first} to ${tickets.last}`, `${ticket} of ${totalStake}`];
}

/** A verdict for programs: one JSON object on a line, with the account that was asked for. */
export function verificationJson(verification: Verification, account?: VerifiedAccount): string {
  const { name, audit, chains, incomplete, wrong, participation, isEndUnknown } = verification;
  const { blocks, holding, fault, tip, form } = audit;
  return `${JSON.stringify({
    holds: holds(verification),
    source: name,
    kind: form?.kind ?? null,
    beacons: form?.beacons ?? 0,
    ledger: form?.hasLedger ? (audit.isLedgerKnown ? 'checked' : 'blocks alone') : null,
    blocks,
    holding,
    tip: tip === undefined ? null : { index: tip.index, hash: tip.hash, timestamp: tip.timestamp },
    fault:
      fault === undefined
        ? null
        : { ...fault, following: blocks - fault.index - 1, followingBroken: audit.followingBroken },
    wrong: wrong ?? null,
    poolsChecked: audit.pools,
    poolsAbsent: absentPools(audit),
    damage: damageJson(verification),
    candidates: audit.candidates,
    chains,
    incomplete,
    isEndUnknown,
    ...(participation === undefined ? {} : { validator: participationJson(participation) }),
    ...(account === undefined ? {} : { account: accountJson(account) }),
  })}\n`;
}

/** What is wrong in a data directory: there, all that does not hold is damage, and has a cure. */
function damageJson(verification: Verification): unknown {
  const { audit, blockDamage, wrong, cure } = verification;
  if (holds(verification) || cure === undefined) return null;
  const { fault, poolsDamaged, poolDamage } = audit;
  const falsePools = fault?.rule.startsWith('pool') ? [fault.index] : [];
  return {
    pools: [...poolsDamaged, ...falsePools].sort((one, other) => one - other),
    why: fault === undefined ? (blockDamage ?? wrong ?? poolDamage) : faultText(fault),
    cure,
  };
}

function participationJson(participation: Participation): unknown {
  const { mean, deviation } = participation.expectation();
  return {
    address: participation.addresses[0] ?? null,
    wins: participation.wins,
    expectedWins: mean,
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

function range(blocks: number): string {
  return blocks > 1 ? `${withThousands(blocks)} blocks, 0 to ${blocks - 1}` : pluralizeCount(blocks, 'block');
}
