import { pluralizeCount } from '../../base/formatting.ts';
import { roundTimeMs } from '../../core/beacon.ts';
import type { Beacon, DrawnBlock } from '../../core/block.ts';
import { limits } from './limits.ts';
import type { AwaitsEvent, SealedEvent, ServerEvent } from './server-event.ts';

/** What was heard of a pool that was sealed, and when. */
interface HeardSeal {
  readonly sealed: SealedEvent;
  readonly rounds: AwaitsEvent['rounds'];
  /** Unix time by the clock of this machine. */
  readonly heardMs: number;
}

/**
 * The witness of sealed pools (SPEC 5): it keeps what was said of each when it was sealed, and compares the block with it. An operator who changes
 * a pool after the beacons have spoken would have to change what everybody at nc has read already.
 */
export class HeardSeals {
  readonly #unixMs: () => number;
  /** By the index of the block, the oldest first. */
  readonly #seals = new Map<number, HeardSeal>();
  #last: SealedEvent | undefined;

  constructor(unixMs: () => number) {
    this.#unixMs = unixMs;
  }

  /** Takes an event, and keeps what concerns a seal. Returns, in a printable sentence, what cannot be true beside what was said before. */
  onEvent(event: ServerEvent): string | undefined {
    if (event.kind === 'sealed') this.#last = event;
    if (event.kind !== 'awaits' || this.#last === undefined) return undefined;
    const seal = { sealed: this.#last, rounds: event.rounds, heardMs: this.#unixMs() };
    this.#last = undefined;
    const { index } = seal.sealed;
    const before = this.#seals.get(index);
    if (before !== undefined) {
      // A server that was started again tells people of the same pool again.
      return textOf(before) === textOf(seal) ? undefined : `two pools were sealed for block ${index}`;
    }
    this.#seals.set(index, seal);
    const [oldest] = this.#seals.keys();
    if (this.#seals.size > limits.announcementsMax && oldest !== undefined) this.#seals.delete(oldest);
    return undefined;
  }

  /** Compares them with blocks that hold, and forgets those whose block has come. Returns what does not agree, in a printable sentence. */
  settle(blocks: readonly DrawnBlock[]): string | undefined {
    for (const block of blocks) {
      const seal = this.#seals.get(block.Index);
      const wrong = seal && compare(seal, block);
      if (wrong !== undefined) return `block ${block.Index} is not drawn from the pool that was sealed: ${wrong}`;
      this.#seals.delete(block.Index);
    }
    return undefined;
  }

  /**
   * The pool that was heard of last, if one of its rounds was out by then, as a printable sentence: then nothing shows that its operator did not
   * know it. A slow line or a wrong clock of this machine looks the same.
   */
  lateness(beacons: readonly Beacon[]): string | undefined {
    const seal = [...this.#seals.values()].at(-1);
    if (seal === undefined) return undefined;
    for (const { name, round } of seal.rounds) {
      const beacon = beacons.find(({ Name }) => Name === name);
      if (beacon !== undefined && roundTimeMs(beacon, round) <= BigInt(seal.heardMs))
        return `When you heard of the pool of block ${seal.sealed.index}, round ${round} of ${name} was out already, by the clock of this machine. So nothing here shows that nobody knew it when the pool was sealed.`;
    }
    return undefined;
  }
}

function textOf({ sealed, rounds }: HeardSeal): string {
  const { index, candidates, total, root } = sealed;
  return JSON.stringify([index, candidates, String(total), root, rounds]);
}

function compare({ sealed, rounds }: HeardSeal, { Draw }: DrawnBlock): string | undefined {
  if (!Draw.PoolRoot.startsWith(sealed.root))
    return `its root is ${Draw.PoolRoot}, told was one that begins with ${sealed.root}`;
  if (Draw.PoolSize !== sealed.candidates)
    return `it has ${pluralizeCount(Draw.PoolSize, 'candidate')}, told were ${sealed.candidates}`;
  if (Draw.TotalStake !== String(sealed.total)) return `it has ${Draw.TotalStake} tokens, told were ${sealed.total}`;
  const drawn = (Draw.Beacons ?? []).map(({ Round }) => Round);
  const told = rounds.map(({ round }) => round);
  return drawn.join() === told.join()
    ? undefined
    : `it waited for the rounds ${drawn.join(', ')}, told were ${told.join(', ')}`;
}
