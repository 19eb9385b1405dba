import type { Profile, Segment } from '../http/api/types.ts';
import { fetchProfiles } from './api-client.ts';

/** What a page has heard of validators, so that each looks the same wherever it is shown. */
export class ProfileBook {
  readonly #profiles = new Map<string, Profile>();

  /** Learns from whatever names a validator; parts without one are passed over. */
  learn(heard: readonly (Profile & { readonly validator?: string })[]): void {
    for (const { validator, order, name } of heard) {
      if (validator === undefined || order === undefined) continue;
      this.#profiles.set(validator, { order, ...(name === undefined ? {} : { name }) });
    }
  }

  /** What is known of a validator; an empty profile where nothing is. */
  of(validator: string): Profile {
    return this.#profiles.get(validator) ?? {};
  }

  /** Segments with the profiles of the validators that they belong to. */
  withProfiles(segments: readonly Segment[]): readonly Segment[] {
    return segments.map((segment) =>
      segment.validator === undefined ? segment : { ...segment, ...this.of(segment.validator) },
    );
  }

  /** Asks the server for those of these validators that are not known yet. A page without their colours is still whole, so it does not reject. */
  async ask(validators: readonly string[]): Promise<void> {
    const unknown = [...new Set(validators)].filter((validator) => !this.#profiles.has(validator));
    if (unknown.length > 0) this.learn(await fetchProfiles(unknown).catch(() => []));
  }
}
