/** How many times as many cases as usual a run tries; `npm run test:long` sets it. */
export const effort: number = Number(process.env['TEST_EFFORT'] ?? 1);

/** So many cases in `npm test`, and TEST_EFFORT times as many where that is set. */
export function cases(usual: number): number {
  return usual * effort;
}
