import { spawn, type ChildProcess } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join, resolve } from 'node:path';

/** The project's folder. */
export const project = resolve(import.meta.dirname, '../../..');
/** Where everything that the tests write goes. */
export const output = join(project, 'build');

/** The program that is driven. */
export const binary = process.env['REDPROPERTY_BIN'] ?? join(project, 'bin/redproperty');

/** The running program with its demonstration. */
export interface Program {
  /** Its address, without a slash at the end. */
  url: string;
  /** Passwords of the demonstration by user name. */
  passwords: Map<string, string>;
  /** Ends it as an operator would, and waits. */
  stop(): Promise<void>;
  /** Ends it as a power cut would. */
  kill(): Promise<void>;
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  const address = server.address();
  await new Promise((closed) => server.close(closed));
  if (typeof address !== 'object' || !address) throw new Error('no port');
  return address.port;
}

/**
 * Starts the program in `folder`, on a free port of this machine or on the one given.
 * `settings` are more of its settings, as REDPROPERTY_… variables; `ahead` is how many hours its clock is ahead of the machine's.
 */
export async function startProgram(folder: string, settings: Record<string, string> = {}, port?: number, ahead = 0): Promise<Program> {
  await mkdir(folder, { recursive: true });
  const at = port ?? (await freePort());
  const url = `http://127.0.0.1:${at}`;
  const child = spawn(binary, ['demo', `--ahead=${ahead}h`], {
    cwd: folder,
    env: { PATH: process.env['PATH'], HOME: process.env['HOME'], REDPROPERTY_HTTP__LISTEN: `127.0.0.1:${at}`, REDPROPERTY_HTTP__PUBLIC_URL: url, REDPROPERTY_METRICS__LISTEN: '', REDPROPERTY_HTTP__PAGES: process.env['PAGES'] ?? '', ...settings },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const log = createWriteStream(join(folder, 'log.txt'), { flags: 'a' });
  child.stderr.pipe(log);
  let printed = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (printed += text));
  await ready(child, url, folder);
  return { url, passwords: read(printed), stop: () => end(child, 'SIGTERM'), kill: () => end(child, 'SIGKILL') };
}

async function ready(child: ChildProcess, url: string, folder: string): Promise<void> {
  const giveUp = Date.now() + 120_000;
  for (;;) {
    if (child.exitCode !== null) throw new Error(`the program ended at once; see ${folder}/log.txt`);
    const up = await fetch(`${url}/readyz`).then((r) => r.ok, () => false);
    if (up) return;
    if (Date.now() > giveUp) throw new Error(`the program is not ready after two minutes; see ${folder}/log.txt`);
    await new Promise((wait) => setTimeout(wait, 100));
  }
}

/** Reads the accounts from the table that the program prints: user name, password, who. */
function read(printed: string): Map<string, string> {
  const rows = [...printed.matchAll(/^([a-z][a-z-]+) +([a-z2-7]{4}-[a-z2-7]{4}-[a-z2-7]{4}) /gm)];
  return new Map(rows.map(([, name, password]) => [name!, password!]));
}

async function end(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = new Promise((done) => child.once('exit', done));
  child.kill(signal);
  await gone;
}
