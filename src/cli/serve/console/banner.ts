import type { ChalkInstance } from 'chalk';
import { pluralize, shortHash } from '../../../base/formatting.ts';
import type { Beacon } from '../../../core/block.ts';
import { joinCommands, type ListeningPlace } from '../../join-commands.ts';

export interface BannerFacts extends ListeningPlace {
  readonly version: string;
  /** The addresses that are listened on. */
  readonly addresses: readonly string[];
  readonly height: number;
  /** The last block that was taken at the word of a checkpoint; undefined where all were verified. */
  readonly takenAtWord: number | undefined;
  readonly dataDir: string;
  /** The chain says that it is a sandbox. */
  readonly isSandbox: boolean;
  /** What its secrets come from; undefined where nobody knows them. */
  readonly seed: string | undefined;
  /** How blocks come about. */
  readonly pace:
    | { readonly kind: 'lottery'; readonly intervalMs: number }
    | { readonly kind: 'work'; readonly miners: number }
    | { readonly kind: 'instant' }
    | { readonly kind: 'followed' };
  /** The beacons that the draws wait for. */
  readonly beacons: readonly Beacon[];
  readonly chainBroadcastIntervalMs: number;
  readonly connectionsMax: number;
  /** Why fewer connections are taken than the settings ask for; undefined when they are not. */
  readonly connectionsNote: string | undefined;
  /** The address of the page, or why there is no page. Undefined when the settings want no page. */
  readonly page: string | undefined;
  /** How other nodes dial this one; undefined where it does not listen for them. */
  readonly peerAddress: string | undefined;
}

/** What the server says when it is ready. The last lines are the commands to join. */
export function banner(facts: BannerFacts, paint: ChalkInstance): string {
  const note = facts.connectionsNote === undefined ? '' : `, ${facts.connectionsNote}`;
  const rows = [
    [
      'chain',
      `${facts.height === 0 ? 'only its genesis so far' : `${facts.height + 1} blocks`}, verified, kept in ${facts.dataDir}`,
    ],
    ...(facts.takenAtWord === undefined
      ? []
      : [
          [
            'checkpoint',
            `blocks 0 to ${facts.takenAtWord} were verified by a server on this directory before; --verify-all does so again`,
          ],
        ]),
    ...(facts.isSandbox ? [['sandbox', 'tokens without value; POST /rpc may set time and blocks back']] : []),
    ...(facts.seed === undefined
      ? []
      : [
          [
            'seed',
            `${facts.seed}: all keys, addresses and secrets come from this word, and whoever knows it knows them`,
          ],
        ]),
    [
      paceLabels[facts.pace.kind],
      facts.pace.kind === 'followed'
        ? paceText(facts.pace)
        : `${paceText(facts.pace)}; the whole chain to everybody every ${seconds(facts.chainBroadcastIntervalMs)}`,
    ],
    ...facts.beacons.map(({ Name, Period, ChainHash, PublicKey }) => [
      'beacon',
      `each draw waits for ${Name}, a round every ${seconds(Period * 1000)}; chain hash ${shortHash(ChainHash)}, key ${shortHash(PublicKey)}`,
    ]),
    [
      'listening',
      `${facts.addresses.join(' and ')}, port ${facts.port}; up to ${facts.connectionsMax} connections${note}`,
    ],
    ...(facts.page === undefined ? [] : [['page', facts.page]]),
    ...(facts.peerAddress === undefined ? [] : [['peers', `join with --peer ${facts.peerAddress}`]]),
    ['console', 'type help for what you can do here'],
  ];
  const lines = rows.map(([label = '', value = '']) => `  ${paint.dim(label.padEnd(10))} ${value}\n`);
  const commands = joinCommands(facts).map((command) => `${paint.bold.green(command)}\n`);
  return `${paint.bold('sortition')} ${facts.version}\n${lines.join('')}\nJoin from another terminal:\n${commands.join('')}`;
}

const paceLabels = { lottery: 'rounds', work: 'work', instant: 'blocks', followed: 'follows' } as const;

function paceText(pace: BannerFacts['pace']): string {
  switch (pace.kind) {
    case 'lottery':
      return `every ${seconds(pace.intervalMs)}`;
    case 'work':
      return `each BPM is searched for with ${pluralize(pace.miners, 'thread')}`;
    case 'instant':
      return 'every BPM is one at once';
    case 'followed':
      return 'the chain of another server: at nc people take part there, the page only shows it';
  }
}

function seconds(intervalMs: number): string {
  return intervalMs % 1000 === 0 ? `${intervalMs / 1000} s` : `${intervalMs} ms`;
}
