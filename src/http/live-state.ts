import type { EngineEvent } from '../consensus/engine.ts';
import { type Block, isGenesis } from '../core/block.ts';
import type { NodeEvent } from '../node/ports.ts';
import { type PlacedCandidate, TicketBar } from './api/ticket-bar.ts';
import type { ProfileOf, Segment } from './api/types.ts';
import { limits } from './limits.ts';
import { Profiles } from './profiles.ts';

/** What the search for a block of work is for. */
type Searched = Extract<EngineEvent, { readonly kind: 'searching' }>;

/** The state of the lottery that pages show, kept up to date by events: the connected validators, the open pool, the newest blocks. */
export class LiveState {
  readonly profiles: Profiles = new Profiles();
  readonly #connected = new Set<string>();
  readonly #newest: Block[] = [];
  #height = -1;
  #bar = new TicketBar();
  /** Proposals during a draw belong to the next round. */
  #nextBar = new TicketBar();
  #hasRounds = true;
  #workIntervalMs: number | undefined;
  #searched: Searched | undefined;

  /** The index of the last announced block; -1 before the genesis is loaded. */
  get height(): number {
    return this.#height;
  }

  /** The newest blocks, the newest first. */
  get newest(): readonly Block[] {
    return this.#newest;
  }

  /** How long a block of a chain of work should take; undefined in other chains. */
  get workIntervalMs(): number | undefined {
    return this.#workIntervalMs;
  }

  /** The block of work that was searched for last, and for whom. */
  get searched(): Searched | undefined {
    return this.#searched;
  }

  /** Candidates of the open round; none where there are no rounds. */
  get candidates(): number {
    return this.#bar.size;
  }

  /** The tokens that they stake. */
  get totalStake(): bigint {
    return this.#bar.totalStake;
  }

  isConnected(validator: string): boolean {
    return this.#connected.has(validator);
  }

  /** The connected validators whose address begins with `prefix`. */
  validatorsWith(prefix: string): readonly string[] {
    return [...this.#connected].filter((validator) => validator.startsWith(prefix));
  }

  /** The tickets of the open round in drawing order. */
  segments(): readonly Segment[] {
    return this.profiles.withProfiles(this.#bar.segments(undefined, (validator) => this.profiles.orderOf(validator)));
  }

  /** The candidates of the open round whose address begins with `prefix`. */
  candidatesWith(prefix: string): readonly PlacedCandidate[] {
    return this.#bar.find(prefix);
  }

  onEvent(event: NodeEvent): void {
    this.profiles.onEvent(event);
    switch (event.kind) {
      case 'loaded':
        this.#remember(event.block);
        return;
      case 'joined':
      case 'returned':
        this.#connected.add(event.validator);
        return;
      case 'left':
        this.#connected.delete(event.validator);
        return;
      case 'slashed':
        this.#connected.delete(event.validator);
        this.#bar.remove(event.validator);
        this.#nextBar.remove(event.validator);
        return;
      case 'withdrawn':
        this.#bar.remove(event.validator);
        this.#nextBar.remove(event.validator);
        return;
      case 'searching':
        this.#searched = event;
        return;
      case 'proposed':
        if (this.#hasRounds) (event.index > this.height + 1 ? this.#nextBar : this.#bar).add(event.candidate);
        return;
      case 'committed':
        this.#remember(event.block);
        this.#bar = this.#nextBar;
        this.#nextBar = new TicketBar();
        return;
      case 'reorganised':
        this.#height = event.fork;
        this.#newest.splice(0, this.#newest.length, ...this.#newest.filter(({ Index }) => Index <= event.fork));
        return;
      case 'empty':
        this.#bar = new TicketBar();
        return;
      default:
        return;
    }
  }

  /** The profiles of those who made these blocks. */
  profilesOf(blocks: readonly Block[]): readonly ProfileOf[] {
    return this.profiles.all(blocks.filter((block) => !isGenesis(block)).map(({ Validator }) => Validator));
  }

  #remember(block: Block): void {
    if (isGenesis(block)) {
      const { Consensus } = block.Genesis;
      this.#hasRounds = Consensus.Kind === 'lottery';
      this.#workIntervalMs = Consensus.Kind === 'work' ? Consensus.IntervalMs : undefined;
    }
    this.#height = block.Index;
    this.#newest.unshift(block);
    if (this.#newest.length > limits.newestBlocksMax) this.#newest.pop();
  }
}
