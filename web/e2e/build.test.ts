import { readdirSync, readFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';

import { project } from './harness/program.ts';
import { useWorld, type Who } from './harness/world.ts';

const world = useWorld();
afterEach(() => world.closeWindows());

const kilobyte = 1000;

describe.each([
  { app: 'resident', path: '/', who: 'owner' as Who, viewport: 'phone' as const, budget: 180 * kilobyte },
  { app: 'desk', path: '/desk/', who: 'manager' as Who, viewport: 'desktop' as const, budget: 450 * kilobyte },
])('the first load of the $app', ({ path, who, viewport, budget }) => {
  it('stays within its budget of compressed scripts', async () => {
    const screen = await world.screen(who, { viewport });
    await screen.goto(path);
    const scripts = await screen.page.evaluate(() => (performance.getEntriesByType('resource') as PerformanceResourceTiming[]).filter((e) => /\.js$/.test(new URL(e.name).pathname)).map((e) => ({ name: new URL(e.name).pathname, bytes: e.encodedBodySize, whole: e.decodedBodySize })));
    const bytes = scripts.reduce((sum, s) => sum + s.bytes, 0);
    console.log(`${path}: ${scripts.length} scripts, ${(bytes / kilobyte).toFixed(1)} kB of ${budget / kilobyte}`);
    expect(scripts.length).toBeGreaterThan(2);
    expect(scripts.filter((s) => s.whole > 2000 && s.bytes >= s.whole), 'sent uncompressed').toEqual([]);
    expect(bytes).toBeLessThan(budget);
    const asked = await screen.page.evaluate(() => performance.getEntriesByType('resource').filter((e) => e.name.endsWith('/api/v1/account')).length);
    expect(asked, 'times that it is asked who is logged in').toBe(1);
  });
});

describe('what is served', () => {
  const get = (path: string, headers: Record<string, string> = {}) => fetch(world.url + path, { headers, redirect: 'manual' });

  it('lets a page load from its own origin alone, and never be framed', async () => {
    for (const path of ['/', '/desk/', '/desk/places/anything', '/follow/abc', '/login']) {
      const answer = await get(path);
      const policy = answer.headers.get('Content-Security-Policy') ?? '';
      expect(answer.status, path).toBe(200);
      expect(policy, path).toContain("default-src 'none'");
      expect(policy, path).toContain("frame-ancestors 'none'");
      expect(policy, path).not.toMatch(/unsafe|https?:|\*/);
      expect(await answer.text(), path).not.toMatch(/<script(?![^>]*\ssrc=)|\sstyle=|\son[a-z]+=/);
    }
  });

  it('keeps what is named by its content for a year, and asks for pages anew', async () => {
    const page = await get('/');
    expect(page.headers.get('Cache-Control')).toBe('no-cache');
    expect((await get('/', { 'If-None-Match': page.headers.get('ETag')! })).status).toBe(304);
    const script = /type="module"[^>]* src="(\/assets\/[^"]+\.js)"/.exec(await page.text())![1]!;
    const answer = await get(script, { 'Accept-Encoding': 'br' });
    expect(answer.headers.get('Cache-Control')).toBe('public, max-age=31536000, immutable');
    expect(answer.headers.get('Content-Encoding')).toBe('br');
    expect(answer.headers.get('Content-Type')).toContain('javascript');
  });

  it('leaves the API its own answers', async () => {
    for (const path of ['/api/v1/nothing', '/assets/nothing.js', '/desk/assets/nothing.js']) {
      const answer = await get(path, { Accept: 'text/html' });
      expect(answer.status, path).toBe(404);
      expect(answer.headers.get('Content-Type'), path).toBe('application/problem+json');
    }
  });
});

// Addresses that stand in scripts as names or in messages for developers; nothing is asked of them.
const names = /^https?:\/\/(?:www\.w3\.org|vuejs\.org|router\.vuejs\.org|pinia\.vuejs\.org|vue-i18n\.intlify\.dev|element-plus\.org|github\.com\/(?:vuejs|element-plus|apache)|echarts\.apache\.org|localhost)(?:[/"'`]|$)/;

describe('the build', () => {
  const dist = join(project, 'web/dist');
  const files = readdirSync(dist, { recursive: true, encoding: 'utf8' }).filter((f) => ['.js', '.css', '.html', '.webmanifest'].includes(extname(f)));

  it('names no other host', () => {
    const found = files.flatMap((f) => {
      const text = readFileSync(join(dist, f), 'utf8');
      const addresses = [...text.matchAll(/https?:\/\/[a-z0-9][^\s"'`)\\<>]*/gi)].map((m) => m[0]);
      const relative = f.endsWith('.css') ? [...text.matchAll(/url\(["']?\/\/[^)]*/g)].map((m) => m[0]) : [];
      return [...addresses.filter((a) => !names.test(a)), ...relative].map((a) => `${f}: ${a.slice(0, 100)}`);
    });
    expect(files.length).toBeGreaterThan(10);
    expect([...new Set(found)]).toEqual([]);
  });

  it('carries no map of the sources and no name of this machine', () => {
    const found = readdirSync(dist, { recursive: true, encoding: 'utf8' }).filter((f) => f.endsWith('.map'));
    expect(found).toEqual([]);
    expect(files.filter((f) => readFileSync(join(dist, f), 'utf8').includes(project))).toEqual([]);
  });
});
