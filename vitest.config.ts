import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    // Processes, sockets and rounds of real time share two cores with the property tests.
    testTimeout: 30_000,
    reporters: ['default'],
  },
});
