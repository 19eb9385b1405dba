import { withThousands } from '../../../base/formatting.ts';
import { type Block, type DrawnBlock, isDrawn } from '../../../core/block.ts';
import type { Attack, Measure } from './attack.ts';
import { ChainBuilder, candidateNamed } from './chain-builder.ts';
import { Prng } from './prng.ts';

const rounds = 1000;
/** The power fails in one of so many rounds, at one of three moments: before, between and after the two steps. */
const crashEvery = 20;
const moments = 3;

/** A winner that is announced before the block is on the disk: a crash makes it a lie. */
export const announce: Attack = {
  name: 'announce',
  title: 'the winner is announced before the block is stored: pull the plug',
  flaw: 'Telling people first and writing the file afterwards feels quick, and works every day but one. When the power fails in between, everybody has read the winner, and after the restart the chain knows nothing of it: the same block is drawn again, from another pool, with another winner. No mathematics of the draw helps: the model here uses this very draw, only with the two steps in the wrong order.',
  cure: 'Store first, synced to the disk, then announce. A crash in between then costs only the announcement: the block is in the chain, and everybody reads it there. Whoever was told of a win has it.',
  run(seed) {
    const resultOf = (order: Order): Result => play(new ChainBuilder(seed, rounds), new Prng(seed, 'announce'), order);
    return { flawed: measures(resultOf('announce first')), ours: measures(resultOf('store first')) };
  },
};

type Order = 'announce first' | 'store first';

interface Result {
  readonly crashes: number;
  readonly announced: readonly DrawnBlock[];
  readonly disk: readonly Block[];
}

function play(builder: ChainBuilder, prng: Prng, order: Order): Result {
  const disk: Block[] = [builder.genesis];
  const announced: DrawnBlock[] = [];
  let crashes = 0;
  for (let round = 0; round < rounds; round++) {
    const isCrash = prng.below(crashEvery) === 0;
    const moment = prng.below(moments);
    const block = builder.draw(disk.at(-1) ?? builder.genesis, candidates(prng));
    // A crash at moment 0 prevents both steps, a crash at moment 1 only the second one.
    const stepsDone = isCrash ? moment : 2;
    if (isCrash) crashes += 1;
    if (stepsDone > (order === 'store first' ? 0 : 1)) disk.push(block);
    if (stepsDone > (order === 'store first' ? 1 : 0)) announced.push(block);
  }
  return { crashes, announced, disk };
}

/** Some of ten people are there in a round. */
function candidates(prng: Prng) {
  const names = Array.from({ length: 10 }, (_, place) => `person ${place}`);
  const present = names.filter((_, place) => place === 0 || prng.below(2) === 0);
  return present.map((name) => candidateNamed(name, 10n));
}

function measures({ crashes, announced, disk }: Result): readonly Measure[] {
  const stored = new Set(disk.map(({ Hash }) => Hash));
  const told = new Set(announced.map(({ Hash }) => Hash));
  const lost = announced.filter(({ Hash }) => !stored.has(Hash)).length;
  const twice = announced.length - new Set(announced.map(({ Index }) => Index)).size;
  const silent = disk.filter((block) => isDrawn(block) && !told.has(block.Hash)).length;
  return [
    {
      what: `announced winners whose block is lost, in ${crashes} crashes`,
      value: `${lost} of ${withThousands(announced.length)}`,
    },
    { what: 'blocks for which two winners were announced', value: withThousands(twice) },
    { what: 'stored blocks whose announcement was lost', value: withThousands(silent) },
  ];
}
