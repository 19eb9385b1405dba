import { defineConfig, type ViteUserConfig } from 'vitest/config';
import { PlainReporter } from './test/plain-reporter.ts';

const config: ViteUserConfig = defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    // Processes, sockets and rounds of real time share the machine with the property tests.
    testTimeout: 120_000,
    // More than there are cores: the tests of whole processes mostly wait for rounds.
    maxWorkers: 6,
    // No module keeps state, so the files of a worker may share what they import.
    isolate: false,
    reporters: ['default', new PlainReporter()],
  },
});

export default config;
