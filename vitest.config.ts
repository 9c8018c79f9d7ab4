import { configDefaults, defineConfig } from 'vitest/config';

const CHECKS = 'test/audit/checks/**/*.test.ts';
/** Rooms whose tests leave nothing behind in their process. */
const ROOMS = 'analysis,capacity,config,indexes,migrations,nightly,reports,results,statements,tune,workloads';
const SHARED = `test/{${ROOMS}}/**/*.test.ts`;

export default defineConfig({
  test: {
    // For what hangs, not for what is slow: on a busy machine everything takes ten times as long.
    testTimeout: 300_000,
    hookTimeout: 300_000,
    // Two cores: servers, worker threads and the tests themselves share them.
    maxWorkers: 2,
    projects: [
      {
        extends: true,
        test: {
          name: 'pgvtune',
          include: ['test/**/*.test.ts'],
          exclude: [...configDefaults.exclude, CHECKS, SHARED],
        },
      },
      {
        // A worker loads what they import once: for many files that takes longer than their tests.
        extends: true,
        test: { name: 'shared', include: [SHARED], isolate: false },
      },
      {
        // Many small files: they share their servers as well.
        extends: true,
        test: { name: 'checks', include: [CHECKS], isolate: false, globalSetup: 'test/support/check-servers-setup.ts' },
      },
    ],
  },
});
