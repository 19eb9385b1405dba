/** Seeds that once showed a fault of the product, kept for ever. */
export const foundSeeds: readonly { readonly seed: number; readonly steps: number }[] = [];
