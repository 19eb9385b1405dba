/** How many times as many cases as usual a run tries; `npm run test:all` and `npm run test:long` set it. */
export const effort: number = Number(process.env['TEST_EFFORT'] ?? 1);

/** So many cases in `npm test`, and TEST_EFFORT times as many where that is set. */
export function cases(usual: number): number {
  return usual * effort;
}

/** The examples that `npm test` tries, and those that it has no time for: they are tried with more effort. */
export function examples<Example>(usual: readonly Example[], more: readonly Example[]): readonly Example[] {
  return effort > 1 ? [...usual, ...more] : usual;
}
