import { defineConfig } from 'vitest/config';

// The program is started for each file with a data folder of its own, copied from one that is made once: files know nothing of each other.
export default defineConfig({
  test: {
    root: import.meta.dirname,
    // Measuring is no test: npm run bench.
    include: [process.env['BENCH'] ? 'bench/*.test.ts' : '*.test.ts'],
    globalSetup: ['harness/template.ts'],
    pool: 'forks',
    maxWorkers: 2,
    testTimeout: 60_000,
    hookTimeout: 60_000,
    expect: { poll: { timeout: 10_000 } },
  },
});
