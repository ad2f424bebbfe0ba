import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';

import { output, startProgram } from './program.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** A folder with the demonstration's data, to be copied. */
    template: string;
  }
}

/** Makes the demonstration's data once for all files. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const root = join(output, 'e2e', String(process.pid));
  const template = join(root, 'template');
  const program = await startProgram(template);
  await program.stop();
  project.provide('template', template);
  return async () => {
    if (!process.env['KEEP']) await rm(root, { recursive: true, force: true });
  };
}
