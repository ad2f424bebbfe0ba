import { readFileSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { AxeResults } from 'axe-core';
import type { Browser, BrowserContext, BrowserContextOptions, Page } from 'playwright-core';
import { expect } from 'vitest';

import { output } from './program.ts';

const axeSource = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

export const viewports = {
  phone: { width: 390, height: 844 },
  narrow: { width: 320, height: 640 },
  tablet: { width: 1024, height: 768 },
  desktop: { width: 1440, height: 900 },
  wide: { width: 1920, height: 1080 },
} as const;

/** How a page is looked at. */
export interface Look {
  viewport?: keyof typeof viewports;
  lang?: 'zh-CN' | 'en';
  theme?: 'light' | 'dark';
  text?: 'normal' | 'large';
  /** Whether pages are kept for use without a network. Most windows do without: it would fetch everything for each. */
  kept?: boolean;
}

/** What of a page axe looks at: everything, the colours alone where only they are different, or all but the colours where they are the same. */
export type Part = 'all' | 'colours' | 'shapes';

/** A window that writes down what must not happen: errors in the console, requests to other hosts, failures of the server. */
export class Screen {
  readonly wrong: string[] = [];
  /** The latest answers of the API, for who has to find out why a test failed. */
  private readonly answers: string[] = [];
  private readonly look: Required<Look>;

  constructor(readonly page: Page, private readonly url: string, look: Look = {}) {
    this.look = { viewport: 'phone', lang: 'zh-CN', theme: 'light', text: 'normal', kept: false, ...look };
    this.watch();
  }

  /** A window's context: size, language, colours and size of text as a person would have chosen them. */
  static async context(browser: Browser, url: string, look: Look, state: BrowserContextOptions): Promise<BrowserContext> {
    const context = await browser.newContext({ ...Screen.options(url, look), ...state });
    await Screen.prepare(context, look);
    return context;
  }

  static options(url: string, look: Look): BrowserContextOptions {
    const viewport = look.viewport ?? 'phone';
    return {
      baseURL: url, viewport: viewports[viewport], locale: look.lang ?? 'zh-CN', colorScheme: look.theme ?? 'light', timezoneId: 'Asia/Shanghai',
      hasTouch: viewport === 'phone' || viewport === 'narrow', reducedMotion: 'reduce', serviceWorkers: look.kept ? 'allow' : 'block',
    };
  }

  /** Language and size of text as they were chosen before. */
  static async prepare(context: BrowserContext, look: Look): Promise<void> {
    await context.addInitScript(([lang, text]) => {
      localStorage.setItem('redproperty.locale', lang!);
      if (!localStorage.getItem('redproperty.text')) localStorage.setItem('redproperty.text', text!);
    }, [look.lang ?? 'zh-CN', look.text ?? 'normal']);
  }

  private watch(): void {
    this.page.on('console', (message) => {
      // The browser itself reports answers below 500, which are refusals that a page deals with.
      const refusal = /Failed to load resource: the server responded with a status of 4\d\d/.test(message.text());
      if (message.text().includes('blocked by Playwright')) return; // the service worker, in windows that do without
      if ((message.type() === 'error' || message.type() === 'warning') && !refusal) this.wrong.push(`console: ${message.text()}`);
    });
    this.page.on('pageerror', (error) => this.wrong.push(`error: ${error.stack ?? error.message}`));
    this.page.on('request', (request) => {
      if (!request.url().startsWith(this.url) && !/^(data|blob):/.test(request.url())) this.wrong.push(`request to another host: ${request.url()}`);
    });
    this.page.on('requestfailed', (request) => this.answered(`${request.failure()?.errorText} ${request.method()} ${request.url()}`));
    this.page.on('response', (response) => {
      if (response.url().includes('/api/')) this.answered(`${response.status()} ${response.request().method()} ${response.url()}`);
      if (response.status() >= 500) this.wrong.push(`${response.status()} from ${response.request().method()} ${response.url()}`);
    });
  }

  private answered(line: string): void {
    this.answers.push(line.replace(this.url, ''));
    if (this.answers.length > 15) this.answers.shift();
  }

  /** What the window shows and was told last. */
  async tell(): Promise<string> {
    if (this.page.isClosed()) return '';
    const words = await this.page.evaluate(() => document.body.innerText.slice(0, 600)).catch(String);
    return [`--- ${this.page.url()}`, ...this.wrong, ...this.answers, words.replace(/\n+/g, ' | ')].join('\n');
  }

  /** Forgets what went wrong so far: for tests that cut the network or stop the program on purpose. */
  forgive(): void {
    this.wrong.length = 0;
  }

  async goto(path: string): Promise<void> {
    await this.page.goto(path);
    await this.settled();
  }

  /** Waits until nothing is being loaded and everything is drawn. */
  async settled(): Promise<void> {
    await this.page.waitForFunction(() => {
      const app = document.querySelector('#app');
      return app !== null && app.childElementCount > 0 && !document.querySelector('.skeleton, [aria-busy="true"]');
    }, undefined, { timeout: 15_000 });
    await this.page.evaluate(async () => {
      const frame = () => new Promise(requestAnimationFrame);
      await document.fonts.ready;
      await frame();
      await frame();
      await new Promise((asked) => setTimeout(asked, 120)); // what a form says of its fields comes some frames later
      while (document.querySelector('[class*="-enter-active"], [class*="-leave-active"]')) await frame(); // what comes or goes
    });
  }

  /** Opens a page, looks at it, and fails where anything about it is wrong. `name` is the picture's name, as "orders/list". */
  async visit(path: string, name: string): Promise<void> {
    await this.goto(path);
    await this.check(name);
  }

  /** Fails where anything about what is shown is wrong, and leaves a picture of it. */
  async check(name: string, part: Part = 'all'): Promise<void> {
    await this.settled();
    try {
      await this.fits(name);
      await this.accessible(name, part);
      this.clean(name);
    } catch (wrong) {
      await this.picture(name);
      throw wrong;
    }
  }

  /** Fails where something was written to the console as an error, another host was asked, or the server failed. */
  clean(name = ''): void {
    expect(this.wrong, `what went wrong on ${name} ${this.page.url()}`).toEqual([]);
  }

  /** Saves build/screens/APP/NAME-VIEWPORT-LANG-THEME.png. */
  async picture(name: string): Promise<string> {
    const app = new URL(this.page.url()).pathname.startsWith('/desk') ? 'desk' : 'resident';
    const folder = join(output, 'screens', app);
    const { viewport, lang, theme, text } = this.look;
    const file = join(folder, `${name.replaceAll('/', '_')}-${viewport}-${lang}-${theme}${text === 'large' ? '-large' : ''}.png`);
    await mkdir(folder, { recursive: true });
    await this.page.screenshot({ path: file, fullPage: true, animations: 'disabled' });
    return file;
  }

  /** Fails where the page can be scrolled sideways. */
  async fits(name = ''): Promise<void> {
    const [content, window] = await this.page.evaluate(() => [document.documentElement.scrollWidth, document.documentElement.clientWidth]);
    expect(content, `${name} at ${this.page.url()} is wider than the window`).toBeLessThanOrEqual(window!);
  }

  /** Fails where WCAG 2.2 A or AA is violated. */
  async accessible(name = '', part: Part = 'all'): Promise<void> {
    if (!(await this.page.evaluate(() => 'axe' in globalThis))) await this.page.evaluate(axeSource);
    const results = await this.page.evaluate(async (of) => {
      const { axe } = globalThis as unknown as { axe: { run(context: unknown, options: unknown): Promise<AxeResults> } };
      const levels = { type: 'tag', values: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'] };
      const which = of === 'colours' ? { runOnly: { type: 'rule', values: ['color-contrast'] } } : { runOnly: levels, rules: { 'color-contrast': { enabled: of === 'all' } } };
      return axe.run(document, { ...which, resultTypes: ['violations'] });
    }, part);
    const found = results.violations.flatMap((v) => v.nodes.map((n) => `${v.id}: ${n.target.join(' ')} | ${n.html.slice(0, 160)} | ${n.failureSummary?.split('\n')[1]?.trim() ?? ''}`));
    expect(found, `accessibility of ${name} at ${this.page.url()}`).toEqual([]);
  }

  /** Looks at the same page otherwise, without loading it again. */
  async turn(look: Omit<Look, 'lang'>): Promise<void> {
    Object.assign(this.look, look);
    if (look.viewport) await this.page.setViewportSize(viewports[look.viewport]);
    if (look.theme) await this.page.emulateMedia({ colorScheme: look.theme });
    if (look.text) {
      await this.page.evaluate((size) => { // as if chosen in another tab
        localStorage.setItem('redproperty.text', size);
        dispatchEvent(new StorageEvent('storage', { key: 'redproperty.text', newValue: size }));
      }, look.text);
    }
    await this.settled();
  }
}
