import type { EnginePorts, StoredBlock } from '../consensus/engine.ts';
import { ChangeQueue } from '../consensus/lottery/replicated/change-queue.ts';
import type { Outcome } from '../consensus/lottery/replicated/log-state.ts';
import type { OrderedLog, StandingSeat } from '../consensus/lottery/replicated/ordered-log.ts';
import { ReplicatedEngine, type ReplicatedEngineOptions } from '../consensus/lottery/replicated/replicated-engine.ts';
import { parseExact } from '../core/exact-json.ts';
import { parseGenesisBlock } from '../core/parse-genesis.ts';
import { LoggedSessions } from './logged-sessions.ts';
import type { Membership } from './membership.ts';
import { OtherDoors } from './other-doors.ts';
import { type BlockStore, ChainError } from './ports.ts';
import type { ResumableSessions } from './resumable-sessions.ts';

/** A log that begins with the genesis of its chain. */
export interface ChainLog extends OrderedLog {
  /** The genesis that stands in the log, as its JSON text: this one, where there is none yet. */
  genesis(make: () => Promise<string>): Promise<string>;
}

export interface DoorPorts extends Pick<ReplicatedEngineOptions, 'openProposer' | 'intervalMs'>, EnginePorts {
  readonly sessions: ResumableSessions;
  readonly members: Membership;
}

/** One of several doors of a lottery: people come to any of them, and a log makes one lottery of what they do. */
export class Doors {
  readonly sessionStore: LoggedSessions;
  readonly #log: ChainLog;
  readonly #changes: ChangeQueue<Outcome>;
  readonly #standing: readonly StandingSeat[];

  private constructor(log: ChainLog, standing: readonly StandingSeat[]) {
    this.#log = log;
    this.#standing = standing;
    this.#changes = new ChangeQueue(log);
    this.sessionStore = new LoggedSessions(this.#changes, standing);
  }

  /** Reads the seats of all doors. */
  static async open(log: ChainLog): Promise<Doors> {
    return new Doors(log, await log.seats());
  }

  /** The genesis of the chain: the door that comes first makes it. */
  async genesis(make: () => Promise<StoredBlock>): Promise<StoredBlock> {
    const text = await this.#log.genesis(async () => (await make()).text);
    const parsed = parseGenesisBlock(parseExact(text));
    if ('why' in parsed) throw new ChainError(`the genesis in the log is none: ${parsed.why}`);
    return { block: parsed.value, text, body: [] };
  }

  /** Throws a ChainError where the log is that of another chain than the one that is stored here. */
  async expectChain(store: BlockStore): Promise<void> {
    const own = (await store.block(0)) ?? '';
    if ((await this.#log.genesis(async () => own)) === own) return;
    throw new ChainError(
      'the log is that of another chain than the one that is stored here; begin with an empty data directory, or name another log',
    );
  }

  /** What makes the blocks of the chain together with the other doors. */
  engine({ sessions, members, ...ports }: DoorPorts): ReplicatedEngine {
    const engine: ReplicatedEngine = new ReplicatedEngine({
      ...ports,
      log: this.#log,
      changes: this.#changes,
      seats: new OtherDoors({
        sessions,
        members,
        standing: this.#standing,
        isWaiting: (validator) => engine.isWaiting(validator),
      }),
    });
    return engine;
  }
}
