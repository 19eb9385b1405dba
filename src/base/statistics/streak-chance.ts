import { limits } from '../limits.ts';

/** In fewer rounds than this the chance of no streak may seem to fall steadily before it does. */
const unsteadyRounds = 1000;

/**
 * The chance that in `rounds` independent draws with these shares (their sum is 1) one validator wins `length` or more in a row.
 * Exact up to rounding: let N(t) be the chance of no such streak in t draws, and D(i, t) the chance that there is none and that another
 * validator than i won the last of them. Then N(t) = N(t - 1) - sum of p(i)^length × D(i, t - length). N soon falls by a steady factor,
 * which then gives its last value at once. Only a streak of millions is estimated, by Poisson's law.
 */
export function streakChance(shares: readonly number[], rounds: number, length: number): number {
  if (length > rounds) return 0;
  // A less likely streak changes no digit that is shown.
  const likely = Float64Array.from(shares.filter((share) => share ** length > 1e-30));
  const streaks = likely.map((share) => share ** length);
  if (likely.length * length > limits.streakHistoryMax) {
    const expected = likely.reduce((total, p) => total + p ** length * (1 + (rounds - length) * (1 - p)), 0);
    return 1 - Math.exp(-expected);
  }
  // D of the last draws. Before the first one there was no winner, so no streak was complete.
  const others = Array.from({ length }, (_, draw) => likely.map((share) => (draw === 0 ? 1 : 1 - share)));
  let none = 1;
  let factor = 0;
  for (let draw = length; draw <= rounds; draw++) {
    const before = none;
    const row = others[draw % length] ?? likely;
    for (let place = 0; place < row.length; place++) none -= (streaks[place] ?? 0) * (row[place] ?? 0);
    if (none <= 0) return 1;
    for (let place = 0; place < row.length; place++) {
      row[place] = none - ((likely[place] ?? 0) * before - (streaks[place] ?? 0) * (row[place] ?? 0));
    }
    if (draw % length !== 0 || draw < unsteadyRounds) continue;
    const steadyFactor = none / before;
    if (Math.abs(steadyFactor - factor) < 1e-15) return 1 - none * steadyFactor ** (rounds - draw);
    factor = steadyFactor;
  }
  return 1 - none;
}
