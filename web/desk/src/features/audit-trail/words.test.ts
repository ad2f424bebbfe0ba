import { readdirSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';

import en from './locales/en';
import zh from './locales/zh-CN';

/** What the program writes into the trail, as its source says it. */
const folder = resolve(import.meta.dirname, '../../../../../internal');
const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.go') && !name.endsWith('_test.go'));
const sources = files.map((name) => readFileSync(resolve(folder, name), 'utf8'));
const found = (pattern: RegExp) => [...new Set(sources.flatMap((text) => [...text.matchAll(pattern)].map((m) => m[1]!)))].sort();

const actions = [...found(/\bAction:\s+"([a-z_]+\.[a-z_]+)"/g), ...found(/(?:[rR]ecord|\baudit|entry|noteCommand|noteAudit|recordForm|changeForm|atSeat|changeOrder|revoke|decideDead|startAudit)\w*\(.*?, "([a-z_]+\.[a-z_]+)"/g)];
const steps = found(/^\s+(?:const )?[sS]tep\w+\s+Step\s+= "([a-z_]+)"/gm).concat(found(/^\s+FundStep\w+\s+FundStep = "([a-z_]+)"/gm));
const kinds = [...found(/audit\.Entry\{(?:[^}]|\n)*?ObjectKind: +"([a-z_]+)"/g), ...found(/\.record\(ctx, tx, .*?"[a-z_]+\.[a-z_]+", "([a-z_]+)"/g)];

describe.each([['zh-CN', zh], ['en', en]] as const)('the trail in %s', (_, texts) => {
  it('has a word for every kind of thing', () => {
    expect(kinds.length).toBeGreaterThan(30);
    expect(kinds.filter((kind) => !(kind in texts.kind))).toEqual([]);
  });

  it('has a word for everything that is done', () => {
    expect(actions.length).toBeGreaterThan(100);
    const [about, what] = [actions.map((a) => a.split('.')[0]!), [...actions.map((a) => a.split('.')[1]!), ...steps]];
    expect([about.filter((code) => !(code in texts.about)), what.filter((code) => !(code in texts.what))]).toEqual([[], []]);
  });
});
