import { defineConfig, type ViteUserConfig } from 'vitest/config';
import { PlainReporter } from './test/plain-reporter.ts';

const config: ViteUserConfig = defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    // Processes, sockets and rounds of real time share the machine with the property tests.
    testTimeout: 30_000,
    reporters: ['default', new PlainReporter()],
  },
});

export default config;
