import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';

import { useWorld, type Who } from '../harness/world.ts';

/** lighthouse 13 wants a newer Node. */
const version = 'lighthouse@12.8.2';
const world = useWorld();

interface Report {
  audits: Record<string, { numericValue?: number; displayValue?: string }>;
}

// A cheap Chinese phone on a slow line: four times slower than this machine, 1.6 Mbit/s with 150 ms to and fro. Lighthouse's own settings for phones.
it.each([
  { name: 'start page of a resident', path: '/', who: 'owner' as Who, most: 2500 },
  { name: 'log-in', path: '/login', who: 'nobody' as Who, most: 2500 },
])('the $name can be used in time', async ({ name, path, who, most }) => {
  const cookie = who === 'nobody' ? '' : await world.cookie(who);
  const flags = ['--output=json', '--quiet', '--only-audits=interactive,first-contentful-paint,largest-contentful-paint,total-blocking-time,total-byte-weight', '--chrome-flags=--headless=new --no-sandbox --lang=zh-CN --accept-lang=zh-CN',
    ...(cookie ? [`--extra-headers=${JSON.stringify({ Cookie: cookie })}`] : [])];
  const { stdout } = await promisify(execFile)('npx', ['--yes', version, world.url + path, ...flags], { env: { ...process.env, CHROME_PATH: process.env['CHROMIUM'] ?? '/usr/bin/chromium' }, maxBuffer: 64 << 20 });
  const { audits } = JSON.parse(stdout) as Report;
  const value = (audit: string) => Math.round(audits[audit]?.numericValue ?? Number.NaN);
  console.log(`${name}: interactive ${value('interactive')} ms, first words ${value('first-contentful-paint')} ms, largest ${value('largest-contentful-paint')} ms, blocked ${value('total-blocking-time')} ms, ${Math.round(value('total-byte-weight') / 1000)} kB`);
  expect(value('interactive')).toBeLessThanOrEqual(most);
}, 180_000);
