import { defineConfig } from 'vitest/config';
import { PlainReporter } from './test/plain-reporter.ts';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    // Processes, sockets and rounds of real time share the machine with the property tests.
    testTimeout: 30_000,
    reporters: ['default', new PlainReporter()],
  },
});
