import { percent, withThousands } from '../../../base/formatting.ts';
import { runToEnd } from '../../../base/run-to-end.ts';
import { drawSeed, drawTicket } from '../../../core/draw.ts';
import { taggedHash } from '../../../core/hash.ts';
import type { Signer } from '../../../core/keys.ts';
import { Pool } from '../../../core/pool.ts';
import { SumTree } from '../../../core/sum-tree.ts';
import { type SignedCandidate, signCandidate } from '../../../ledger/candidate.ts';
import { limits } from '../../../node/limits.ts';
import { nativeVerifier, signerOf } from '../../../platform/ed25519.ts';
import type { Attack, Measure } from './attack.ts';
import { ChainBuilder } from './chain-builder.ts';
import { Prng } from './prng.ts';
import { ReportedLedger } from './reported-ledger.ts';

const rounds = 1000;
const stake = 1000n;
/** Mallory with a tenth of all tokens, and nine who are honest. */
const players = 10;
/** How many reports of each harmless kind are tried. */
const falseReports = 100;
const [lowBpm, highBpm] = [60, 100];
const doors = ['first', 'second'] as const;

/** Two candidates of one validator for one block, given to two doors: one of them is always in the pool that counts. */
export const double: Attack = {
  name: 'double',
  title: 'two candidates for one block: knock at both doors',
  flaw: 'A lottery with two doors gathers a pool at each, and hears only afterwards which pool counts: a line was down, a branch was longer. Each door refuses a second candidate of the same validator, so all looks well. But who is honest goes to one door and is absent half of the time, and Mallory signs one BPM for the first door and another one for the second. She is always there. It costs nothing: her stake is a number, both candidates are properly signed, and nobody has anything to lose.',
  cure: 'A stake that can burn. A candidate is signed for one block of one chain, so two of them with different BPMs convict their signer, with no witness needed: anybody who has seen both puts them into a report, and the block that takes it burns all that the signer has at stake, also what is being unbonded. Nothing else convicts: not the same candidate twice, not one that another key signed. The limit is time: what has been paid out before the report comes is out of reach.',
  run(seed) {
    const signers = Array.from({ length: players }, (_, place) =>
      signerOf(Buffer.from(taggedHash('seed', 'lab', seed, 'double', place), 'hex')),
    );
    return { flawed: flawedMeasures(seed, signers), ours: ourMeasures(seed, signers) };
  },
};

interface Result {
  readonly wins: number;
  /** In how many rounds there were two candidates of Mallory's. */
  readonly doubles: number;
}

/** Plays all rounds. `stakeOf` says what a key has at stake, `closed` hears of both candidates of Mallory's behind each round. */
function play(
  seed: string,
  signers: readonly Signer[],
  doorsOfMallory: 1 | 2,
  stakeOf: (key: string) => bigint,
  closed: (index: number, candidates: readonly SignedCandidate[]) => void,
): Result {
  const builder = new ChainBuilder(seed, rounds);
  const prng = new Prng(seed, 'double');
  const [mallory] = signers;
  let [wins, doubles] = [0, 0];
  for (let index = 1; index <= rounds; index++) {
    const pools = doors.map(() => new Pool());
    const candidates: SignedCandidate[] = [];
    for (const signer of signers) {
      const own = prng.below(doors.length);
      const tickets = stakeOf(signer.key);
      for (const [door, pool] of pools.entries()) {
        const isThere = door === own || (signer === mallory && doorsOfMallory === 2);
        if (!isThere || tickets === 0n) continue;
        const payload = door === 0 ? lowBpm : highBpm;
        pool.add({ validator: signer.key, stake: tickets, payload });
        if (signer === mallory) candidates.push(signCandidate(builder.genesis.Hash, index, payload, signer));
      }
    }
    const counted = pools[prng.below(doors.length)];
    const drawSeedOfRound = drawSeed(builder.genesis.Hash, index, builder.reveal(index));
    if (counted !== undefined && winnerOf(counted, drawSeedOfRound) === mallory?.key) wins += 1;
    if (candidates.length === doors.length) doubles += 1;
    closed(index, candidates);
  }
  return { wins, doubles };
}

/** Whom the draw of this program picks; undefined in an empty pool. */
function winnerOf(pool: Pool, seed: string): string | undefined {
  const { candidates, leaves } = pool.freeze();
  if (leaves.length === 0) return undefined;
  const tree = runToEnd(SumTree.grow(leaves));
  return candidates[tree.leafOf(drawTicket(seed, tree.root.sum))]?.validator;
}

function flawedMeasures(seed: string, signers: readonly Signer[]): readonly Measure[] {
  const winsAt = (count: 1 | 2): number =>
    play(
      seed,
      signers,
      count,
      () => stake,
      () => undefined,
    ).wins;
  return [
    { what: 'wins with 10.00 % of the tokens, at one door', value: percent(winsAt(1) / rounds) },
    { what: 'wins with 10.00 % of the tokens, at both doors', value: percent(winsAt(2) / rounds) },
    { what: 'tokens that it costs her', value: `0 of ${withThousands(stake)}` },
  ];
}

function ourMeasures(seed: string, signers: readonly Signer[]): readonly Measure[] {
  const [mallory, reporter] = signers;
  if (mallory === undefined || reporter === undefined) throw new Error('there are ten players');
  const begin = (): ReportedLedger =>
    new ReportedLedger(chainId(seed), signers, stake, limits.unbondingBlocks, nativeVerifier());
  const ledger = begin();
  const supply = ledger.supply;
  const { wins, doubles } = play(
    seed,
    signers,
    2,
    (key) => ledger.stakeOf(key),
    (_, candidates) => {
      // Both doors tell what they took, so the reporter has both candidates.
      if (candidates.length === doors.length) ledger.report(reporter, candidates);
      ledger.makeBlock();
    },
  );
  return [
    { what: 'rounds in which she was at both doors', value: withThousands(doubles) },
    { what: `her wins in ${withThousands(rounds)} rounds`, value: withThousands(wins) },
    { what: 'her tokens that burned', value: burnedText(supply - ledger.supply) },
    {
      what: 'burned where she unbonds at once',
      value: burnedText(burnedAfterUnbonding(begin(), mallory, reporter, 1)),
    },
    {
      what: 'reports of one candidate that came twice, accepted',
      value: acceptedText(begin(), mallory, reporter, sameTwice),
    },
    {
      what: 'reports of a candidate of a false key, accepted',
      value: acceptedText(begin(), mallory, reporter, falseKey),
    },
    {
      what: 'known limit: burned where the report comes too late',
      value: burnedText(burnedAfterUnbonding(begin(), mallory, reporter, limits.unbondingBlocks + 1)),
    },
  ];
}

type Evidence = (chain: string, index: number, mallory: Signer, other: Signer) => readonly SignedCandidate[];

const bothDoors: Evidence = (chain, index, mallory) =>
  [lowBpm, highBpm].map((bpm) => signCandidate(chain, index, bpm, mallory));

/** One candidate went through both doors: nothing wrong with it. */
const sameTwice: Evidence = (chain, index, mallory) => doors.map(() => signCandidate(chain, index, lowBpm, mallory));

/** The second candidate names Mallory, but another key signed it. */
const falseKey: Evidence = (chain, index, mallory, other) => [
  signCandidate(chain, index, lowBpm, mallory),
  { ...signCandidate(chain, index, highBpm, other), Validator: mallory.key },
];

/** What burns when Mallory signs twice, unbonds all in the next block, and is reported so many blocks later. */
function burnedAfterUnbonding(ledger: ReportedLedger, mallory: Signer, reporter: Signer, blocks: number): bigint {
  const { supply } = ledger;
  const evidence = bothDoors(ledger.chainId, ledger.nextIndex, mallory, reporter);
  ledger.unbond(mallory, stake);
  for (let block = 0; block < blocks; block++) ledger.makeBlock();
  ledger.report(reporter, evidence);
  ledger.makeBlock();
  return supply - ledger.supply;
}

function acceptedText(ledger: ReportedLedger, mallory: Signer, reporter: Signer, evidenceOf: Evidence): string {
  let accepted = 0;
  for (let time = 0; time < falseReports; time++) {
    const evidence = evidenceOf(ledger.chainId, ledger.nextIndex, mallory, reporter);
    if (ledger.report(reporter, evidence)) accepted += 1;
    ledger.makeBlock();
  }
  return `${accepted} of ${falseReports}`;
}

function burnedText(burned: bigint): string {
  return `${withThousands(burned)} of ${withThousands(stake)}`;
}

function chainId(seed: string): string {
  return new ChainBuilder(seed, rounds).genesis.Hash;
}
