/** A known flaw of lotteries or chains of work in tutorials, as something that can be run. */
export interface Attack {
  /** One word, to ask for it. */
  readonly name: string;
  /** What is done to whom, in a few words. */
  readonly title: string;
  /** How the flawed design works, and why it looks harmless: one paragraph. */
  readonly flaw: string;
  /** What cures it: one paragraph. */
  readonly cure: string;
  /** Tries the attack on both. The same seed gives the same trial, apart from measured memory and time. */
  run(seed: string): Trial;
}

/** What came of an attack: on a small model of the flawed design, and on the code of this program. */
export interface Trial {
  readonly flawed: readonly Measure[];
  readonly ours: readonly Measure[];
}

/** Something that was counted or measured. */
export interface Measure {
  readonly what: string;
  readonly value: string;
}
