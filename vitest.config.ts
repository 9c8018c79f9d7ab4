import { configDefaults, defineConfig } from 'vitest/config';

const CHECKS = 'test/audit/checks/**/*.test.ts';

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
        test: { name: 'pgvtune', include: ['test/**/*.test.ts'], exclude: [...configDefaults.exclude, CHECKS] },
      },
      {
        // Many small files: they share their servers, and a worker loads what they import once.
        extends: true,
        test: {
          name: 'checks',
          include: [CHECKS],
          isolate: false,
          globalSetup: 'test/support/check-servers-setup.ts',
        },
      },
    ],
  },
});
