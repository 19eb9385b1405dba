import { isGenesis } from '../core/block.ts';
import type { NodeEvent } from '../node/ports.ts';
import { orderByAddress } from './api/ticket-bar.ts';
import type { Profile, ProfileOf, Segment } from './api/types.ts';
import { limits } from './limits.ts';

/**
 * What pages know validators by: the order in which they came, from which each has a colour that is far from those of its contemporaries, and
 * the name that it wants to be shown by.
 */
export class Profiles {
  readonly #profiles = new Map<string, Profile>();
  #next = 0;

  /** The profile of a validator; an empty one where it is not known, or no longer. */
  of(validator: string): Profile {
    return this.#profiles.get(validator) ?? {};
  }

  /** What a validator is coloured by where it has no segment of its own. */
  orderOf(validator: string): number {
    return this.#profiles.get(validator)?.order ?? orderByAddress(validator);
  }

  /** The profiles of those of these validators that have one, each once. */
  all(validators: readonly string[]): readonly ProfileOf[] {
    return [...new Set(validators)].flatMap((validator) =>
      this.#profiles.has(validator) ? [{ validator, ...this.of(validator) }] : [],
    );
  }

  /** Segments with the profiles of the validators that they belong to. */
  withProfiles(segments: readonly Segment[]): readonly Segment[] {
    return segments.map((segment) =>
      segment.validator === undefined ? segment : { ...segment, ...this.of(segment.validator) },
    );
  }

  onEvent(event: NodeEvent): void {
    if (event.kind === 'joined' || event.kind === 'returned') this.#add(event.validator);
    else if (event.kind === 'named') this.#rename(event.validator, event.name);
    else if (event.kind === 'proposed') this.#add(event.candidate.validator);
    else if ((event.kind === 'loaded' || event.kind === 'committed') && !isGenesis(event.block))
      this.#add(event.block.Validator);
  }

  #add(validator: string): void {
    if (this.#profiles.has(validator)) return;
    this.#profiles.set(validator, { order: this.#next });
    this.#next += 1;
    if (this.#profiles.size <= limits.profilesMax) return;
    for (const oldest of this.#profiles.keys()) {
      this.#profiles.delete(oldest);
      return;
    }
  }

  #rename(validator: string, name: string): void {
    this.#add(validator);
    this.#profiles.set(validator, { ...this.of(validator), name });
  }
}
