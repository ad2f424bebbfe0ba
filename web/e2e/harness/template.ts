import { constants } from 'node:fs';
import { access, mkdir, mkdtemp, readdir, rm, statfs } from 'node:fs/promises';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';

import { output, startProgram } from './program.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** A folder with the demonstration's data, to be copied. */
    template: string;
  }
}

const memory = '/dev/shm';
const leastFree = 2 * 1024 ** 3;

/** Removes what runs that were killed have left in memory. */
async function sweep(): Promise<void> {
  for (const name of await readdir(memory)) {
    const pid = /^redproperty-e2e-(\d+)-/.exec(name)?.[1];
    if (pid && !(await access(`/proc/${pid}`).then(() => true, () => false))) await rm(join(memory, name), { recursive: true, force: true });
  }
}

/** Where the programs' data lie: in memory where there is enough, since the database would wait for the disk at each commit. */
async function root(): Promise<string> {
  const roomy = async () => {
    await access(memory, constants.W_OK);
    await sweep();
    const { bavail, bsize } = await statfs(memory);
    return bavail * bsize >= leastFree;
  };
  if (!process.env['KEEP'] && (await roomy().catch(() => false))) return mkdtemp(join(memory, `redproperty-e2e-${process.pid}-`));
  const folder = join(output, 'e2e');
  await mkdir(folder, { recursive: true });
  return mkdtemp(join(folder, 'run-'));
}

/** Makes the demonstration's data once for all files. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const data = await root();
  const template = join(data, 'template');
  const program = await startProgram(template);
  await program.stop();
  project.provide('template', template);
  return async () => {
    if (!process.env['KEEP']) await rm(data, { recursive: true, force: true });
  };
}
