import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** The files that take longest begin first, so that no worker is left alone with one at the end. */
class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const long = (file: TestSpecification) => ['screens-', 'survey-way'].some((name) => file.moduleId.includes(name));
    const rest = await super.sort(files.filter((file) => !long(file)));
    return [...files.filter(long), ...rest];
  }
}

// The program is started for each file with a data folder of its own, copied from one that is made once: files know nothing of each other.
export default defineConfig({
  test: {
    root: import.meta.dirname,
    // Measuring is no test: npm run bench.
    include: [process.env['BENCH'] ? 'bench/*.test.ts' : '*.test.ts'],
    globalSetup: ['harness/template.ts'],
    pool: 'forks',
    maxWorkers: 2,
    sequence: { sequencer: LongestFirst, hooks: 'list' }, // what the windows showed is told before a file closes them
    testTimeout: 60_000,
    hookTimeout: 60_000,
    expect: { poll: { timeout: 10_000 } },
  },
});
