/** The least expected count for which the chi-square test is valid (Cochran's rule). Smaller cells are put together. */
const cellMin = 5;

/** Pearson's chi-square test of counts against what was expected. */
export interface ChiSquare {
  readonly value: number;
  /** Degrees of freedom: the cells less one. */
  readonly degrees: number;
  /** The p-value: how often a fair draw is at least this far off, 0 … 1. */
  readonly chance: number;
}

/**
 * Tests counts against expected ones that have the same sum. Cells with fewer than 5 expected are put together, the smallest
 * first, as the test is not valid for them; undefined when fewer than two cells are left.
 */
export function chiSquareTest(observed: readonly number[], expected: readonly number[]): ChiSquare | undefined {
  const cells = observed.map((count, place) => ({ count, expected: expected[place] ?? 0 }));
  cells.sort((a, b) => a.expected - b.expected);
  const tested: { readonly count: number; readonly expected: number }[] = [];
  let open = { count: 0, expected: 0 };
  for (const cell of cells) {
    open = { count: open.count + cell.count, expected: open.expected + cell.expected };
    if (open.expected < cellMin) continue;
    tested.push(open);
    open = { count: 0, expected: 0 };
  }
  if (tested.length < 2) return undefined;
  const value = tested.reduce((total, cell) => total + (cell.count - cell.expected) ** 2 / cell.expected, 0);
  const degrees = tested.length - 1;
  return { value, degrees, chance: chiSquareTail(value, degrees) };
}

/** The chance that a chi-square variable with `degrees` degrees of freedom is at least `value`: Q(degrees / 2, value / 2). */
export function chiSquareTail(value: number, degrees: number): number {
  const a = degrees / 2;
  const x = value / 2;
  if (x <= 0) return 1;
  return x < a + 1 ? 1 - lowerGamma(a, x) : upperGamma(a, x);
}

/** P(a, x), the regularised lower incomplete gamma function, by its series: for x below a + 1 (Numerical Recipes, 6.2). */
function lowerGamma(a: number, x: number): number {
  let term = 1 / a;
  let total = term;
  for (let n = 1; term > total * 1e-16; n++) {
    term *= x / (a + n);
    total += term;
  }
  return total * Math.exp(a * Math.log(x) - x - logGamma(a));
}

/** Q(a, x), the upper one, by Lentz's continued fraction: for x from a + 1 (Numerical Recipes, 6.2). */
function upperGamma(a: number, x: number): number {
  let b = x + 1 - a;
  let c = 1e300;
  let d = 1 / b;
  let fraction = d;
  for (let n = 1; ; n++) {
    const numerator = n * (a - n);
    b += 2;
    d = 1 / (b + numerator * d);
    c = b + numerator / c;
    const step = c * d;
    fraction *= step;
    if (Math.abs(step - 1) < 1e-15) break;
  }
  return fraction * Math.exp(a * Math.log(x) - x - logGamma(a));
}

/** The natural logarithm of the gamma function for x > 0: Lanczos' approximation with g = 7, good to 15 digits. */
function logGamma(x: number): number {
  const coefficients = [
    676.5203681218851, -1259.1392167224028, 771.32342877765313, -176.61502916214059, 12.507343278686905,
    -0.13857109526572012, 9.9843695780195716e-6, 1.5056327351493116e-7,
  ];
  const z = x - 1;
  const series = coefficients.reduce((total, value, place) => total + value / (z + place + 1), 0.99999999999980993);
  const t = z + 7.5;
  return Math.log(2 * Math.PI) / 2 + (z + 0.5) * Math.log(t) - t + Math.log(series);
}
