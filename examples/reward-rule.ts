// Do the rich get richer? Two reward rules, thousands of draws each: what the winner gets is added to its stake.
//
//     npx tsx examples/reward-rule.ts 2000
import { draw } from 'sortition';

interface Validator {
  readonly name: string;
  readonly stake: bigint;
}

/** What a winner gets, in tokens. */
type RewardRule = (winner: Validator) => bigint;

const rules: Readonly<Record<string, RewardRule>> = {
  'the same for everybody': () => 10n,
  'a hundredth of the stake': ({ stake }) => stake / 100n,
};

const first: readonly Validator[] = [
  { name: 'Ada', stake: 1000n },
  { name: 'Bob', stake: 2000n },
  { name: 'Eve', stake: 7000n },
];

function play(rule: RewardRule, draws: number): readonly Validator[] {
  let validators = first;
  for (let number = 1; number <= draws; number++) {
    const { winner } = draw(`draw ${number}`, validators);
    validators = validators.map((validator) =>
      validator === winner ? { ...validator, stake: validator.stake + rule(validator) } : validator,
    );
  }
  return validators;
}

function sharesText(validators: readonly Validator[]): string {
  const total = validators.reduce((sum, { stake }) => sum + stake, 0n);
  return validators
    .map(({ name, stake }) => `${name} ${(Number((stake * 1000n) / total) / 10).toFixed(1)} %`)
    .join(', ');
}

const [draws = '2000'] = process.argv.slice(2);
console.log(`At first: ${sharesText(first)}`);
for (const [name, rule] of Object.entries(rules))
  console.log(`After ${draws} draws, reward ${name}: ${sharesText(play(rule, Number(draws)))}`);
