import { defineConfig, type ViteUserConfig } from 'vitest/config';
import { effort } from './test/effort.ts';
import { PlainReporter } from './test/plain-reporter.ts';

/** Tests that share a browser. */
const page = ['test/e2e/page-*.test.ts'];

/**
 * What `npm test` has no time for and `npm run test:all` has: pages at every size, in both colour schemes and by the tab key alone, pages whose server
 * is away, and crowds. They are a third of all the work. The other page tests walk each kind of page on a phone and on a laptop, and the tests of units
 * hold the bounds of a crowd one by one.
 */
const thorough = [
  'test/e2e/peer-crowd.test.ts',
  'test/e2e/page-access.test.ts',
  'test/e2e/page-look.test.ts',
  'test/e2e/page-outage.test.ts',
  'test/e2e/page-play-room.test.ts',
  'test/e2e/crowded.test.ts',
];
const omitted = effort > 1 ? [] : thorough;

/** Whole rooms and networks on simulated clocks. They keep a core busy for seconds, which programs and pages that wait for rounds leave idle. */
const simulations = ['test/sim/*.test.ts'];

/** Tests that start the built program. test/tidy.test.ts keeps the others free of processes. */
const program = [
  'test/e2e/!(page-*).test.ts',
  'test/cli/network/network.test.ts',
  'test/cli/beacon/beacon.test.ts',
  'test/cli/damage.test.ts',
  'test/cli/doctor/doctor.test.ts',
  'test/cli/doctor/machine.test.ts',
  'test/cli/join/join.test.ts',
  'test/cli/serve/consensus.test.ts',
  'test/cli/unreleased.test.ts',
  'test/cli/watched-output.test.ts',
  'test/independent/ledger.test.ts',
  'test/independent/verify.test.ts',
  'test/readme.test.ts',
  'test/replication/etcd-log.test.ts',
  'test/storage/chain-lock.test.ts',
  'test/storage/read-only-store.test.ts',
  'test/platform/make-directory.test.ts',
  'test/torture/enclosure.test.ts',
];

const config: ViteUserConfig = defineConfig({
  test: {
    // Tests wait for events and never for moments. This ends only a test whose event never comes, on a machine however busy.
    testTimeout: 120_000 * effort,
    hookTimeout: 120_000,
    expect: { poll: { timeout: 100_000 } },
    // No module keeps state, so the files of a worker may share what they import.
    isolate: false,
    setupFiles: ['test/setup.ts'],
    reporters: ['default', new PlainReporter()],
    // The units first, since they alone keep two cores busy. A third worker works while files of the others wait for a socket or a disk.
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          include: ['test/**/*.test.ts'],
          exclude: [...page, ...program, ...simulations],
          maxWorkers: 3,
          sequence: { groupOrder: 0 },
        },
      },
      {
        extends: true,
        test: {
          name: 'simulation',
          include: simulations,
          // The four workers of the programs and pages: what has the same order shares them.
          maxWorkers: 4,
          sequence: { groupOrder: 1 },
        },
      },
      {
        extends: true,
        // More than there are cores: whole processes, and pages, mostly wait for rounds. Both at once, so that one waits while the other works.
        test: {
          name: 'program',
          include: program,
          exclude: omitted,
          maxWorkers: 4,
          sequence: { groupOrder: 1 },
        },
      },
      {
        extends: true,
        test: {
          name: 'page',
          include: page,
          exclude: omitted,
          globalSetup: 'test/e2e/shared-browser.ts',
          maxWorkers: 4,
          sequence: { groupOrder: 1 },
        },
      },
    ],
  },
});

export default config;
