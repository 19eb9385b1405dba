import { escapeForDisplay } from '../../base/escape-for-display.ts';
import { pluralize, shortHash } from '../../base/formatting.ts';
import type { Clock } from '../../consensus/clock.ts';
import { findFault } from '../../consensus/verifier.ts';
import { type Block, isDrawn, isGenesis, isMined, type SealedBlock, winnersTickets } from '../../core/block.ts';
import type { EventListener, NodeEvent } from '../../node/ports.ts';
import { nativeVerifier } from '../../platform/ed25519.ts';
import { notABpm } from '../../tcp/slashing-text.ts';
import type { Person } from './person.ts';

export interface StoryOptions {
  readonly clock: Pick<Clock, 'monotonicMs'>;
  readonly people: ReadonlyMap<string, Person>;
  /** The key that grants tokens, and stands in where nobody proposes. */
  readonly faucet: string;
  readonly print: (line: string) => void;
}

/** Tells what happens in a scenario, a line for each moment, with people by their names. */
export class Story implements EventListener {
  readonly #options: StoryOptions;

  constructor(options: StoryOptions) {
    this.#options = options;
  }

  /** Tells a step of the script. */
  tell(words: string): void {
    const { clock, print } = this.#options;
    print(`${timeText(clock.monotonicMs()).padStart(10)}  ${words}\n`);
  }

  onEvent(event: NodeEvent): void {
    if (event.kind === 'committed') this.tell(`  ${this.#blockWords(event.block)}`);
    if (event.kind === 'late') this.tell(`  block ${event.index} is late`);
    if (event.kind === 'slashed') {
      const stake = event.stake === 0n ? '' : ` and loses ${pluralize(event.stake, 'token')}`;
      this.tell(`  ${this.nameOf(event.validator)} is slashed${stake}: ${notABpm(event.invalid)}`);
    }
  }

  /** Who a validator is. */
  nameOf(validator: string): string {
    const { people, faucet } = this.#options;
    for (const person of people.values()) {
      if (person.address === validator || person.addresses.has(validator)) return person.name;
    }
    return validator === faucet ? 'the faucet' : shortHash(validator);
  }

  #blockWords(block: SealedBlock): string {
    const owner = this.nameOf(block.Validator);
    if (isMined(block))
      return `block ${block.Index}: BPM ${block.BPM} of ${owner}, found with nonce ${block.Work.Nonce}`;
    if (!isDrawn(block)) return `block ${block.Index}: BPM ${block.BPM} of ${owner}`;
    const { Ticket, TotalStake } = block.Draw;
    const { first, last } = winnersTickets(block.Draw);
    return `block ${block.Index}: ticket ${Ticket} of ${TotalStake} is one of ${first} to ${last}, ${owner}'s, with BPM ${block.BPM}`;
  }
}

/** The chain as a table, with what a check of it says. */
export function chainText(blocks: readonly Block[], nameOf: (validator: string) => string): string {
  const fault = findFault(blocks, nativeVerifier());
  const verdict =
    fault === undefined ? 'which hold' : `of which block ${fault.index} breaks the rule "${fault.rule}": ${fault.why}`;
  const rows = blocks.map((block) => {
    const what = isGenesis(block) ? 'genesis' : `BPM ${block.BPM} of ${nameOf(block.Validator)}`;
    return `  block ${String(block.Index).padEnd(4)} ${block.Timestamp}  ${block.Hash.slice(0, 16)}…  ${what}\n`;
  });
  return `The chain: ${pluralize(blocks.length, 'block')}, ${verdict}\n${rows.join('')}`;
}

/** What a person has read and typed; what was typed stands behind "> ". */
export function transcriptText({ name, heard }: Person): string {
  let text = '';
  for (const { kind, text: words } of heard) {
    if (kind === 'typed') text += `${text === '' || text.endsWith('\n') ? '' : '\n'}> ${escapeForDisplay(words)}\n`;
    else text += words;
  }
  const lines = text.replace(/\n+$/, '').split('\n');
  return `${name}:\n${lines.map((line) => (line === '' ? '  |\n' : `  | ${line}\n`)).join('')}`;
}

/** A moment of a scenario: 90 s, or 1.5 s. */
function timeText(ms: number): string {
  return ms % 1000 === 0 ? `${ms / 1000} s` : `${(ms / 1000).toFixed(3)} s`;
}
