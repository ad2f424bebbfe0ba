import vue from '@vitejs/plugin-vue';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

// Unit tests of logic, beside what they test. The tests that drive the program are in e2e, with a configuration of their own.
// A document takes longer to make than most files take to run: those that need one ask for it (@vitest-environment happy-dom).
export default defineConfig({
  test: {
    pool: 'threads',
    projects: ['shared', 'resident', 'desk'].map((name) => ({
      plugins: [vue()],
      resolve: { alias: { '@': here(`./${name}/src`) } },
      test: { name, root: here(`./${name}`), include: ['src/**/*.test.ts'] },
    })),
  },
});
