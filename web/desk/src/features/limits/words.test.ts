import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { expect, it } from 'vitest';

import en from './locales/en';
import zh from './locales/zh-CN';

const rules = readFileSync(resolve(import.meta.dirname, '../../../../../configs/ratelimits.yaml'), 'utf8');

it.each([['zh-CN', zh], ['en', en]] as const)('has a word in %s for every limit', (_, texts) => {
  const limits = [...rules.matchAll(/^ {2}([a-z_]+):$/gm)].map((m) => m[1]!);
  expect(limits.length).toBeGreaterThan(20);
  expect(limits.filter((limit) => !(limit in texts.name))).toEqual([]);
});
