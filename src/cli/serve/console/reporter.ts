import type { ChalkInstance } from 'chalk';
import { pluralize, pluralizeCount, shortHash } from '../../../base/formatting.ts';
import { limits as workLimits } from '../../../consensus/work/limits.ts';
import { type Block, isDrawn, isGenesis, isMined, type SealedBlock } from '../../../core/block.ts';
import { limits as nodeLimits } from '../../../node/limits.ts';
import type { CommittedEvent, NodeEvent } from '../../../node/ports.ts';
import { roundsText } from '../../../tcp/beacon-text.ts';
import { notABpm } from '../../../tcp/slashing-text.ts';
import { limits } from '../limits.ts';
import { blockLine, chainText } from './block-text.ts';
import { difficultyText, formatSeconds } from './search-text.ts';

export interface ReporterOptions {
  readonly paint: ChalkInstance;
  readonly print: (text: string) => void;
  readonly nowMs: () => number;
}

/** What lines come in such numbers that they have to be summed up. */
type Topic = 'people' | 'blocks';

/** Tells the operator what happens: who joined, left, was slashed; each draw with its block, and from time to time the chain. */
export class Reporter {
  readonly #options: ReporterOptions;
  readonly #newest: Block[] = [];
  #height = 0;
  /** The last block that the console has shown with its chain. */
  #dumpedTip = -1;
  #isLottery = true;
  #secondMs = 0;
  #printed = 0;
  /** How many lines were left out, by what they were about. */
  readonly #unprinted = new Map<Topic, number>();

  constructor(options: ReporterOptions) {
    this.#options = options;
  }

  onEvent(event: NodeEvent): void {
    const { paint } = this.#options;
    switch (event.kind) {
      case 'loaded':
        if (isGenesis(event.block)) this.#isLottery = event.block.Genesis.Consensus.Kind === 'lottery';
        this.#remember(event.block);
        return;
      case 'joined':
        this.#person(`${paint.green('+')} ${shortHash(event.validator)} joined${withStake(event.stake)}\n`);
        return;
      case 'returned':
        this.#person(
          `${paint.green('+')} ${shortHash(event.validator)} is back with ${pluralize(event.stake, 'token')}\n`,
        );
        return;
      case 'left': {
        const candidate = event.isInTheDraw && this.#isLottery ? '; its candidate stays in the draw' : '';
        this.#person(`${paint.dim('-')} ${shortHash(event.validator)} left${withStake(event.stake)}${candidate}\n`);
        return;
      }
      case 'slashed':
        this.#person(
          `${paint.red('!')} ${shortHash(event.validator)} was slashed${event.stake === 0n ? '' : ` and lost ${pluralize(event.stake, 'token')}`}: ${notABpm(event.invalid)}\n`,
        );
        return;
      case 'committed': {
        this.#remember(event.block);
        if (isDrawn(event.block)) this.sumUp();
        else {
          this.#line(`${blockLine(event.block, paint)}${this.#sealText(event.block)}`, 'blocks');
          return;
        }
        this.#tellBurns(event);
        const { Validator, Index, Draw } = event.block;
        const among = event.receipts.size === 1 ? 'one candidate' : `${event.receipts.size} candidates`;
        const result = `ticket ${Draw.Ticket} of ${Draw.TotalStake} among ${among}; ${paint.bold(shortHash(Validator))} wins block ${Index}`;
        // The result last: what stands above it is soon out of sight.
        this.#options.print(`${blockLine(event.block, paint)}${paint.bold.green('Drawn')}: ${result}\n`);
        return;
      }
      case 'searching': {
        const what = `BPM ${event.payload} of ${shortHash(event.validator)}`;
        this.#person(
          `${paint.dim('?')} searching for block ${event.index}: ${difficultyText(event.difficulty)}, ${what}\n`,
        );
        return;
      }
      case 'future-tip':
        this.#options.print(
          `${paint.yellow.bold('The search waits')}: block ${event.index} is ${formatSeconds(event.aheadMs)} ahead of this machine's clock. Set the clock, or wait: a block may not be more than ${formatSeconds(workLimits.futureMaxMs)} ahead.\n`,
        );
        return;
      case 'reorganised': {
        const [from, count] = [event.fork + 1, event.removed.length];
        this.#goBack(event.fork);
        if (event.added === 0) {
          this.#options.print(
            `${paint.yellow.bold('Set back')}: the chain of this sandbox ends at block ${event.fork} again; ${pluralizeCount(count, 'block')} never ${count === 1 ? 'was' : 'were'}.\n`,
          );
          return;
        }
        this.#options.print(
          `${paint.yellow.bold('Branch')}: a heavier branch of ${pluralizeCount(event.added, 'block')} from block ${from} on takes the place of ${pluralizeCount(count, 'block')}; what was in ${count === 1 ? 'it' : 'them'} waits again.\n`,
        );
        return;
      }
      case 'chain-due':
        this.sumUp();
        this.#options.print(this.#chain());
        return;
      case 'late':
        this.#options.print(
          event.awaited === undefined
            ? `${paint.yellow('Late')}: block ${event.index} is not drawn yet; people are told.\n`
            : `${paint.yellow('Late')}: block ${event.index} waits for ${roundsText(event.awaited)}, which no relay has given; people are told.\n`,
        );
        return;
      case 'sealed': {
        const { Index, PoolSize, TotalStake, PoolRoot } = event.pool;
        const size = `${pluralizeCount(PoolSize, 'candidate')}, ${pluralize(BigInt(TotalStake), 'token')}`;
        this.#options.print(
          `${paint.cyan('Sealed')}: the pool of block ${Index}, ${size}, root ${shortHash(PoolRoot)}; the draw waits for ${roundsText(event.rounds)}\n`,
        );
        return;
      }
      case 'beacon-heard': {
        if (!event.heard.isLate) return;
        const next = event.awaited.length === 0 ? 'the draw goes on' : `still awaited: ${roundsText(event.awaited)}`;
        this.#options.print(`${paint.green('Heard')}: ${roundsText([event.heard])}; ${next}\n`);
        return;
      }
      case 'disk-full':
        this.#options.print(
          `${paint.red.bold(this.#isLottery ? 'The draw waits' : 'Blocks wait')}: ${event.why}. Make room: it is tried again every ${nodeLimits.diskRetryMs / 1000} s, and nobody hears of block ${event.index} before it is stored.\n`,
        );
        return;
      case 'disk-free':
        this.#options.print(
          `${paint.green.bold(this.#isLottery ? 'The draw goes on' : 'Blocks go on')}: block ${event.index} is stored.\n`,
        );
        return;
      default:
        return;
    }
  }

  /** Says how many lines were left out since the last time. */
  sumUp(): void {
    const { print, paint } = this.#options;
    for (const [topic, count] of this.#unprinted) {
      print(
        paint.dim(`  … and ${count} more ${topic === 'people' ? 'came or went' : count === 1 ? 'block' : 'blocks'}\n`),
      );
    }
    this.#unprinted.clear();
  }

  /** Says whose stake a block burns, and who reported it. */
  #tellBurns({ block, ledger }: CommittedEvent): void {
    const { paint } = this.#options;
    for (const transaction of ledger?.transactions ?? []) {
      if (transaction.Kind !== 'report') continue;
      const [offender] = transaction.Evidence;
      if (offender === undefined) continue;
      const reporter = shortHash(transaction.From);
      this.#person(
        `${paint.red('!')} the stake of ${shortHash(offender.Validator)} burns in block ${block.Index}: ${reporter} reported it\n`,
      );
    }
  }

  /** How a block came about that was not drawn. */
  #sealText(block: SealedBlock): string {
    const { paint } = this.#options;
    if (!isMined(block)) return '';
    const { Difficulty, Nonce } = block.Work;
    return `${paint.bold.green('Found')}: nonce ${Nonce} at ${difficultyText(BigInt(Difficulty))}; block ${block.Index} is ${paint.bold(shortHash(block.Validator))}'s\n`;
  }

  /** The newest blocks, and how many are older; of a chain that is as it was the last time, only its length. */
  #chain(): string {
    const { paint } = this.#options;
    const isNew = this.#height !== this.#dumpedTip;
    this.#dumpedTip = this.#height;
    if (isNew) return `\n${chainText(this.#newest, this.#height, paint)}`;
    return paint.dim(`Chain of ${pluralize(this.#height + 1, 'block')}, as before\n`);
  }

  /** The blocks behind block `fork` are in the chain no longer, and others may come to their places. */
  #goBack(fork: number): void {
    this.#height = fork;
    this.#dumpedTip = -1;
    this.#newest.splice(0, this.#newest.length, ...this.#newest.filter(({ Index }) => Index <= fork));
  }

  #remember(block: Block): void {
    this.#height = block.Index;
    this.#newest.push(block);
    if (this.#newest.length > limits.dumpedBlocksMax) this.#newest.shift();
  }

  #person(line: string): void {
    this.#line(line, 'people');
  }

  /** Prints a line about one person or block. A terminal is slow, so many of them in one second are summed up. */
  #line(line: string, topic: Topic): void {
    const nowMs = this.#options.nowMs();
    if (nowMs - this.#secondMs >= 1000) {
      this.sumUp();
      this.#secondMs = nowMs;
      this.#printed = 0;
    }
    if (this.#printed < limits.consoleLinesPerSecond) {
      this.#printed += 1;
      this.#options.print(line);
    } else {
      this.#unprinted.set(topic, (this.#unprinted.get(topic) ?? 0) + 1);
    }
  }
}

/** Where nothing is at stake there is nothing to say of it. */
function withStake(stake: bigint): string {
  return stake === 0n ? '' : ` with ${pluralize(stake, 'token')}`;
}
