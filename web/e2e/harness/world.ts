import { cp, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { chromium, type APIRequestContext, type Browser, type BrowserContext } from 'playwright-core';
import { afterAll, afterEach, beforeAll, inject } from 'vitest';

import { startProgram, type Program } from './program.ts';
import { Screen, type Look } from './screen.ts';

/** Who uses the page: a user name of the demonstration, or nobody. */
export type Who = 'operator' | 'street-party' | 'street-office' | 'street-deputy' | 'community' | 'community-worker' | 'manager' | 'worker' | 'committee' | 'department' | 'utility' | 'contractor' | 'owner' | 'tenant' | 'neighbour' | 'nobody';

/** Cookies and storage of a window. */
type State = Awaited<ReturnType<BrowserContext['storageState']>>;

function header(state: State): string {
  return state.cookies.map((c) => `${c.name}=${c.value}`).join('; ');
}

const chromiumPath = process.env['CHROMIUM'] ?? '/usr/bin/chromium';
const chromiumArgs = ['--no-sandbox', '--disable-dev-shm-usage'];

/** The running program and a browser, for one test file. */
export class World {
  program!: Program;
  browser!: Browser;
  folder = '';
  private settings: Record<string, string> = {};
  private cookies = new Map<Who, State>();
  private contexts: BrowserContext[] = [];
  private windows: Screen[] = [];

  async open(settings: Record<string, string>): Promise<void> {
    this.settings = settings;
    const template = inject('template');
    this.folder = join(dirname(template), Math.random().toString(36).slice(2));
    await cp(template, this.folder, { recursive: true });
    [this.program, this.browser] = await Promise.all([startProgram(this.folder, settings), chromium.launch({ executablePath: chromiumPath, args: chromiumArgs })]);
  }

  async close(): Promise<void> {
    await this.browser?.close();
    await this.program?.stop();
    if (!process.env['KEEP']) await rm(this.folder, { recursive: true, force: true });
  }

  /** Lets so many hours pass since the file began: the program starts again with its clock ahead. Windows that are open go on, log-ins are made anew. */
  async pass(hours: number): Promise<void> {
    const { port } = new URL(this.url);
    await this.program.stop();
    this.program = await startProgram(this.folder, this.settings, Number(port), hours);
    this.cookies.clear();
  }

  get url(): string {
    return this.program.url;
  }

  password(who: Who): string {
    const password = this.program.passwords.get(who);
    if (!password) throw new Error(`the demonstration has no account ${who}`);
    return password;
  }

  /** A new browser window in which `who` is logged in already. Windows share nothing. */
  async screen(who: Who, look: Look = {}): Promise<Screen> {
    const context = await Screen.context(this.browser, this.url, look, await this.stateOf(who));
    this.contexts.push(context);
    return this.watched(new Screen(await context.newPage(), this.url, look));
  }

  private watched(screen: Screen): Screen {
    this.windows.push(screen);
    return screen;
  }

  /** What the open windows show, for the report of a test that failed. */
  async tell(): Promise<string> {
    return (await Promise.all(this.windows.map((w) => w.tell()))).filter(Boolean).join('\n');
  }

  /** A phone of its own, as `who`: what it keeps in `name` is there again after it was closed, as on a real one. */
  async phone(who: Who, name: string): Promise<{ context: BrowserContext; screen: Screen }> {
    const options = Screen.options(this.url, { kept: true });
    const context = await chromium.launchPersistentContext(join(this.folder, name), { ...options, executablePath: chromiumPath, args: chromiumArgs });
    this.contexts.push(context);
    await Screen.prepare(context, {});
    const { storageState } = await this.stateOf(who);
    await context.addCookies(storageState?.cookies ?? []);
    return { context, screen: this.watched(new Screen(context.pages()[0] ?? (await context.newPage()), this.url, { kept: true })) };
  }

  /** The API as `who`, for what a test prepares. Every request is checked: a refusal fails the test with its text. */
  async api(who: Who): Promise<Api> {
    const context = await this.browser.newContext({ baseURL: this.url, ...(await this.stateOf(who)) });
    this.contexts.push(context);
    return new Api(context.request);
  }

  /** The log-in of `who` as a Cookie header. */
  async cookie(who: Who): Promise<string> {
    const { storageState } = await this.stateOf(who);
    return storageState ? header(storageState) : '';
  }

  /** Closes the windows of the test that has ended. */
  async closeWindows(): Promise<void> {
    this.windows.length = 0;
    await Promise.all(this.contexts.splice(0).map((c) => c.close()));
  }

  /** The log-in of `who`: one for all windows, made anew where a test before has logged out in one of them. */
  private async stateOf(who: Who): Promise<{ storageState?: State }> {
    if (who === 'nobody') return {};
    let state = this.cookies.get(who);
    if (!state || !(await this.holds(state))) {
      const context = await this.browser.newContext({ baseURL: this.url });
      await new Api(context.request).post('/auth/sessions', { login: who, password: this.password(who) });
      state = await context.storageState();
      this.cookies.set(who, state);
      await context.close();
    }
    return { storageState: state };
  }

  private async holds(state: State): Promise<boolean> {
    const { status } = await fetch(`${this.url}/api/v1/account`, { headers: { Cookie: header(state) } });
    return status !== 401;
  }
}

/** The API for a test's preparations. Paths are below /api/v1. */
export class Api {
  constructor(private readonly request: APIRequestContext) {}

  async get<T = Record<string, unknown>>(path: string): Promise<T> {
    return this.send<T>('GET', path);
  }

  async post<T = Record<string, unknown>>(path: string, body: unknown = {}): Promise<T> {
    return this.send<T>('POST', path, body);
  }

  async put<T = Record<string, unknown>>(path: string, body: unknown, version?: number | string): Promise<T> {
    return this.send<T>('PUT', path, body, version === undefined ? {} : { 'If-Match': `"${version}"` });
  }

  /** Sends a file as the pages do, in a form. */
  async upload<T = Record<string, unknown>>(path: string, file: { name: string; mimeType: string; buffer: Buffer }): Promise<T> {
    const answer = await this.request.post(`/api/v1${path}`, { headers: { 'Idempotency-Key': crypto.randomUUID() }, multipart: { file } });
    if (!answer.ok()) throw new Error(`POST ${path}: ${answer.status()} ${await answer.text()}`);
    return (await answer.json()) as T;
  }

  async send<T>(method: string, path: string, body?: unknown, more: Record<string, string> = {}): Promise<T> {
    const headers = method === 'GET' ? more : { 'Idempotency-Key': crypto.randomUUID(), 'Content-Type': 'application/json', ...more };
    const answer = await this.request.fetch(`/api/v1${path}`, { method, headers, ...(body === undefined ? {} : { data: JSON.stringify(body) }) });
    const text = await answer.text();
    if (!answer.ok()) throw new Error(`${method} ${path}: ${answer.status()} ${text}`);
    return (text === '' ? undefined : JSON.parse(text)) as T;
  }
}

/** A program of its own for the tests of this file; call at the top of the file or of a describe. */
export function useWorld(settings: Record<string, string> = {}): World {
  const world = new World();
  beforeAll(() => world.open(settings));
  afterEach(async ({ task }) => {
    const error = task.result?.errors?.[0];
    if (error) error.message += `\n${await world.tell()}`;
  });
  afterAll(() => world.close());
  return world;
}
